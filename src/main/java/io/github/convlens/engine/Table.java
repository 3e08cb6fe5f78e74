package io.github.convlens.engine;

import io.github.convlens.layer.internal.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Text in aligned columns: words to the left, numbers to the right. */
final class Table {
  /** On which side of its column a cell stands. */
  enum Side {
    /** To the left, as words do. */
    LEFT,
    /** To the right, as numbers do. */
    RIGHT
  }

  private final List<Side> sides;
  private final List<List<String>> rows = new ArrayList<>();

  Table(Side... sides) {
    this.sides = List.of(sides);
  }

  /** {@code 61,100,840}; a dash for zero, as in a trace. */
  static String count(long number) {
    return number == 0 ? "-" : String.format(Locale.ROOT, "%,d", number);
  }

  /** Adds a row; its texts are made fit for one line. */
  Table row(String... cells) {
    rows.add(Arrays.stream(cells).map(Printable::line).toList());
    return this;
  }

  @Override
  public String toString() {
    int[] widths = new int[sides.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Printable.width(row.get(i)));
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - Printable.width(row.get(i)));
      line.append(sides.get(i) == Side.LEFT ? row.get(i) + space : space + row.get(i));
      line.append("  ");
    }
    return line.toString().stripTrailing();
  }
}
