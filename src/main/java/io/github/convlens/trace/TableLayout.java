package io.github.convlens.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Which columns a table has, and how wide they are. */
final class TableLayout {
  private static final String GAP = "  ";

  /** A path or a notation is not cut below this while a column can be given up instead. */
  private static final int READABLE = 16;

  /** One column: its title, its cells, on which side they stand, and what to cut. */
  private record Column(String title, Function<Row, String> cell, Side side) {
    int width(Trace trace) {
      int width = title.length();
      for (Row row : trace.rows()) {
        width = Math.max(width, cell.apply(row).length());
      }
      return width;
    }
  }

  /** Where a cell's text stands, and which end may be cut off. */
  private enum Side {
    LEFT_CUT_IN_FRONT,
    LEFT_CUT_BEHIND,
    RIGHT
  }

  private final List<Column> columns;
  private final List<Integer> widths;

  private TableLayout(List<Column> columns, List<Integer> widths) {
    this.columns = columns;
    this.widths = widths;
  }

  /** The most telling layout that fits into the given number of characters. */
  static TableLayout fitting(Trace trace, int available) {
    Column path = new Column("path", Row::path, Side.LEFT_CUT_IN_FRONT);
    Column full = new Column("layer", Row::notation, Side.LEFT_CUT_BEHIND);
    Column brief = new Column("layer", TableLayout::abbreviated, Side.LEFT_CUT_BEHIND);
    int pathWidth = path.width(trace);
    int briefWidth = brief.width(trace);
    TableLayout narrowest = null;
    for (List<Column> numbers : choices(trace)) {
      List<Integer> widths = new ArrayList<>();
      numbers.forEach(column -> widths.add(column.width(trace)));
      int rest = available - GAP.length();
      for (int width : widths) {
        rest -= width + GAP.length();
      }
      if (narrowest == null && rest >= pathWidth + full.width(trace)) {
        return of(path, pathWidth, full, full.width(trace), numbers, widths);
      }
      int first = Math.min(pathWidth, Math.max(READABLE, rest - briefWidth));
      int second = Math.min(briefWidth, rest - first);
      if (second >= Math.min(READABLE, briefWidth)) {
        return of(path, first, brief, second, numbers, widths);
      }
      int half = Math.max(1, rest / 2);
      narrowest = of(path, Math.min(half, pathWidth), brief, half, numbers, widths);
    }
    return Objects.requireNonNull(narrowest);
  }

  /** Sets of columns beside path and layer, from the widest to the narrowest. */
  private static List<List<Column>> choices(Trace trace) {
    Column output = right("output", row -> Texts.shape(row.output()));
    Column parameters = right("parameters", row -> Texts.count(row.parameters()));
    Column macs = right(Texts.costName(trace), row -> Texts.count(row.macs()));
    Column fewParameters = right("params", row -> Texts.compact(row.parameters()));
    Column fewMacs = right("MACs", row -> Texts.compact(row.macs()));
    Column field = right("field", row -> Texts.fieldSize(row.receptiveField()));
    Column stride = right("stride", row -> Texts.fieldStride(row.receptiveField()));
    Column start = right("start", row -> Texts.fieldStart(row.receptiveField()));
    return List.of(
        List.of(output, parameters, macs, field, stride, start),
        List.of(output, parameters, macs, field, stride),
        List.of(output, fewParameters, fewMacs, field, stride),
        List.of(output, fewParameters, fewMacs, field),
        List.of(output, fewParameters, fewMacs),
        List.of(output));
  }

  private static Column right(String title, Function<Row, String> cell) {
    return new Column(title, cell, Side.RIGHT);
  }

  private static TableLayout of(
      Column path,
      int pathWidth,
      Column layer,
      int layerWidth,
      List<Column> numbers,
      List<Integer> numberWidths) {
    List<Column> columns = new ArrayList<>(List.of(path, layer));
    List<Integer> widths = new ArrayList<>(List.of(pathWidth, layerWidth));
    columns.addAll(numbers);
    widths.addAll(numberWidths);
    return new TableLayout(columns, widths);
  }

  String header() {
    return cells(Column::title);
  }

  String line(Row row) {
    return cells(column -> column.cell().apply(row));
  }

  private String cells(Function<Column, String> texts) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      line.append(i == 0 ? "" : GAP);
      line.append(fitted(texts.apply(columns.get(i)), widths.get(i), columns.get(i).side()));
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
    return row.notation()
        .replaceAll("\\((\\d+), \\1\\)", "$1")
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
