package io.github.convlens.trace;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A trace as comma-separated values by RFC 4180: a header, one record for each row, lines that end
 * in CR LF, quotes around fields that hold a comma, a quote or a line's end. Numbers are plain, a
 * stride below one is a decimal fraction, shapes are written {@code 1x64x55x55}. The receptive
 * field has columns for each spatial axis of the input. Names are {@link Printable}, and one that a
 * spreadsheet would take for a formula has an apostrophe in front (OWASP, "CSV Injection").
 */
public final class TraceCsv {
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
    record(header(trace), out);
    for (Row row : trace.rows()) {
      record(fields(row), out);
    }
  }

  private static List<String> header(Trace trace) {
    List<String> header =
        new ArrayList<>(List.of("path", "layer", "notation", "input", "output", "parameters"));
    header.add(Texts.costField(trace));
    for (String number : List.of("size", "stride", "start")) {
      for (Axis axis : Layout.ofInputs(trace.network()).get(0).axes()) {
        String name = axis.toString();
        header.add(number + Character.toUpperCase(name.charAt(0)) + name.substring(1));
      }
    }
    header.add("activationBytes");
    return header;
  }

  private static List<String> fields(Row row) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                text(row.path()),
                text(row.type()),
                text(row.notation()),
                ShapeText.crossed(row.input()),
                ShapeText.crossed(row.output()),
                Long.toString(row.parameters()),
                Long.toString(row.cost())));
    List<ReceptiveField.OnAxis> field = row.receptiveField().fields();
    field.forEach(axis -> fields.add(Long.toString(axis.size())));
    field.forEach(axis -> fields.add(decimal(axis.stride())));
    field.forEach(axis -> fields.add(Long.toString(axis.start())));
    fields.add(Long.toString(row.activationBytes()));
    return fields;
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
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"'); // line ends are escapes
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
