package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Unread;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The window on the padded input, and the output cell that it makes. */
final class WindowFigure {
  /** Positions on an axis that are drawn as cells. */
  static final int MOST = 32;

  /** Positions around the window that are drawn of a longer axis. */
  private static final int FEWER = 24;

  private static final int SMALL_MOST = 14;
  private static final int SMALL_FEWER = 12;

  private static final double GAP = 64;

  private final Language language;
  private final WindowLayer layer;
  private final long row;
  private final long column;
  private final int most;
  private final int fewer;
  private final Set<Role> used = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();

  private WindowFigure(Language language, WindowLayer layer, long row, long column) {
    this(language, layer, row, column, MOST, FEWER);
  }

  private WindowFigure(
      Language language, WindowLayer layer, long row, long column, int most, int fewer) {
    this.language = language;
    this.layer = layer;
    this.row = row;
    this.column = column;
    this.most = most;
    this.fewer = fewer;
  }

  /** One of two that stand below each other. */
  static WindowFigure small(Language language, WindowLayer layer, long row, long column) {
    return new WindowFigure(language, layer, row, column, SMALL_MOST, SMALL_FEWER);
  }

  static Drawing of(Language language, LayerSpec layer, Shape input, long row, long column) {
    WindowLayer window = WindowLayer.of(layer, input);
    window.checkCell(row, column);
    if (window.longestSpan() > MOST) {
      String note =
          language.say(
              "The window spans %d positions, more than the %d that are drawn as cells, so it is"
                  + " drawn to scale.",
              window.longestSpan(), MOST);
      return FieldFigure.of(language, window.trace(), row, column, List.of(note));
    }
    return frame(language, window, row, column, Set.of(), List.of());
  }

  /** Rejects a window that is too large to be drawn as cells. */
  static void checkSpan(WindowLayer layer) {
    if (layer.longestSpan() > MOST) {
      throw new FigureException(
          "the steps of this window are too large to draw",
          "It spans " + layer.longestSpan() + " positions; at most " + MOST + " are drawn.",
          "Draw a single window instead, which falls back to a drawing to scale.");
    }
  }

  /** What the cells stand for. */
  static Set<Role> roles(WindowLayer layer, long row, long column) {
    WindowFigure figure = new WindowFigure(Language.ENGLISH, layer, row, column);
    figure.body();
    return figure.used;
  }

  /**
   * The figure.
   *
   * @param more what the legend explains, besides what is drawn
   * @param notes notes besides its own
   */
  static Drawing frame(
      Language language,
      WindowLayer layer,
      long row,
      long column,
      Set<Role> more,
      List<String> notes) {
    WindowFigure figure = new WindowFigure(language, layer, row, column);
    Sketch body = figure.body();
    figure.used.addAll(more);
    figure.notes.addAll(notes);
    return new Card(language, layer.row().notation(), figure.legend(), figure.lines(), figure.notes)
        .around(body);
  }

  List<String> notes() {
    return notes;
  }

  Sketch body() {
    Sketch input = input();
    Sketch output = output();
    Rectangle2D.Double left = input.room();
    Rectangle2D.Double right = output.room();
    Sketch body = new Sketch();
    double middle = Math.max(left.getMaxY(), right.getMaxY()) / 2;
    double down = Math.max(0, (left.getMaxY() - right.getMaxY()) / 2);
    body.add(input, 0, Math.max(0, (right.getMaxY() - left.getMaxY()) / 2));
    body.add(output, left.getMaxX() + GAP - right.x, down);
    body.arrow(left.getMaxX() + 14, middle, left.getMaxX() + GAP - 14, middle);
    return body;
  }

  private Sketch input() {
    WindowAxis down = layer.height();
    WindowAxis across = layer.width();
    Extent overRows = down.window(row).orElse(new Extent(0, 1));
    Extent overColumns = across.window(column).orElse(new Extent(0, 1));
    Extent rows = down.padded().around(overRows, most, fewer);
    Extent columns = across.padded().around(overColumns, most, fewer);
    noteParts(language.say("padded input"), down.padded(), rows, across.padded(), columns);
    CellRoles roles = CellRoles.of(down, across, row, column);
    Grid grid = new Grid(rows, columns, cell());
    Sketch sketch = new Sketch();
    grid.cells(sketch, (r, c) -> use(roles.input(r, c)));
    if (isReached()) {
      grid.area(sketch, Role.WINDOW, overRows, overColumns);
    }
    grid.tear(sketch, down.padded(), across.padded());
    head(sketch, grid, language.say("input %s", size(layer.row().input())));
    return sketch;
  }

  private Sketch output() {
    WindowAxis down = layer.height();
    WindowAxis across = layer.width();
    Extent spreadRows = spread(down, row);
    Extent spreadColumns = spread(across, column);
    Extent rows = down.full().around(spreadRows, most, fewer);
    Extent columns = across.full().around(spreadColumns, most, fewer);
    noteParts(language.say("output"), down.full(), rows, across.full(), columns);
    CellRoles roles = CellRoles.of(down, across, row, column);
    Grid grid = new Grid(rows, columns, cell());
    Sketch sketch = new Sketch();
    grid.cells(sketch, (r, c) -> use(roles.output(r, c)));
    if (layer.isTransposed() && isReached()) {
      grid.area(sketch, use(Role.SPREAD), spreadRows, spreadColumns);
    }
    grid.tear(sketch, down.full(), across.full());
    head(sketch, grid, language.say("output %s", size(layer.row().output())));
    return sketch;
  }

