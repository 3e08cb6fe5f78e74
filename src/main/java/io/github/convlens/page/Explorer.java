package io.github.convlens.page;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.code.JavaCode;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.Printable;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Explanation;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Texts;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks: one question (layers and an input, as a user typed them), its answer, and
 * what a chosen output element of a chosen layer reads. Answers are JSON.
 */
final class Explorer {
  /** An output with at most so many elements is shown with the value of each. */
  private static final long MOST_VALUES = 400;

  /** A kernel with more taps is not computed with. */
  private static final long MOST_TAPS = 1 << 12;

  /** So many products at most are summed up for one answer. */
  private static final long MOST_TERMS = 1 << 16;

  /** A table of more rows is cut. */
  private static final int MOST_ROWS = 1000;

  /** Code for more layers is nothing to read on a page. */
  private static final int MOST_CODE = 10_000;

  /** JavaScript's numbers are exact up to here. */
  static final long LARGEST = (1L << 53) - 1;

  private final List<String> notes = new ArrayList<>();
  private @Nullable Graph graph;
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
      graph = PyTorch.parse(layers);
      size = InputSize.parse(input);
      graph = size.noteOn(graph).map(graph::with).orElse(graph);
      graph.notes().forEach(note -> notes.add(note.toString()));
      trace = Trace.of(graph, size.shapeFor(graph), Convention.TORCHVISION);
      notes.clear();
      trace.notes().forEach(note -> notes.add(note.toString()));
    } catch (NotationException | ShapeException e) {
      error = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      error = fault(e);
    }
  }

  /**
   * The answer:
   *
   * <pre>
   * {"error": null, "notes": [..], "numbers": {..}, "shape": "[2, 2]", "pytorch": "Conv2d(..)",
   *  "djl": "..", "noCode": null, "layerCount": 1,
   *  "layers": [{"path", "notation", "output", "parameters", "macs", "window"}],
   *  "parameters": "16", "macs": "60"}
   * </pre>
   *
   * What stands behind {@code numbers} is left out where there is an error. Counts are texts, since
   * JavaScript's numbers are exact up to 2^53 only. {@code djl} is null where there is no code, and
   * {@code noCode} says why. At most 1,000 layers are listed.
   */
  String answer() {
    try {
      return json(this::answer);
    } catch (RuntimeException e) {
      trace = null;
      error = fault(e);
      return json(
          json -> {
            json.name("error").value(error);
            json.name("notes").beginArray().endArray();
            json.name("numbers").nullValue();
          });
    }
  }

  /** What no input should lead to. */
  private static String fault(RuntimeException e) {
    return Printable.message("This page failed, which is a fault of ours: " + e);
  }

  private void answer(JsonWriter json) throws IOException {
    json.name("error").value(error);
    json.name("notes").beginArray();
    for (String note : notes) {
      json.value(note);
    }
    json.endArray();
    if (graph == null || graph.nodes().size() != 1) {
      json.name("numbers").nullValue();
    } else {
      NumbersOfLayer.write(graph.layer(), json);
    }
    if (trace != null && size != null) {
      answer(json, trace, size);
    }
  }

  private static void answer(JsonWriter json, Trace trace, InputSize size) throws IOException {
    json.name("input").value(ShapeText.listed(trace.input()));
    json.name("shape").value(size.answer(trace.network().graph(), trace.output()));
    json.name("pytorch").value(trace.network().graph().toString());
    code(json, trace);
    json.name("layerCount").value(trace.rows().size());
    json.name("layers").beginArray();
    for (Row row : trace.rows().subList(0, Math.min(MOST_ROWS, trace.rows().size()))) {
      json.beginObject();
      json.name("path").value(Printable.line(row.path()));
      json.name("notation").value(Printable.line(row.notation()));
      json.name("output").value(ShapeText.listed(row.output()));
      json.name("parameters").value(Texts.total(row.parameters()));
      json.name("macs").value(Texts.total(row.cost()));
      json.name("window").value(hasWindow(row));
      json.endObject();
    }
    json.endArray();
    json.name("parameters").value(Texts.total(trace.totals().parameters()));
    json.name("macs").value(Texts.total(trace.totals().cost()));
  }

  private static void code(JsonWriter json, Trace trace) throws IOException {
    String code = null;
    String reason = null;
    try {
      if (trace.rows().size() > MOST_CODE) {
        throw ShapeException.of(
            "a page has code for at most " + Texts.total(MOST_CODE) + " layers",
            "Here there are " + Texts.total(trace.rows().size()) + ".",
            "Use the command convlens code.");
      }
      code = JavaCode.of(trace.network(), JavaCode.Options.DEFAULT);
    } catch (ShapeException e) {
      reason = e.getMessage();
    }
    json.name("djl").value(code);
    json.name("noCode").value(reason);
  }

  /** Whether a row is a layer whose window the page can show. */
  static boolean hasWindow(Row row) {
    return row.kind() == Row.Kind.LAYER && Cell.of(row.layer(), row.input()).isPresent();
  }

  /**
   * What an output element of a layer reads:
   *
   * <pre>
   * {"drawable": true,
   *  "height": {"formula", "input", "output", "at", "kernel", "padBefore", "padAfter",
   *             "taps": {"tap", "position", "tapStep", "positionStep", "count"}},
   *  "width": {..}, "field": {..}, "cell": "0x0 + 1x1 = 1", "values": [["1", ..], ..]}
   * </pre>
   *
   * {@code taps} is a {@link Reach.Run}, {@code field} a {@link Field}, null where there is none;
   * {@code cell} and {@code values} are left out where they would be too long, or the layer is one
   * that is not computed here. Where a number is too large for JavaScript, {@code drawable} is
   * false and an axis has its formula alone.
   *
   * @param index the layer's place in the answer
   * @param row the element's row, from 0; too large a number means the last one
   * @param column the element's column
   */
  String look(int index, long row, long column) {
    if (trace == null || index < 0 || index >= trace.rows().size()) {
      return "{}";
    }
    Row layerRow = trace.rows().get(index);
    if (!hasWindow(layerRow)) {
      return "{}";
    }
    Shaped network = trace.network();
    return json(json -> new Look(network, index, layerRow, row, column).write(json));
  }

  /** What one layer's element reads, written as JSON. */
  private static final class Look {
    private final Row row;
    private final Cell cell;
    private final long down;
    private final long across;
    private final Optional<Field> field;

    Look(Shaped network, int index, Row row, long down, long across) {
      this.row = row;
      this.cell = Cell.of(row.layer(), row.input()).orElseThrow();
      this.down = within(down, Axis.HEIGHT);
      this.across = within(across, Axis.WIDTH);
      this.field = Field.of(network, new Edge.OfNode(index, 0), List.of(this.down, this.across));
    }

    private long within(long place, Axis axis) {
      return Math.max(0, Math.min(place, axis.of(row.output()) - 1));
    }

    void write(JsonWriter json) throws IOException {
      Optional<Map<Axis, OnAxis>> axes = axes();
      json.name("drawable").value(axes.isPresent());
      for (Axis axis : Axis.of(2)) {
        json.name(axis.toString()).beginObject();
        json.name("formula").value(Explanation.formula(row, axis).orElse(""));
        if (axes.isPresent()) {
          Objects.requireNonNull(axes.get().get(axis)).write(json);
        }
        json.endObject();
      }
      if (axes.isPresent()) {
        json.name("field");
        if (field.isPresent()) {
          field.get().write(json);
        } else {
          json.nullValue();
        }
      }
      if (axes.isPresent() && cell.hasValue() && taps() <= MOST_TAPS) {
        json.name("cell").value(cell.formula(down, across));
        values(json);
      }
    }

    /** Both axes; empty where a number of one is too large. */
    private Optional<Map<Axis, OnAxis>> axes() {
      try {
        Map<Axis, OnAxis> axes =
            Map.of(Axis.HEIGHT, axis(Axis.HEIGHT, down), Axis.WIDTH, axis(Axis.WIDTH, across));
        boolean exact =
            axes.values().stream().allMatch(OnAxis::isExact)
                && field.map(seen -> seen.isUpTo(LARGEST / 4)).orElse(true);
        return exact ? Optional.of(axes) : Optional.empty();
      } catch (ShapeException | ArithmeticException e) {
        return Optional.empty();
      }
    }

    private OnAxis axis(Axis axis, long output) {
      long size = axis.of(row.input());
      return new OnAxis(
          size,
          axis.of(row.output()),
          output,
          Geometry.of(row.layer(), axis, size),
          cell.run(axis, output));
    }

    private long taps() {
      long height = Geometry.of(row.layer(), Axis.HEIGHT, Axis.HEIGHT.of(row.input())).kernel();
      long width = Geometry.of(row.layer(), Axis.WIDTH, Axis.WIDTH.of(row.input())).kernel();
      return height > MOST_TAPS || width > MOST_TAPS ? Long.MAX_VALUE : height * width;
    }

    private void values(JsonWriter json) throws IOException {
      long rows = Axis.HEIGHT.of(row.output());
      long columns = Axis.WIDTH.of(row.output());
      if (rows > MOST_VALUES
          || columns > MOST_VALUES
          || rows * columns > MOST_VALUES
          || rows * columns * taps() > MOST_TERMS) {
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

  /** The numbers of a drawing on one axis. */
  private record OnAxis(long input, long output, long at, Geometry geometry, Reach.Run run) {
    /** Whether JavaScript's numbers can hold all of it, and the sum of input and padding. */
    boolean isExact() {
      return LongStream.of(
              input,
              output,
              geometry.kernel(),
              geometry.padBefore(),
              geometry.padAfter(),
              run.tapStep(),
              run.step(),
              run.least(),
              run.greatest())
          .allMatch(number -> Math.abs(number) <= LARGEST / 4);
    }

    void write(JsonWriter json) throws IOException {
      json.name("input").value(input).name("output").value(output).name("at").value(at);
      json.name("kernel").value(geometry.kernel());
      json.name("padBefore").value(geometry.padBefore());
      json.name("padAfter").value(geometry.padAfter());
      json.name("taps").beginObject();
      json.name("tap").value(run.tap()).name("position").value(run.first());
      json.name("tapStep").value(run.tapStep()).name("positionStep").value(run.step());
      json.name("count").value(run.count()).endObject();
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
