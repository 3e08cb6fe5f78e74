package io.github.convlens.trace;

import io.github.convlens.layer.Printable;
import io.github.convlens.layer.ShapeText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Which columns a table has, and how wide they are. */
final class TableLayout {
  private static final String GAP = "  ";

  private static final Pattern SQUARE = Pattern.compile("=\\((\\d+), \\1\\)");

  /** A notation is not cut below this while numbers can be shortened instead. */
  private static final int COMFORTABLE = 24;

  /** A path or a notation is not cut below this while a column can be given up instead. */
  private static final int READABLE = 16;

  /** The first of the choices whose numbers are rounded. */
  private static final int ROUNDED = 2;

  /** One column: its title, its cells, on which side they stand, and what to cut. */
  private record Column(String title, Function<Row, String> cell, Side side, int width) {
    static Column of(String title, Function<Row, String> cell, Side side, Trace trace) {
      int width = title.length();
      for (Row row : trace.rows()) {
        width = Math.max(width, cell.apply(row).length());
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

  private TableLayout(Column path, Column layer, List<Column> numbers) {
    columns = new ArrayList<>(List.of(path, layer));
    columns.addAll(numbers);
  }

  /** The most telling layout that fits into the given number of characters. */
  static TableLayout fitting(Trace trace, int available) {
    Column path =
        Column.of("path", row -> Printable.line(row.path()), Side.LEFT_CUT_IN_FRONT, trace);
    Column full =
        Column.of("layer", row -> Printable.line(row.notation()), Side.LEFT_CUT_BEHIND, trace);
    List<List<Column>> choices = choices(trace);
    if (path.width + full.width <= room(available, choices.get(0))) {
      return new TableLayout(path, full, choices.get(0));
    }
    Column brief = Column.of("layer", TableLayout::abbreviated, Side.LEFT_CUT_BEHIND, trace);
    for (int i = 0; i < choices.size(); i++) {
      int room = room(available, choices.get(i));
      int leastLayer = Math.min(i < ROUNDED ? COMFORTABLE : READABLE, brief.width);
      int leastPath = Math.min(READABLE, path.width);
      if (leastLayer + leastPath <= room) {
        int pathWidth = Math.min(path.width, Math.max(leastPath, room - brief.width));
        int layerWidth = Math.min(brief.width, room - pathWidth);
        return new TableLayout(
            path.narrowed(pathWidth), brief.narrowed(layerWidth), choices.get(i));
      }
    }
    List<Column> fewest = choices.get(choices.size() - 1);
    int half = Math.max(1, room(available, fewest) / 2);
    return new TableLayout(path.narrowed(half), brief.narrowed(half), fewest);
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
    int missing = width - text.length();
    if (missing >= 0) {
      return side == Side.RIGHT ? " ".repeat(missing) + text : text + " ".repeat(missing);
    }
    String dots = "..".substring(0, Math.min(2, width));
    int kept = width - dots.length();
    return side == Side.LEFT_CUT_IN_FRONT
        ? dots + text.substring(text.length() - kept)
        : text.substring(0, kept) + dots;
  }

  /** {@code Conv2d(3, 64, k=7, s=2, p=3)}: PyTorch's notation with short names, 3 for (3, 3). */
  static String abbreviated(Row row) {
    return SQUARE
        .matcher(Printable.line(row.notation()))
        .replaceAll("=$1")
        .replace("kernel_size=", "k=")
        .replace("stride=", "s=")
        .replace("padding=", "p=")
        .replace("dilation=", "d=")
        .replace("groups=", "g=")
        .replace("in_features=", "")
        .replace("out_features=", "")
        .replace(", bias=False", "");
  }
}
