package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.code.JavaCode;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.NotationException;
import io.github.convlens.program.ProgramException;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.Unread;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks: one question (layers and an input, as a user typed them), its answer, and
 * what a chosen output element of a chosen layer reads. Answers are JSON.
 */
public final class Explorer {
  /** A table of more rows is cut. */
  private static final int MOST_ROWS = 10_000;

  /** Code for more layers is nothing to read on a page. */
  private static final int MOST_CODE = 10_000;

  /** JavaScript's numbers are exact up to here. */
  static final long LARGEST = (1L << 53) - 1;

  private final List<String> notes = new ArrayList<>();
  private @Nullable Graph graph;
  private @Nullable Question question;
  private @Nullable Trace trace;
  private @Nullable String error;
  private Fault fault = Fault.NONE;
  private Numbers numbers = Numbers.LESSON;

  /** What an error is about. */
  private enum Fault {
    NONE,
    /** The text is no layer. */
    TEXT,
    /** The input is none. */
    INPUT,
    /** Layers and inputs that can be read, and that do not go together. */
    SETTINGS,
    /** One of ours. */
    OURS
  }

  /**
   * Takes a question and finds the answer, or why there is none.
   *
   * @param layers PyTorch's notation
   * @param input {@code 8x8}, {@code 3x224x224}, {@code 1x3x224x224}
   */
  Explorer(String layers, String input) {
    try {
      Question.Asked asked = Question.of(layers);
      graph = asked.graph();
      fault = Fault.INPUT;
      question = asked.on(input);
      graph = question.graph();
      graph.notes().forEach(note -> notes.add(note.toString()));
      fault = Fault.SETTINGS;
      trace = Trace.of(Shapes.infer(graph, question.inputs()), Convention.TORCHVISION);
      fault = Fault.NONE;
      notes.clear();
      trace.notes().forEach(note -> notes.add(note.toString()));
    } catch (NotationException | ProgramException e) {
      error = String.valueOf(e.getMessage());
      if (fault != Fault.INPUT) {
        fault = e.getCause() instanceof ShapeException ? Fault.SETTINGS : Fault.TEXT;
      }
    } catch (ShapeException e) {
      error = String.valueOf(e.getMessage());
      fault = Fault.SETTINGS;
    } catch (RuntimeException e) {
      error = fault(e);
    }
  }

  /**
   * The answer:
   *
   * <pre>
   * {"error": null, "fault": "none", "notes": [..], "numbers": {..}, "shape": "[2, 2]", "pytorch": "Conv2d(..)",
   *  "djl": "..", "noCode": null, "layerCount": 1,
   *  "layers": [{"path", "notation", "output", "parameters", "macs", "window"}],
   *  "parameters": "16", "macs": "60"}
   * </pre>
   *
   * {@code fault} says what an error is about: the text, the input, the settings, or a fault of
   * ours. What stands behind {@code numbers} is left out where there is an error. Counts are texts,
   * since JavaScript's numbers are exact up to 2^53 only. {@code djl} is null where there is no
   * code, and {@code noCode} says why. At most 10,000 layers are listed.
   */
  String answer() {
    try {
      return JsonText.object(this::answer);
    } catch (RuntimeException e) {
      trace = null;
      error = fault(e);
      return JsonText.object(
          json -> {
            json.name("error").value(error).name("fault").value("ours");
            json.name("notes").beginArray().endArray();
            json.name("numbers").nullValue();
          });
    }
  }

  /** The trace, where there is an answer. */
  Optional<Trace> trace() {
    return Optional.ofNullable(trace);
  }

  /** Why there is no answer. */
  Optional<String> error() {
    return Optional.ofNullable(error);
  }

  /** What comes out, in the rank of the question. */
  Optional<String> shape() {
    return trace().map(known -> Objects.requireNonNull(question).answer().apply(known.output()));
  }

  /** What no input should lead to. */
  private String fault(RuntimeException e) {
    fault = Fault.OURS;
    return Printable.message("This page failed, which is a fault of ours: " + e);
  }

