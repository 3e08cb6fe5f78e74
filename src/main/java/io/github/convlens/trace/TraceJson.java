package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.Ratio;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.List;

/**
 * A trace as JSON, written layer by layer:
 *
 * <pre>
 * {"input": [1, 1, 28, 28], "output": [1, 10], "convention": "torchvision", "costOf": "batch",
 *  "notes": [],
 *  "layers": [{"path": "0", "layer": "Conv2d", "notation": "Conv2d(1, 6, ...)",
 *              "input": [..], "output": [..], "parameters": 156, "macs": 117600,
 *              "receptiveField": {"size": [5, 5], "stride": [1, 1], "start": [-2, -2]},
 *              "activationBytes": 18816}],
 *  "totals": {"parameters": .., "macs": .., "activationBytes": ..}}
 * </pre>
 *
 * <p>{@code output} is the first output; where there are several, {@code outputs} behind it is a
 * list of their shapes.
 *
 * <p>A receptive field has a number for each spatial axis of the input, outermost first. The cost
 * is that of the whole batch; one that is not multiply-adds is called {@code operations}, or {@code
 * flops}. Whole numbers are written as such; a stride below one, behind a layer that enlarges, is
 * written as a decimal fraction.
 */
public final class TraceJson {
  private TraceJson() {}

  /** Which of several inputs and outputs are written. */
  public enum Ends {
    /** The first. */
    FIRST,
    /** All: where there are several, a list of their shapes. */
    ALL
  }

  /** Writes a trace with the first of its inputs and outputs, and a line's end. */
  public static void write(Trace trace, Appendable out) throws IOException {
    write(trace, Ends.FIRST, out);
  }

  /**
   * Writes a trace and a line's end.
   *
   * @param ends which inputs and outputs
   * @param out what it is written to; it is not closed
   * @throws IOException if {@code out} fails
   */
  public static void write(Trace trace, Ends ends, Appendable out) throws IOException {
    JsonWriter json = new JsonWriter(new JsonOutput(out));
    json.beginObject();
    shapes(json.name("input"), trace.network().inputs(), ends);
    shapes(json.name("output"), trace.network().outputs(), ends);
    if (ends == Ends.FIRST && trace.network().outputs().size() > 1) {
      shapes(json.name("outputs"), trace.network().outputs(), Ends.ALL);
    }
    json.name("convention").value(trace.convention().toString());
    json.name("costOf").value("batch");
    json.name("notes").beginArray();
    for (Note note : trace.notes()) {
      json.value(note.toString());
    }
    json.endArray();
    String cost = Texts.costField(trace);
    json.name("layers").beginArray();
    for (Row row : trace.rows()) {
      row(json, row, cost);
    }
    json.endArray();
    totals(json.name("totals"), trace.totals(), cost);
    json.endObject().flush();
    out.append('\n');
  }

  private static void row(JsonWriter json, Row row, String cost) throws IOException {
    json.beginObject();
    json.name("path").value(row.path());
    json.name("layer").value(row.type());
    json.name("notation").value(row.notation());
    shape(json.name("input"), row.input());
    shape(json.name("output"), row.output());
    json.name("parameters").value(row.parameters());
    json.name(cost).value(row.cost());
    receptiveField(json.name("receptiveField"), row.receptiveField());
    json.name("activationBytes").value(row.activationBytes());
    json.endObject();
  }

  private static void receptiveField(JsonWriter json, ReceptiveField field) throws IOException {
    json.beginObject();
    json.name("size").beginArray();
    for (ReceptiveField.OnAxis axis : field.fields()) {
      json.value(axis.size());
    }
    json.endArray().name("stride").beginArray();
    for (ReceptiveField.OnAxis axis : field.fields()) {
      ratio(json, axis.stride());
    }
    json.endArray().name("start").beginArray();
    for (ReceptiveField.OnAxis axis : field.fields()) {
      json.value(axis.start());
    }
    json.endArray().endObject();
  }

  private static void totals(JsonWriter json, Totals totals, String cost) throws IOException {
    json.beginObject();
    json.name("parameters").value(totals.parameters());
    json.name(cost).value(totals.cost());
    json.name("activationBytes").value(totals.activationBytes());
    json.endObject();
  }

  private static void shapes(JsonWriter json, List<Shape> shapes, Ends ends) throws IOException {
    if (ends == Ends.FIRST || shapes.size() == 1) {
      shape(json, shapes.get(0));
      return;
    }
    json.beginArray();
    for (Shape shape : shapes) {
      shape(json, shape);
    }
    json.endArray();
  }

  private static void shape(JsonWriter json, Shape shape) throws IOException {
    json.beginArray();
    for (long size : shape.getShape()) {
      json.value(size);
    }
    json.endArray();
  }

  private static void ratio(JsonWriter json, Ratio ratio) throws IOException {
    if (ratio.denominator() == 1) {
      json.value(ratio.numerator());
    } else {
      json.value(ratio.doubleValue());
    }
  }
}
