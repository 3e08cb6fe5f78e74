package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Axis;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Totals;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.Locale;

/** What the table and the curves of a network show of a layer, besides its shape. */
final class LayerNumbers {
  private LayerNumbers() {}

  /**
   * {@code "short": "Conv2d(3, 64, k=7)", "kind": "convolution", "field": "35", "stride": "4",
   * "sees": 35, "map": [56, 56], "parameterShare": 0.01, "macShare": 0.05}: the field's size and
   * stride for people, its size on the first axis as a number, the map's sizes (null where the
   * output is no picture), and shares of the network's totals.
   */
  static void write(JsonWriter json, Row row, Totals totals) throws IOException {
    ReceptiveField field = row.receptiveField();
    json.name("short").value(Texts.abbreviated(row));
    json.name("kind").value(Unit.Kind.of(row).name().toLowerCase(Locale.ROOT));
    json.name("field").value(Texts.fieldSize(field));
    json.name("stride").value(Texts.fieldStride(field));
    json.name("sees").value(field.fields().isEmpty() ? 0 : (double) field.fields().get(0).size());
    json.name("map");
    Shape output = row.output();
    if (Axis.in(output).equals(Axis.of(2))) {
      json.beginArray().value(Axis.HEIGHT.of(output)).value(Axis.WIDTH.of(output)).endArray();
    } else {
      json.nullValue();
    }
    json.name("parameterShare").value(share(row.parameters(), totals.parameters()));
    json.name("macShare").value(share(row.cost(), totals.cost()));
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : Math.round(1e4 * part / whole) / 1e4;
  }
}
