package io.github.convlens.trace;

import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.internal.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which columns a table has, and how wide they are. */
final class TableLayout {
  private static final String GAP = "  ";

  /** A window up to this is shown whole where a column can be given up or rounded instead. */
  private static final int WHOLE = 40;

  /** A path or a notation is not cut below this while a column can be given up instead. */
  private static final int READABLE = 14;

  /** The first of the choices of columns that have no stride. */
  private static final int WITHOUT_STRIDE = 3;

  /** One column: its title, its cells, on which side they stand, and what to cut. */
  private record Column(String title, Function<Row, String> cell, Side side, int width) {
    static Column of(String title, Function<Row, String> cell, Side side, Trace trace) {
      int width = title.length();
      for (Row row : trace.rows()) {
        width = Math.max(width, Printable.width(cell.apply(row)));
      }
      return new Column(title, cell, side, width);
    }

    Column narrowed(int newWidth) {
      return new Column(title, cell, side, newWidth);
    }
  }

  /** Where a cell's text stands, and which end may be cut off. */
  private enum Side {
    LEFT_CUT_IN_FRONT,
    LEFT_CUT_BEHIND,
    RIGHT
  }

  private final List<Column> columns;
  private final List<String> leftOut;
  private final int whole;

  private TableLayout(
      Column path, Column layer, List<Column> numbers, List<String> all, int whole) {
    columns = new ArrayList<>(List.of(path, layer));
    columns.addAll(numbers);
    leftOut = all.subList(numbers.size(), all.size());
    this.whole = whole;
  }

  /** The most telling layout that fits into the given number of columns. */
  static TableLayout fitting(Trace trace, int available) {
    Column path =
        Column.of("path", row -> Printable.line(row.path()), Side.LEFT_CUT_IN_FRONT, trace);
    Column full =
        Column.of("layer", row -> Printable.line(row.notation()), Side.LEFT_CUT_BEHIND, trace);
    List<List<Column>> choices = choices(trace);
    List<String> all = choices.get(0).stream().map(Column::title).toList();
    Column brief = Column.of("layer", Texts::abbreviated, Side.LEFT_CUT_BEHIND, trace);
    Column tight = Column.of("layer", TableLayout::tight, Side.LEFT_CUT_BEHIND, trace);
    int whole = available - room(available, choices.get(0)) + path.width + brief.width;
    if (path.width + full.width <= room(available, choices.get(0))) {
      return new TableLayout(path, full, choices.get(0), all, whole);
    }
    for (int i = 0; i < choices.size() - 1; i++) {
      List<Column> choice = choices.get(i);
      int room = room(available, choice);
      for (Column layer : i < WITHOUT_STRIDE ? List.of(brief) : List.of(brief, tight)) {
        int least = least(layer, trace);
        if (least + Math.min(path.width, READABLE) <= room) {
          return split(path, layer, choice, all, room, least, whole);
        }
      }
    }
    List<Column> fewest = choices.get(choices.size() - 1);
    int room = room(available, fewest);
    int half = Math.max(1, room / 2);
    return split(path.narrowed(Math.min(path.width, half)), tight, fewest, all, room, half, whole);
  }

  /** The least width of the notations: kernels, strides and paddings of all windows are seen. */
  private static int least(Column layer, Trace trace) {
    int least = Math.min(READABLE, layer.width);
    for (Row row : trace.rows()) {
      if (row.layer().taps().isPresent()) {
        least = Math.max(least, Printable.width(layer.cell.apply(row)));
      }
    }
    return Math.min(WHOLE, least);
  }

  /** Gives the windows their room, then the paths, and the other notations what is left. */
  private static TableLayout split(
      Column path,
      Column layer,
      List<Column> numbers,
      List<String> all,
      int room,
      int least,
      int whole) {
    int readable = Math.min(READABLE, path.width);
    int pathWidth = Math.min(path.width, Math.max(readable, room - least));
    int layerWidth = Math.min(layer.width, room - pathWidth);
    return new TableLayout(
        path.narrowed(pathWidth), layer.narrowed(layerWidth), numbers, all, whole);
  }

  /** {@code stride, start}: the columns that there was no room for; empty if there are none. */
  String leftOut() {
    return String.join(", ", leftOut);
  }

  /** The least number of columns that all of them fit into. */
  int whole() {
    return whole;
  }

  /** What the numbers leave for path and layer. */
  private static int room(int available, List<Column> numbers) {
    int room = available - GAP.length();
    for (Column column : numbers) {
      room -= column.width + GAP.length();
    }
    return room;
  }

  /** Sets of columns beside path and layer, from the widest to the narrowest. */
  private static List<List<Column>> choices(Trace trace) {
    Column output = right("output", row -> ShapeText.crossed(row.output()), trace);
    Column parameters = right("parameters", row -> Texts.count(row.parameters()), trace);
    Column macs = right(Texts.costName(trace), row -> Texts.count(row.cost()), trace);
    Column rounded = right("params", row -> Texts.compact(row.parameters()), trace);
    Column roundedMacs = right("MACs", row -> Texts.compact(row.cost()), trace);
    Column field = right("field", row -> Texts.fieldSize(row.receptiveField()), trace);
    Column stride = right("stride", row -> Texts.fieldStride(row.receptiveField()), trace);
    Column start = right("start", row -> Texts.fieldStart(row.receptiveField()), trace);
    return List.of(
        List.of(output, parameters, macs, field, stride, start),
        List.of(output, parameters, macs, field, stride),
        List.of(output, rounded, roundedMacs, field, stride),
        List.of(output, rounded, roundedMacs, field),
        List.of(output, rounded, roundedMacs),
        List.of(output, rounded),
        List.of(output));
  }

  private static Column right(String title, Function<Row, String> cell, Trace trace) {
    return Column.of(title, cell, Side.RIGHT, trace);
  }

  String header() {
    return cells(Column::title);
  }

  String line(Row row) {
    return cells(column -> column.cell.apply(row));
  }

  private String cells(Function<Column, String> texts) {
    StringBuilder line = new StringBuilder();
    for (Column column : columns) {
      line.append(line.isEmpty() ? "" : GAP);
      line.append(fitted(texts.apply(column), column.width, column.side));
    }
    return line.toString().stripTrailing();
  }

  private static String fitted(String text, int width, Side side) {
    int missing = width - Printable.width(text);
    if (missing >= 0) {
      return side == Side.RIGHT ? " ".repeat(missing) + text : text + " ".repeat(missing);
    }
    String dots = "..".substring(0, Math.min(2, width));
    boolean inFront = side == Side.LEFT_CUT_IN_FRONT;
    String kept = inFront ? end(text, width - dots.length()) : start(text, width - dots.length());
    String space = " ".repeat(width - dots.length() - Printable.width(kept));
    return inFront ? dots + kept + space : kept + dots + space;
  }

  /** As much as the columns take of the beginning of a text that is wider. */
  private static String start(String text, int width) {
    int end = 0;
    int next = 0;
    while (Printable.width(text.substring(0, next)) <= width) {
      end = next;
      next = text.offsetByCodePoints(next, 1);
    }
    return text.substring(0, end);
  }

  /** As much of its end. */
  private static String end(String text, int width) {
    int start = text.length();
    int next = start;
    while (Printable.width(text.substring(next)) <= width) {
      start = next;
      next = text.offsetByCodePoints(next, -1);
    }
    return text.substring(start);
  }

  /** The layer without spaces: {@code Conv2d(3,64,k=7,s=2,p=3)}. */
  private static String tight(Row row) {
    return Texts.abbreviated(row).replace(", ", ",");
  }
}
