package io.github.convlens.trace;

import io.github.convlens.graph.Node;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A trace as a Markdown table, for a README or an issue, with the totals below. Notations are code,
 * and so are paths that hold more than letters, digits, dots and parentheses: nothing in them is
 * markup.
 */
public final class TraceMarkdown {
  private static final Pattern PLAIN = Pattern.compile("[\\w.()]*");

  private TraceMarkdown() {}

  /**
   * Writes a trace.
   *
   * @param out what it is written to; it is not closed
   * @throws IOException if {@code out} fails
   */
  public static void write(Trace trace, Appendable out) throws IOException {
    out.append("| path | layer | output | parameters | ").append(Texts.costName(trace));
    out.append(" | receptive field | stride | start |\n");
    out.append("|---|---|---|---:|---:|---:|---:|---:|\n");
    for (Row row : trace.rows()) {
      row(row, out);
    }
    out.append('\n').append(Texts.summary(trace, ", ")).append('\n');
  }

  private static void row(Row row, Appendable out) throws IOException {
    String implied = row.origin() == Node.Origin.ASSUMED ? " *(assumed)*" : "";
    String[] cells = {
      PLAIN.matcher(row.path()).matches() ? row.path() : code(row.path()),
      code(row.notation()) + implied,
      ShapeText.crossed(row.output()),
      Texts.total(row.parameters()),
      Texts.total(row.cost()),
      Texts.fieldSize(row.receptiveField()),
      Texts.fieldStride(row.receptiveField()),
      Texts.fieldStart(row.receptiveField())
    };
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /**
   * A code span in a table's cell, by GitHub Flavored Markdown: more backticks around it than it
   * has in a row, and a backslash in front of a pipe, which must not have one of its own.
   */
  private static String code(String text) {
    String shown = Printable.line(text).replace("\\|", "\\u007c").replace("|", "\\|");
    String fence = "`";
    while (shown.contains(fence)) {
      fence += "`";
    }
    String edge = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
    return fence + edge + shown + edge + fence;
  }
}
