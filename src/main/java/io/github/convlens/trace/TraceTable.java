package io.github.convlens.trace;

import io.github.convlens.graph.Node;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A trace as an aligned table for a terminal, totals below. A table that is too wide gets shorter
 * notations first ({@code k=3} for {@code kernel_size=(3, 3)}), then loses columns, which it says,
 * rounds numbers, and at last cuts what is still too long. Chinese letters take two columns.
 *
 * @param columns how many columns a line may have
 * @param colour whether it is coloured
 */
public record TraceTable(int columns, Colour colour) {
  /** The width that a table has where nobody knows the terminal's. */
  public static final int DEFAULT_COLUMNS = 100;

  /** The narrowest table. */
  public static final int LEAST_COLUMNS = 40;

  /** Takes narrower terminals for {@link #LEAST_COLUMNS} wide. */
  public TraceTable {
    columns = Math.max(columns, LEAST_COLUMNS);
  }

  /**
   * Writes a trace.
   *
   * @param out what it is written to; it is not closed
   * @throws IOException if {@code out} fails
   */
  public void write(Trace trace, Appendable out) throws IOException {
    TableLayout layout = TableLayout.fitting(trace, columns);
    line(Colour.Shade.BOLD, layout.header(), out);
    for (Row row : trace.rows()) {
      line(shade(row), layout.line(row), out);
    }
    String indent = "       ";
    line(Colour.Shade.PLAIN, "", out);
    line(Colour.Shade.BOLD, "Total: " + Texts.summary(trace, "\n" + indent), out);
    if (!layout.leftOut().isEmpty()) {
      String leftOut =
          "No room for " + layout.leftOut() + ": all fits into --width " + layout.whole() + ".";
      line(Colour.Shade.PLAIN, "", out);
      for (String text : wrapped(leftOut)) {
        line(Colour.Shade.FAINT, text, out);
      }
    }
  }

  private List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        lines.add(line);
        line = "";
      }
      line += line.isEmpty() ? word : " " + word;
    }
    lines.add(line);
    return lines;
  }

  private void line(Colour.Shade shade, String text, Appendable out) throws IOException {
    out.append(text.isEmpty() ? text : colour.paint(shade, text)).append('\n');
  }

  private static Colour.Shade shade(Row row) {
    if (row.origin() == Node.Origin.ASSUMED) {
      return Colour.Shade.YELLOW;
    }
    return row.kind() == Row.Kind.JOIN ? Colour.Shade.FAINT : Colour.Shade.PLAIN;
  }
}