  /**
   * The outputs from the first to the last one that the first of the inputs which make this cell
   * goes to; the cell itself for other layers.
   */
  private Extent spread(WindowAxis axis, long cell) {
    long[] inputs = axis.read(cell);
    return inputs.length == 0 || !layer.isTransposed()
        ? new Extent(cell, cell + 1)
        : axis.spread(inputs[0]);
  }

  private void noteParts(String of, Extent rows, Extent drawnRows, Extent columns, Extent drawn) {
    List<String> parts = new ArrayList<>();
    if (!drawnRows.equals(rows)) {
      parts.add(language.say("rows %s of %s", drawnRows.in(language), rows.in(language)));
    }
    if (!drawn.equals(columns)) {
      parts.add(language.say("columns %s of %s", drawn.in(language), columns.in(language)));
    }
    if (!parts.isEmpty()) {
      String both =
          parts.size() == 1 ? parts.get(0) : language.say("%s and %s", parts.get(0), parts.get(1));
      notes.add(language.say("Drawn are %s of the %s.", both, of));
    }
  }

  /** Whether any input has a part in the output. */
  private boolean isReached() {
    return layer.height().read(row).length > 0 && layer.width().read(column).length > 0;
  }

  private String firstInput() {
    return "(" + layer.height().read(row)[0] + ", " + layer.width().read(column)[0] + ")";
  }

  private double cell() {
    long longest = Math.min(most, layer.longestAxis());
    return longest <= 12 ? 26 : longest <= 20 ? 20 : 16;
  }

  private static void head(Sketch sketch, Grid grid, String text) {
    grid.indices(sketch);
    sketch.label(Role.TEXT, Lettering.HEADING, Anchor.LEFT, 0, -26, text);
  }

  private Role use(Role role) {
    used.add(role);
    return role;
  }

  List<Meaning> legend() {
    List<Meaning> keys =
        new ArrayList<>(
            layer.meanings(language, used, language.say("the output (%d, %d)", row, column)));
    if (used.contains(Role.SPREAD) && isReached()) {
      keys.add(new Meaning(Role.SPREAD, language.say("where input %s goes", firstInput())));
    }
    return keys;
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(sentence());
    for (Axis axis : Axis.of(2)) {
      formula(axis).ifPresent(lines::add);
    }
    return lines;
  }

  /** The formula of an axis with its numbers, and what no window reads. */
  private Optional<String> formula(Axis axis) {
    Row traced = layer.row();
    return traced
        .layer()
        .formula(axis, traced.input())
        .map(this::words)
        .map(formula -> language.say("%s: %s", language.say(axis.toString()), formula))
        .map(
            formula ->
                traced
                    .unread(axis)
                    .map(unread -> language.say("%s; %s", formula, unread(unread)))
                    .orElse(formula));
  }

  /** The words among the numbers of a formula. */
  private String words(String formula) {
    return formula
        .replace("span = ", language.say("span = "))
        .replace(
            " (a window must not start behind the input)",
            language.say(" (a window must not start behind the input)"));
  }

  private String unread(Unread unread) {
    String lines = language.say(unread.axis().lines());
    long positions = unread.positions();
    if (unread.atEnd() == 0) {
      return language.say("%d of %d %s unread", positions, unread.size(), lines);
    }
    return unread.atEnd() == positions
        ? language.say(
            "%d of %d %s unread, all of them behind the last window",
            positions, unread.size(), lines)
        : language.say(
            "%d of %d %s unread, %d of them behind the last window",
            positions, unread.size(), lines, unread.atEnd());
  }

  String sentence() {
    long[] rows = layer.height().read(row);
    long[] columns = layer.width().read(column);
    if (rows.length == 0 || columns.length == 0) {
      return language.say(
          "Output (%d, %d) is reached by no input: it is the bias alone.", row, column);
    }
    return language.say(
        "Output (%d, %d) reads %s and %s.",
        row,
        column,
        rows.length == 1
            ? language.say("row %s", positions(rows))
            : language.say("rows %s", positions(rows)),
        columns.length == 1
            ? language.say("column %s", positions(columns))
            : language.say("columns %s", positions(columns)));
  }

  /** {@code 3 to 7}, or {@code 0, 2, 4} where there are gaps. */
  private String positions(long[] positions) {
    Extent all = new Extent(positions[0], positions[positions.length - 1] + 1);
    return all.size() == positions.length
        ? all.in(language)
        : language.list(Arrays.stream(positions).mapToObj(Long::toString).toList());
  }

  /** Channels only where there are several: {@code 8x8}, {@code 3x224x224}. */
  private static String size(Shape shape) {
    return ShapeText.crossed(shape.get(1) == 1 ? shape.slice(2) : shape.slice(1));
  }
}
