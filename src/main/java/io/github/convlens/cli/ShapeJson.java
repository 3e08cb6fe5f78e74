package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Convention;
import io.github.convlens.notation.InputSize;
import io.github.convlens.trace.Explanation;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The answer of {@code convlens shape} for programs: {@code {"input": [8, 8], "output": [2, 2],
 * "notes": []}}. Several inputs or outputs are a list of lists, as in a trace.
 */
final class ShapeJson {
  private ShapeJson() {}

  /** One network's answer, with the formulas of each axis if they are wanted. */
  static void write(JsonWriter json, NetOptions.Question question, Shaped shaped, boolean explain)
      throws IOException {
    ends(json, "input", question.size().map(ShapeJson::asked).orElseGet(() -> all(question)));
    ends(
        json,
        "output",
        shaped.outputs().stream().map(each -> question.answer(shaped.graph(), each)).toList());
    if (explain) {
      Trace trace = Trace.of(shaped, Convention.TORCHVISION);
      JsonAnswer.texts(json, "explanation", Explanation.of(trace).toList());
    }
  }

  private static List<String> asked(InputSize size) {
    return List.of(size.sizes().toString());
  }

  private static List<String> all(NetOptions.Question question) {
    return question.inputs().stream().map(Shape::getShape).map(ShapeJson::list).toList();
  }

  private static String list(long... sizes) {
    return LongStream.of(sizes).boxed().toList().toString();
  }

  /** Shapes that are written as JSON writes lists. */
  private static void ends(JsonWriter json, String name, List<String> shapes) throws IOException {
    json.name(name).jsonValue(shapes.size() == 1 ? shapes.get(0) : shapes.toString());
  }

  /**
   * A line of {@code --batch}.
   *
   * @param number the line's, from 1
   * @param answer a shape, or what begins with {@code error: }
   */
  static String line(long number, String answer, List<String> notes) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      json.beginObject().name("line").value(number);
      if (answer.startsWith("error: ")) {
        json.name("error").value(answer.substring("error: ".length()));
      } else {
        json.name("output").jsonValue(answer);
      }
      JsonAnswer.texts(json, "notes", notes);
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
