package io.github.convlens.page;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.notation.Presets;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page as one file: HTML, style, words, script and the core's arithmetic, with nothing to load
 * from elsewhere. It works from a disk, without a network.
 */
public final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
  private static final List<String> SCRIPTS =
      List.of("words.js", "grid.js", "sliders.js", "page.js");

  private Page() {}

  /**
   * The file's text.
   *
   * @param layers what stands in it when it opens, in PyTorch's notation
   * @param input the input that stands in it: {@code 8x8}, {@code 3x224x224}
   * @param version the version that made it
   */
  public static String html(String layers, String input, String version) {
    StringBuilder script = new StringBuilder();
    SCRIPTS.forEach(name -> script.append(resource(name)));
    Map<String, String> contents =
        Map.of(
            "version", version,
            "style", resource("page.css"),
            "core", resource("core.js"),
            "script", script.toString(),
            "start", json(json -> question(json, layers, input)),
            "nets", json(Page::nets));
    return PLACE
        .matcher(resource("page.html"))
        .replaceAll(place -> Matcher.quoteReplacement(contents.get(place.group(1))));
  }

  private static void nets(JsonWriter json) throws IOException {
    json.beginArray();
    for (String name : Presets.names()) {
      json.beginObject().name("name").value(name);
      json.name("layers").value(withoutComments(Presets.text(name)));
      json.name("input").value(ShapeText.crossed(Presets.input(name)));
      json.endObject();
    }
    json.endArray();
  }

  private static String withoutComments(String text) {
    return text.replaceAll("(?m)^#.*\\n", "").strip();
  }

  private static void question(JsonWriter json, String layers, String input) throws IOException {
    json.beginObject().name("layers").value(layers).name("input").value(input).endObject();
  }

  private interface Content {
    void write(JsonWriter json) throws IOException;
  }

  /** JSON in which no text can end the script element that it stands in. */
  private static String json(Content content) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(true);
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string's writer does not fail
    }
    return text.toString();
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource page/" + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
