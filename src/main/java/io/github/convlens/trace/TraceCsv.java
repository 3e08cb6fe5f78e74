package io.github.convlens.trace;

import io.github.convlens.layer.Printable;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.ShapeText;
import java.io.IOException;
import java.util.List;

/**
 * A trace as comma-separated values by RFC 4180: a header, one record for each row, lines that end
 * in CR LF, quotes around fields that hold a comma, a quote or a line's end. Numbers are plain, a
 * stride below one is a decimal fraction, shapes are written {@code 1x64x55x55}. Names are {@link
 * Printable}, and one that a spreadsheet would take for a formula has an apostrophe in front
 * (OWASP, "CSV Injection").
 */
public final class TraceCsv {
  private static final List<String> HEADER =
      List.of(
          "path",
          "layer",
          "notation",
          "input",
          "output",
          "parameters",
          "macs",
          "sizeHeight",
          "sizeWidth",
          "strideHeight",
          "strideWidth",
          "startHeight",
          "startWidth",
          "activationBytes");

  /** What a formula begins with; a tab and a carriage return are escapes by then. */
  private static final String FORMULA = "=+-@";

  private TraceCsv() {}

  /**
   * Writes a trace; the totals are left to the reader's sum.
   *
   * @param out what it is written to; it is not closed
   * @throws IOException if {@code out} fails
   */
  public static void write(Trace trace, Appendable out) throws IOException {
    record(HEADER, out);
    for (Row row : trace.rows()) {
      record(fields(row), out);
    }
  }

  private static List<String> fields(Row row) {
    ReceptiveField.OnAxis height = row.receptiveField().height();
    ReceptiveField.OnAxis width = row.receptiveField().width();
    return List.of(
        text(row.path()),
        text(row.type()),
        text(row.notation()),
        ShapeText.crossed(row.input()),
        ShapeText.crossed(row.output()),
        Long.toString(row.parameters()),
        Long.toString(row.macs()),
        Long.toString(height.size()),
        Long.toString(width.size()),
        decimal(height.stride()),
        decimal(width.stride()),
        Long.toString(height.start()),
        Long.toString(width.start()),
        Long.toString(row.activationBytes()));
  }

  private static String text(String text) {
    String shown = Printable.line(text);
    return !shown.isEmpty() && FORMULA.indexOf(shown.charAt(0)) >= 0 ? "'" + shown : shown;
  }

  private static String decimal(Ratio ratio) {
    return ratio.denominator() == 1
        ? Long.toString(ratio.numerator())
        : Double.toString(ratio.doubleValue());
  }

  private static void record(List<String> fields, Appendable out) throws IOException {
    String separator = "";
    for (String field : fields) {
      out.append(separator).append(quoted(field));
      separator = ",";
    }
    out.append("\r\n");
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
