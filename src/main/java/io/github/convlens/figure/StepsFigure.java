package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import io.github.convlens.layer.LayerSpec;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A contact sheet of the window's steps. */
final class StepsFigure {
  /** Steps that are drawn. */
  private static final int MOST = 16;

  /** Steps that are drawn of long axes. */
  private static final int MOST_PARTS = 9;

  /** An axis with more positions is long. */
  private static final int LONG = 12;

  /** Positions on an axis that are drawn, unless the window has more. */
  private static final int LONGEST = 16;

  private static final double SHEET_WIDTH = 1040;
  private static final double GAP = 26;

  private final Language language;
  private final WindowLayer layer;
  private final Set<Role> used = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();

  private StepsFigure(Language language, WindowLayer layer) {
    this.language = language;
    this.layer = layer;
  }

  static Drawing of(Language language, LayerSpec spec, Shape input) {
    WindowLayer layer = WindowLayer.of(spec, input);
    WindowFigure.checkSpan(layer);
    return new StepsFigure(language, layer).draw();
  }

  private Drawing draw() {
    long rows = layer.height().output().size();
    long columns = layer.width().output().size();
    int most = layer.longestAxis() > LONG ? MOST_PARTS : MOST;
    Sketch body = new Sketch();
    double x = 0;
    double y = 0;
    double lineHeight = 0;
    int drawn = 0;
    for (long row = 0; row < rows && drawn < most; row++) {
      for (long column = 0; column < columns && drawn < most; column++, drawn++) {
        Sketch step = step(row, column);
        Rectangle2D.Double room = step.room();
        boolean startsRow = column == 0 && columns * (room.width + GAP) <= SHEET_WIDTH;
        if (x > 0 && (x + room.width > SHEET_WIDTH || startsRow)) {
          x = 0;
          y += lineHeight + 10;
        }
        body.add(step, x - room.x, y - room.y);
        x += room.width + GAP;
        lineHeight = room.height;
      }
    }
    if (Math.multiplyHigh(rows, columns) != 0 || rows * columns > drawn) {
      notes.add(language.say("Drawn are the first %d of %dx%d steps.", drawn, rows, columns));
    }
    if (layer.longestAxis() > LONGEST) {
      notes.add(language.say("Each shows the part around the window."));
    }
    return new Card(language, layer.row().notation(), legend(), List.of(), notes).around(body);
  }

  private List<Meaning> legend() {
    return layer.meanings(language, used, language.say("the output that it makes"));
  }

  /** The padded input with the window on it, and the output beside it. */
  private Sketch step(long row, long column) {
    WindowAxis down = layer.height();
    WindowAxis across = layer.width();
    CellRoles roles = CellRoles.of(down, across, row, column);
    double cell = cell();
    Extent overRows = down.window(row).orElse(new Extent(0, 1));
    Extent overColumns = across.window(column).orElse(new Extent(0, 1));
    Grid input =
        new Grid(
            down.padded().around(overRows, LONGEST, LONGEST),
            across.padded().around(overColumns, LONGEST, LONGEST),
            cell);
    Grid output =
        new Grid(
            down.output().around(new Extent(row, row + 1), LONGEST, LONGEST),
            across.output().around(new Extent(column, column + 1), LONGEST, LONGEST),
            cell);
    Sketch made = new Sketch();
    output.cells(made, (r, c) -> use(roles.output(r, c)));
    Sketch sketch = new Sketch();
    input.cells(sketch, (r, c) -> use(roles.input(r, c)));
    if (down.window(row).isPresent() && across.window(column).isPresent()) {
      input.area(sketch, Role.WINDOW, overRows, overColumns);
    }
    input.tear(sketch, down.padded(), across.padded());
    output.tear(made, down.output(), across.output());
    input.indices(sketch);
    output.indices(made);
    sketch.add(made, input.width() + 32, 0);
    String name = language.say("output (%d, %d)", row, column);
    sketch.label(Role.TEXT, Lettering.SMALL, Anchor.LEFT, 0, -20, name);
    return sketch;
  }

  private Role use(Role role) {
    used.add(role);
    return role;
  }

  private double cell() {
    return layer.longestAxis() <= 10 ? 13 : layer.longestAxis() <= 20 ? 9 : 8;
  }
}
