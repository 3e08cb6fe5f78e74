package io.github.convlens.page;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.notation.DjlCode;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.Parsed;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Explanation;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks: one question (layers and an input, as a user typed them), its answer, and
 * what a chosen output element of a chosen layer reads. Answers are JSON.
 */
final class Explorer {
  /** An output with at most so many elements is shown with the value of each. */
  private static final long MOST_VALUES = 400;

  /** A kernel with more taps is drawn by its outline and not computed with. */
  private static final long MOST_TAPS = 1 << 12;

  private final List<String> notes = new ArrayList<>();
  private @Nullable LayerSpec layer;
  private @Nullable InputSize size;
  private @Nullable Trace trace;
  private @Nullable String error;

  /**
   * Takes a question and finds the answer, or why there is none.
   *
   * @param layers PyTorch's notation
   * @param input {@code 8x8}, {@code 3x224x224}, {@code 1x3x224x224}
   */
  Explorer(String layers, String input) {
    try {
      Parsed parsed = PyTorch.parse(layers);
      notes.addAll(parsed.notes());
      layer = parsed.layer();
      size = InputSize.parse(input);
      trace = Trace.of(layer, size.shapeFor(layer), Convention.TORCHVISION);
      notes.addAll(trace.notes());
    } catch (NotationException | ShapeException e) {
      error = String.valueOf(e.getMessage());
    }
  }

  /**
   * The answer:
   *
   * <pre>
   * {"error": null, "notes": [..], "numbers": {..}, "shape": "[2, 2]", "pytorch": "Conv2d(..)",
   *  "djl": "..", "layers": [{"path", "notation", "output", "parameters", "macs", "window"}],
   *  "parameters": 16, "macs": 60}
   * </pre>
   *
   * What stands behind {@code numbers} is left out where there is an error.
   */
  String answer() {
    return json(
        json -> {
          json.name("error").value(error);
          json.name("notes").beginArray();
          for (String note : notes) {
            json.value(note);
          }
          json.endArray();
          if (layer != null) {
            NumbersOfLayer.write(layer, json);
          }
          if (trace != null && size != null) {
            answer(json, trace, size);
          }
        });
  }

  private static void answer(JsonWriter json, Trace trace, InputSize size) throws IOException {
    json.name("input").value(ShapeText.listed(trace.input()));
    json.name("shape").value(size.answer(trace.output()));
    json.name("pytorch").value(trace.network().toString());
    json.name("djl").value(DjlCode.of(trace.network(), trace.input()));
    json.name("layers").beginArray();
    for (Row row : trace.rows()) {
      json.beginObject();
      json.name("path").value(row.path());
      json.name("notation").value(row.notation());
      json.name("output").value(ShapeText.listed(row.output()));
      json.name("parameters").value(row.parameters());
      json.name("macs").value(row.macs());
      json.name("window").value(hasWindow(row));
      json.endObject();
    }
    json.endArray();
    json.name("parameters").value(trace.totals().parameters());
    json.name("macs").value(trace.totals().macs());
  }

  private static boolean hasWindow(Row row) {
    return row.kind() == Row.Kind.LAYER && Cell.of(row.layer(), row.input()).isPresent();
  }

  /**
   * What an output element of a layer reads:
   *
   * <pre>
   * {"height": {"input", "output", "kernel", "padBefore", "padAfter", "dilation", "formula",
   *             "taps": [[tap, position], ..], "field": [first, last], "picture"},
   *  "width": {..}, "cell": "0x0 + 1x1 = 1", "values": [["1", ..], ..]}
   * </pre>
   *
   * {@code field} is what it sees of the network's input of {@code picture} positions; {@code cell}
   * and {@code values} are left out where they would be too long.
   *
   * @param index the layer's place in the answer
   * @param row the element's row, from 0; too large a number means the last one
   * @param column the element's column
   */
  String look(int index, long row, long column) {
    Row layerRow = trace == null ? null : trace.rows().get(index);
    Optional<Cell> cell =
        layerRow == null || layerRow.kind() != Row.Kind.LAYER
            ? Optional.empty()
            : Cell.of(layerRow.layer(), layerRow.input());
    if (layerRow == null || trace == null || cell.isEmpty()) {
      return "{}";
    }
    Look look = new Look(layerRow, trace.input(), cell.get());
    long down = Math.min(row, Axis.HEIGHT.of(layerRow.output()) - 1);
    long across = Math.min(column, Axis.WIDTH.of(layerRow.output()) - 1);
    return json(json -> look.write(json, down, across));
  }

  /** What one layer's elements read, written as JSON. */
  private record Look(Row row, Shape picture, Cell cell) {
    void write(JsonWriter json, long down, long across) throws IOException {
      axis(json, Axis.HEIGHT, down);
      axis(json, Axis.WIDTH, across);
      if (taps() <= MOST_TAPS) {
        json.name("cell").value(cell.formula(down, across));
        values(json);
      }
    }

    private void axis(JsonWriter json, Axis axis, long output) throws IOException {
      Geometry geometry = Geometry.of(row.layer(), axis, axis.of(row.input()));
      json.name(axis.toString()).beginObject();
      json.name("input").value(axis.of(row.input()));
      json.name("output").value(axis.of(row.output()));
      json.name("at").value(output);
      json.name("kernel").value(geometry.kernel());
      json.name("padBefore").value(geometry.padBefore());
      json.name("padAfter").value(geometry.padAfter());
      json.name("formula").value(Explanation.formula(row, axis).orElse(""));
      json.name("taps").beginArray();
      if (geometry.kernel() <= MOST_TAPS) {
        for (var tap : cell.taps(axis, output)) {
          json.beginArray().value(tap.index()).value(tap.position()).endArray();
        }
      }
      json.endArray();
      field(json, axis, output);
      json.endObject();
    }

    private void field(JsonWriter json, Axis axis, long output) throws IOException {
      ReceptiveField.OnAxis field = row.receptiveField().on(axis);
      long first = field.stride().times(output).floor() + field.start();
      json.name("field").beginArray();
      json.value(first).value(first + field.size() - 1).endArray();
      json.name("picture").value(axis.of(picture));
    }

    private long taps() {
      long height = Geometry.of(row.layer(), Axis.HEIGHT, Axis.HEIGHT.of(row.input())).kernel();
      long width = Geometry.of(row.layer(), Axis.WIDTH, Axis.WIDTH.of(row.input())).kernel();
      return height > MOST_TAPS || width > MOST_TAPS ? Long.MAX_VALUE : height * width;
    }

    private void values(JsonWriter json) throws IOException {
      long rows = Axis.HEIGHT.of(row.output());
      long columns = Axis.WIDTH.of(row.output());
      if (rows > MOST_VALUES || columns > MOST_VALUES || rows * columns > MOST_VALUES) {
        return;
      }
      json.name("values").beginArray();
      for (long y = 0; y < rows; y++) {
        json.beginArray();
        for (long x = 0; x < columns; x++) {
          json.value(Cell.text(cell.value(y, x)));
        }
        json.endArray();
      }
      json.endArray();
    }
  }

  /** Something that is written as JSON. */
  private interface Content {
    void write(JsonWriter json) throws IOException;
  }

  private static String json(Content content) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setSerializeNulls(true);
      json.beginObject();
      content.write(json);
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string's writer does not fail
    }
    return text.toString();
  }
}
