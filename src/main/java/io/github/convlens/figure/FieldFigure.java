package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.graph.Edge;
import io.github.convlens.language.Language;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Seen;
import io.github.convlens.trace.Trace;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** What an output cell sees of the input, to scale. */
final class FieldFigure {
  private static final double SIDE = 340;
  private static final double OUTPUT_SIDE = 120;
  private static final double GAP = 64;

  /** Inputs up to this size show their cells. */
  private static final long MOST_CELLS = 48;

  /** Areas that are drawn one by one. */
  private static final long MOST_AREAS = 4096;

  private final Language language;
  private final Trace trace;
  private final long row;
  private final long column;
  private final Seen seen;
  private final Extent rows;
  private final Extent columns;
  private final List<String> notes;

  private FieldFigure(Language language, Trace trace, long row, long column, List<String> notes) {
    this.language = language;
    this.trace = trace;
    this.row = row;
    this.column = column;
    this.notes = new ArrayList<>(notes);
    this.seen =
        Seen.of(trace.network(), trace.network().graph().outputs().get(0), List.of(row, column));
    this.rows = extent(seen.on(Axis.HEIGHT));
    this.columns = extent(seen.on(Axis.WIDTH));
    if (!seen.exact()) {
      this.notes.add(
          language.say("What it reads is not told apart: all that it may read is drawn."));
    }
  }

  private static Extent extent(Seen.Positions positions) {
    return positions.isEmpty()
        ? new Extent(0, 0)
        : new Extent(positions.first(), positions.last() + 1);
  }

  static Drawing of(Language language, Trace trace, long row, long column) {
    return of(language, trace, row, column, List.of());
  }

  static Drawing of(Language language, Trace trace, long row, long column, List<String> notes) {
    if (trace.rows().isEmpty()) {
      throw new FigureException(
          "a receptive field is that of a layer", "There are 0 layers.", "Use one or more.");
    }
    if (trace.input().dimension() != 4) {
      throw FigureException.noPicture(trace.input());
    }
    WindowLayer.checkCell(outputs(trace, Axis.HEIGHT), outputs(trace, Axis.WIDTH), row, column);
    return new FieldFigure(language, trace, row, column, notes).draw();
  }

  private static Extent outputs(Trace trace, Axis axis) {
    Shape output = trace.output();
    return new Extent(0, output.dimension() == 4 ? axis.of(output) : 1);
  }

  private Drawing draw() {
    Sketch body = new Sketch();
    Sketch input = input();
    Rectangle2D.Double left = input.room();
    body.add(input, 0, 0);
    double x = left.getMaxX() + GAP;
    body.arrow(left.getMaxX() + 14, SIDE / 3, x - 14, SIDE / 3);
    body.add(output(), x, SIDE / 3 - outputHeight() / 2);
    return new Card(language, title(), legend(), sentences(), notes).around(body);
  }

  /** What it is, with the layer whose output it is where there are several. */
  private String title() {
    Edge output = trace.network().graph().outputs().get(0);
    String input = size(trace.input());
    if (trace.rows().size() > 1 && output instanceof Edge.OfNode from) {
      Row last = trace.rows().get(from.node());
      if (!last.path().isEmpty()) {
        return language.say(
            "What %s of %s (%s) sees of the input %s", cell(), last.path(), last.type(), input);
      }
    }
    return language.say("What %s sees of the input %s", cell(), input);
  }

  private Sketch input() {
    Extent high = new Extent(0, trace.input().get(2));
    Extent wide = new Extent(0, trace.input().get(3));
    Extent down = shown(Axis.HEIGHT, high, rows);
    Extent across = shown(Axis.WIDTH, wide, columns);
    double scale = SIDE / Math.max(down.size(), across.size());
    Grid grid = new Grid(down, across, scale);
    Sketch sketch = new Sketch();
    boolean cells = Math.max(down.size(), across.size()) <= MOST_CELLS;
    grid.area(sketch, Role.PADDING, down, across);
    if (cells) {
      new Grid(down, across, scale).cells(sketch, (r, c) -> role(r, c, high, wide));
      grid.indices(sketch);
    } else {
      List<Area> areas = areas();
      areas.forEach(area -> grid.area(sketch, Role.READ_PADDING, area.down, area.across));
      grid.area(sketch, Role.INPUT, high, wide);
      areas.forEach(
          area -> grid.area(sketch, Role.READ, area.down.clip(high), area.across.clip(wide)));
      edges(sketch, grid, high, wide);
    }
    grid.area(sketch, Role.WINDOW, rows, columns);
    grid.tear(sketch, high.union(rows), wide.union(columns));
    sketch.label(
        Role.TEXT,
        Lettering.HEADING,
        Anchor.LEFT,
        0,
        -26,
        language.say("input %s", size(trace.input())));
    return sketch;
  }

  private Role role(long r, long c, Extent high, Extent wide) {
    boolean inside = high.contains(r) && wide.contains(c);
    if (seen.reads(List.of(r, c))) {
      return inside ? Role.READ : Role.READ_PADDING;
    }
    return inside ? Role.INPUT : Role.PADDING;
  }

  /** Rows and columns that are read, all of them. */
  private record Area(Extent down, Extent across) {}