  private void answer(JsonWriter json) throws IOException {
    json.name("error").value(error);
    json.name("fault").value(fault.name().toLowerCase(Locale.ROOT));
    json.name("notes").beginArray();
    for (String note : notes) {
      json.value(note);
    }
    json.endArray();
    json.name("numbers");
    if (graph == null) {
      json.nullValue();
    } else {
      NumbersOfLayer.write(graph, json);
    }
    if (trace != null && question != null) {
      answer(json, trace, question);
    }
  }

  private static void answer(JsonWriter json, Trace trace, Question question) throws IOException {
    json.name("input").value(ShapeText.listed(trace.input()));
    json.name("shape").value(question.answer().apply(trace.output()));
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
      LayerNumbers.write(json, row, trace.totals());
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
  public static boolean hasWindow(Row row) {
    return row.kind() == Row.Kind.LAYER && Sliding.is(row.layer(), row.input());
  }

  /** Takes numbers for X and K; empty texts stand for the lesson's. */
  void take(String x, String kernel) {
    numbers = Numbers.parse(x, kernel);
  }

  /**
   * What is drawn of a layer:
   *
   * <pre>
   * {"drawable": true, "formula": {"height": .., "width": ..}, "unread": {"height": [3, 8, 3], ..},
   *  ..}
   * </pre>
   *
   * {@code unread} has how many of how many positions are read by no output, and how many of these
   * lie behind the last window; null where none is. The rest is as {@link Scene#write} has it.
   * Where a number is too large for JavaScript, {@code drawable} is false and there are the
   * formulas alone.
   *
   * @param index the layer's place in the answer
   * @param out the chosen output channel
   * @param first the first input channel that is drawn, from its group's first
   */
  String scene(int index, long out, long first) {
    Optional<Sliding> sliding = sliding(index);
    return sliding.isEmpty() || trace == null
        ? "{}"
        : JsonText.object(json -> scene(json, sliding.get(), index, out, first));
  }

  private void scene(JsonWriter json, Sliding layer, int index, long out, long first)
      throws IOException {
    boolean drawable = isDrawable(layer);
    json.name("drawable").value(drawable);
    json.name("formula").beginObject();
    List<Axis> axes = Axis.in(layer.input());
    for (Axis axis : axes) {
      String formula = layer.layer().formula(axis, layer.input()).orElse("");
      json.name(axis == Axis.LENGTH ? "width" : axis.toString()).value(formula);
    }
    json.endObject().name("unread").beginObject();
    for (Axis axis : axes) {
      Lane lane = axis == Axis.HEIGHT ? layer.height() : layer.width();
      unread(json.name(axis == Axis.LENGTH ? "width" : axis.toString()), lane, index, axis);
    }
    json.endObject();
    if (drawable) {
      json.name("axes").value(axes.size());
      layer.height().write(json.name("height").beginObject());
      layer.width().write(json.endObject().name("width").beginObject());
      new Scene(Example.of(layer, numbers), out, first).write(json.endObject());
    }
  }

  /** The numbers of a part of what is drawn, as {@link Scene#near} has them. */
  String near(int index, long out, long first, Part part) {
    Optional<Sliding> sliding = sliding(index);
    return sliding.isEmpty()
        ? "{}"
        : JsonText.object(
            json -> new Scene(Example.of(sliding.get(), numbers), out, first).near(json, part));
  }

  private static boolean isDrawable(Sliding layer) {
    try {
      return layer.height().isUpTo(LARGEST / 4) && layer.width().isUpTo(LARGEST / 4);
    } catch (ShapeException | ArithmeticException e) {
      return false;
    }
  }

  private void unread(JsonWriter json, Lane lane, int index, Axis axis) throws IOException {
    long all = 0;
    long atEnd = 0;
    if (lane.isListed()) {
      for (long[] run : lane.unread()) {
        all += run[1];
        atEnd = run[0] + run[1] == lane.input() ? run[1] : 0;
      }
    } else {
      Optional<Unread> unread = Objects.requireNonNull(trace).rows().get(index).unread(axis);
      all = unread.map(Unread::positions).orElse(0L);
      atEnd = unread.map(Unread::atEnd).orElse(0L);
    }
    if (all == 0) {
      json.nullValue();
    } else {
      json.beginArray().value(all).value(lane.input()).value(atEnd).endArray();
    }
  }

  /** The window of a layer of the answer; a padding and a convolution are one. */
  private Optional<Sliding> sliding(int index) {
    if (trace == null || index < 0 || index >= trace.rows().size()) {
      return Optional.empty();
    }
    Row row = trace.rows().get(index);
    if (!hasWindow(row)) {
      return Optional.empty();
    }
    if (index == 1) {
      Optional<ConvSpec> padded = Sliding.padded(trace.network().graph());
      if (padded.isPresent()) {
        return Optional.of(Sliding.of(padded.get(), trace.input()));
      }
    }
    return Optional.of(Sliding.of(row.layer(), row.input()));
  }

  /**
   * What an output element of a drawable layer reads:
   *
   * <pre>
   * {"height": {"at", "taps": {"tap", "position", "tapStep", "positionStep", "count"}},
   *  "width": {..}, "cell": {..}}
   * </pre>
   *
   * {@code taps} is a {@link Reach.Run}; {@code cell} is as {@link Example#write} has it, null
   * where the layer is one that is not computed here.
   *
   * @param index the layer's place in the answer
   * @param row the element's row, from 0; too large a number means the last one
   * @param column the element's column
   * @param out its channel
   * @param first the first input channel that is drawn, from its group's first
   */
  String look(int index, long row, long column, long out, long first) {
    Optional<Sliding> sliding = sliding(index);
    return sliding.isEmpty()
        ? "{}"
        : JsonText.object(json -> look(json, sliding.get(), List.of(row, column, out, first)));
  }

  private void look(JsonWriter json, Sliding layer, List<Long> chosen) throws IOException {
    long row = within(chosen.get(0), layer.height());
    long column = within(chosen.get(1), layer.width());
    json.name("height");
    taps(json, layer.height(), row);
    json.name("width");
    taps(json, layer.width(), column);
    Example example = Example.of(layer, numbers);
    Scene scene = new Scene(example, chosen.get(2), chosen.get(3));
    json.name("cell");
    if (example.hasValues()) {
      example.write(json, scene.out(), row, column, scene.first(), scene.shown());
    } else {
      json.nullValue();
    }
  }

  private static long within(long place, Lane lane) {
    return Math.max(0, Math.min(place, lane.output() - 1));
  }

  private static void taps(JsonWriter json, Lane lane, long at) throws IOException {
    Reach.Run run = lane.run(at);
    json.beginObject().name("at").value(at).name("taps").beginObject();
    json.name("tap").value(run.tap()).name("position").value(run.first());
    json.name("tapStep").value(run.tapStep()).name("positionStep").value(run.step());
    json.name("count").value(run.count()).endObject().endObject();
  }

  /** The boxes and ways of the network, as {@link NetworkGraph#write} writes them. */
  String graph() {
    Trace known = trace;
    return known == null ? "{}" : JsonText.object(new NetworkGraph(known)::write);
  }

  /**
   * What an element of any layer's output sees of the network's input: {@code {"map": [14, 14],
   * "at": [3, 3], "field": {..}}}; {@code map} is null where the output is no picture (then every
   * element is meant), {@code field} a {@link Field}, null where there is none.
   */
  String sees(int index, long row, long column) {
    Trace known = trace;
    if (known == null || index < 0 || index >= known.rows().size()) {
      return "{}";
    }
    Shape output = known.rows().get(index).output();
    boolean isMap = Axis.in(output).equals(Axis.of(2));
    long down = isMap ? Math.max(0, Math.min(row, Axis.HEIGHT.of(output) - 1)) : 0;
    long across = isMap ? Math.max(0, Math.min(column, Axis.WIDTH.of(output) - 1)) : 0;
    Optional<Field> field =
        Field.of(known.network(), new Edge.OfNode(index, 0), List.of(down, across))
            .filter(seen -> seen.isUpTo(LARGEST / 4));
    return JsonText.object(
        json -> {
          json.name("map");
          if (isMap) {
            json.beginArray().value(Axis.HEIGHT.of(output)).value(Axis.WIDTH.of(output)).endArray();
          } else {
            json.nullValue();
          }
          json.name("at").beginArray().value(down).value(across).endArray();
          json.name("field");
          if (field.isPresent()) {
            field.get().write(json);
          } else {
            json.nullValue();
          }
        });
  }
}
