package io.github.convlens.page;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.notation.Presets;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * What the page shows when it opens without a link's state.
   *
   * @param layers layers in PyTorch's notation
   * @param input {@code 8x8}, {@code 3x224x224}, {@code 1x3x224x224}
   * @param row the chosen output cell's row, from 0
   * @param column its column
   */
  public record Start(String layers, String input, long row, long column) {}

  /**
   * The file's text.
   *
   * @param start what it shows at first
   * @param version the version that made it
   */
  public static String html(Start start, String version) {
    String script = script();
    Map<String, String> contents =
        Map.of(
            "version", version,
            "style", resource("page.css"),
            "script", script,
            "hash", sha256(script),
            "start", json(json -> start(json, start)),
            "nets", json(Page::nets));
    return PLACE
        .matcher(resource("page.html"))
        .replaceAll(place -> Matcher.quoteReplacement(contents.get(place.group(1))));
  }

  /**
   * The first layer whose window the page shows, and of whose output a {@link Start} chooses a
   * cell; empty where no layer has a window.
   */
  public static Optional<Row> firstWindow(Trace trace) {
    return trace.rows().stream().filter(Explorer::hasWindow).findFirst();
  }

  private static String script() {
    StringBuilder script = new StringBuilder("\n(() => {\n").append(resource("core.js"));
    SCRIPTS.forEach(name -> script.append('\n').append(resource(name)));
    return script.append("})();\n").toString();
  }

  /** By "Content Security Policy Level 3", 2.3.1: the one script that the page may run. */
  private static String sha256(String script) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
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

  private static void start(JsonWriter json, Start start) throws IOException {
    json.beginObject();
    json.name("layers").value(start.layers()).name("input").value(start.input());
    json.name("cell").beginArray().value(start.row()).value(start.column()).endArray();
    json.endObject();
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
      // A browser reads line ends as \n, and hashes the script so.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\r\n?", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
