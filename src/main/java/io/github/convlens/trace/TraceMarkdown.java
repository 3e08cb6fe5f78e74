package io.github.convlens.trace;

import io.github.convlens.layer.Child;
import io.github.convlens.layer.ShapeText;
import java.io.IOException;

/**
 * A trace as a Markdown table, for a README or an issue, with the totals below. Pipes in a layer's
 * notation are escaped.
 */
public final class TraceMarkdown {
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
    String implied = row.origin() == Child.Origin.IMPLIED ? " *(implied)*" : "";
    String[] cells = {
      escaped(row.path()),
      "`" + escaped(row.notation()) + "`" + implied,
      ShapeText.crossed(row.output()),
      Texts.total(row.parameters()),
      Texts.total(row.macs()),
      Texts.fieldSize(row.receptiveField()),
      Texts.fieldStride(row.receptiveField()),
      Texts.fieldStart(row.receptiveField())
    };
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