  /** The areas that are read; where they are too many to be drawn, the one around them. */
  private List<Area> areas() {
    long number =
        seen.boxes().stream()
            .mapToLong(box -> (long) box.get(0).ranges().size() * box.get(1).ranges().size())
            .sum();
    if (number > MOST_AREAS) {
      notes.add(language.say("The holes between what is read are too many to be drawn."));
      return List.of(new Area(rows, columns));
    }
    List<Area> areas = new ArrayList<>();
    for (List<Seen.Positions> box : seen.boxes()) {
      for (Seen.Positions.Range down : box.get(0).ranges()) {
        for (Seen.Positions.Range across : box.get(1).ranges()) {
          areas.add(
              new Area(new Extent(down.from(), down.to()), new Extent(across.from(), across.to())));
        }
      }
    }
    return areas;
  }

  /** The first and last row and column of the input, beside it. */
  private static void edges(Sketch sketch, Grid grid, Extent high, Extent wide) {
    edge(sketch, grid.x(0), grid.x(wide.to()), wide, -6);
    String first = "0";
    String last = Long.toString(high.to() - 1);
    double top = grid.y(0) + Lettering.SMALL.ascent();
    double bottom = grid.y(high.to());
    sketch.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, -6, top, first);
    if (bottom - top > Lettering.SMALL.lineHeight()) {
      sketch.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, -6, bottom, last);
    }
  }

  private static void edge(Sketch sketch, double from, double to, Extent wide, double baseline) {
    String last = Long.toString(wide.to() - 1);
    sketch.label(Role.QUIET, Lettering.SMALL, Anchor.LEFT, from, baseline, "0");
    if (to - from > Lettering.SMALL.width("0" + last) + 8) {
      sketch.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, to, baseline, last);
    }
  }

  /** The input and the field, but no more than one input's length on either side. */
  private Extent shown(Axis axis, Extent input, Extent field) {
    Extent all = input.union(field);
    Extent most = new Extent(-input.to(), 2 * input.to());
    if (all.clip(most).equals(all)) {
      return all;
    }
    notes.add(
        language.say(
            "It sees more %s than are drawn, beyond the torn edges.", language.say(axis.lines())));
    return all.clip(most);
  }

  private Sketch output() {
    Sketch sketch = new Sketch();
    String size = language.say("output %s", size(trace.output()));
    sketch.label(Role.TEXT, Lettering.HEADING, Anchor.LEFT, 0, -10, size);
    Grid grid = outputGrid();
    Extent down = outputs(trace, Axis.HEIGHT);
    Extent across = outputs(trace, Axis.WIDTH);
    if (grid.cell() >= 5) {
      grid.cells(sketch, (r, c) -> Role.OUTPUT);
    } else {
      grid.area(sketch, Role.OUTPUT, down, across);
    }
    double side = Math.max(grid.cell(), 4);
    double x = Math.min(grid.x(column), grid.width() - side);
    double y = Math.min(grid.y(row), grid.height() - side);
    sketch.box(Role.MADE, Math.max(0, x), Math.max(0, y), side, side);
    return sketch;
  }

  private Grid outputGrid() {
    Extent down = outputs(trace, Axis.HEIGHT);
    Extent across = outputs(trace, Axis.WIDTH);
    double longest = Math.max(down.size(), across.size());
    return new Grid(down, across, Math.min(26, OUTPUT_SIDE / longest));
  }

  private double outputHeight() {
    return outputGrid().height();
  }

  private List<Meaning> legend() {
    List<Meaning> keys = new ArrayList<>();
    keys.add(new Meaning(Role.READ, language.say("seen")));
    if (!rows.clip(new Extent(0, trace.input().get(2))).equals(rows)
        || !columns.clip(new Extent(0, trace.input().get(3))).equals(columns)) {
      keys.add(new Meaning(Role.READ_PADDING, language.say("padding that is seen")));
    }
    keys.add(new Meaning(Role.MADE, cell()));
    return keys;
  }

  private List<String> sentences() {
    long height = trace.input().get(2);
    long width = trace.input().get(3);
    Extent down = rows.clip(new Extent(0, height));
    Extent across = columns.clip(new Extent(0, width));
    long spanned = Exact.multiply(down.size(), across.size());
    long read = seen.count(trace.input());
    List<String> lines = new ArrayList<>();
    lines.add(
        language.say(
            "Its receptive field is %dx%d: rows %s, columns %s.",
            rows.size(), columns.size(), rows.in(language), columns.in(language)));
    lines.add(
        down.size() == 0 || across.size() == 0
            ? language.say("All of it is padding.")
            : language.say(
                "Of the input it sees %dx%d: rows %s, columns %s.",
                down.size(), across.size(), down.in(language), across.in(language)));
    if (read < spanned) {
      lines.add(language.say("There are holes: it reads %d of these %d pixels.", read, spanned));
    }
    if (trace.output().dimension() != 4) {
      lines.add(language.say("The output is no picture; all of its numbers see the same."));
    }
    return lines;
  }

  private String cell() {
    return trace.output().dimension() == 4
        ? language.say("output (%d, %d)", row, column)
        : language.say("an output");
  }

  private static String size(Shape shape) {
    return ShapeText.crossed(shape.slice(shape.dimension() == 4 && shape.get(1) == 1 ? 2 : 1));
  }
}
