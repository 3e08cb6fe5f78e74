package io.github.convlens.page;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.Presets;
import io.github.convlens.page.internal.Explorer;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * The page as one file: HTML, style, words, script and the core's arithmetic, with nothing to load
 * from elsewhere. It works from a disk, without a network.
 */
public final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /** A place that stands on a line of its own: a part of the page. */
  private static final Pattern PART =
      Pattern.compile("(?m)^\\{\\{(lessons|network|field|take|compare)}}$");

  private static final List<String> STYLES = List.of("page.css", "network.css", "compare.css");
  private static final List<String> SCRIPTS =
      List.of(
          "inflate.js",
          "words.js",
          "network-words.js",
          "compare-words.js",
          "errors.js",
          "grid.js",
          "sliders.js",
          "state.js",
          "history.js",
          "answer.js",
          "window.js",
          "reads.js",
          "moving.js",
          "channels.js",
          "own.js",
          "table.js",
          "graph.js",
          "curves.js",
          "page.js",
          "network.js",
          "files.js",
          "compare.js",
          "lessons.js",
          "take.js",
          "start.js");

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
    String core = resource("core.js");
    Map<String, String> contents =
        Map.of(
            "core",
            packed(core),
            "coreHash",
            sha256(core),
            "version",
            version,
            "style",
            String.join("\n", STYLES.stream().map(Page::resource).toList()),
            "script",
            script,
            "hash",
            sha256(script),
            "start",
            json(json -> start(json, start)),
            "nets",
            json(Page::nets));
    return filled(
        filled(resource("page.html"), PART, part -> resource(part + ".html")),
        PLACE,
        name -> Objects.requireNonNull(contents.get(name)));
  }

  private static String filled(String text, Pattern places, UnaryOperator<String> content) {
    return places
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(content.apply(place.group(1))));
  }

  /**
   * The first layer whose window the page shows, and of whose output a {@link Start} chooses a
   * cell; empty where no layer has a window.
   */
  public static Optional<Row> firstWindow(Trace trace) {
    return trace.rows().stream().filter(Explorer::hasWindow).findFirst();
  }

  /** Deflated, since the arithmetic would be most of the file. */
  private static String packed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a list of bytes does not fail
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String script() {
    StringBuilder script = new StringBuilder("\n(() => {\n");
    SCRIPTS.forEach(name -> script.append('\n').append(resource(name)));
    return script.append("})();\n").toString();
  }

  /** By "Content Security Policy Level 3", 2.3.1: a script that the page may run. */
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
