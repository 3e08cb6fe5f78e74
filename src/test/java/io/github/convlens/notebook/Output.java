package io.github.convlens.notebook;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.convlens.figure.Figure;
import io.github.convlens.notebook.internal.FigureExtension;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.kernel.display.Renderer;

/** One output of a code cell, as nbformat 4 keeps it. */
sealed interface Output {
  /** The type of a picture. */
  String PNG = "image/png";

  /** The type of a text. */
  String TEXT = "text/plain";

  /** What the cell wrote to standard output. */
  record Printed(String text) implements Output {
    @Override
    public JsonObject json(int count) {
      JsonObject json = new JsonObject();
      json.addProperty("name", "stdout");
      json.addProperty("output_type", "stream");
      json.add("text", lines(text));
      return json;
    }
  }

  /** The text of the cell's value. */
  record Value(String text) implements Output {
    @Override
    public JsonObject json(int count) {
      return result(count, TEXT, lines(text));
    }
  }

  /**
   * The cell's value, a figure, as a kernel shows it.
   *
   * @param png two pixels for each of the figure's, in base 64
   * @param alt what it shows, for those who cannot see it
   * @param width of the figure, in pixels
   * @param height of the figure, in pixels
   */
  record Picture(String png, String alt, long width, long height) implements Output {
    private static final Renderer KERNEL = new Renderer();

    static {
      FigureExtension.register(KERNEL);
    }

    static Picture of(Figure figure) {
      JsonObject shown = new Gson().toJsonTree(KERNEL.render(figure)).getAsJsonObject();
      return of(shown.getAsJsonObject("data"), shown.getAsJsonObject("metadata"));
    }

    static Picture of(JsonObject data, JsonObject metadata) {
      JsonObject about = metadata.getAsJsonObject(PNG);
      return new Picture(
          string(data.get(PNG)),
          string(about.get("alt")),
          about.get("width").getAsLong(),
          about.get("height").getAsLong());
    }

    /** The pixels; empty if this is no PNG. */
    Optional<BufferedImage> image() {
      try {
        byte[] bytes = Base64.getMimeDecoder().decode(png);
        return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(bytes)));
      } catch (IllegalArgumentException | IOException e) {
        return Optional.empty();
      }
    }

    @Override
    public JsonObject json(int count) {
      JsonObject about = new JsonObject();
      about.addProperty("alt", alt);
      about.addProperty("height", height);
      about.addProperty("width", width);
      JsonObject json = result(count, PNG, new JsonPrimitive(png));
      json.getAsJsonObject("data").add(TEXT, lines(alt));
      json.getAsJsonObject("metadata").add(PNG, about);
      return json;
    }

    @Override
    public String toString() {
      return image()
          .map(image -> "a picture of " + image.getWidth() + "x" + image.getHeight() + ": " + alt)
          .orElse("a picture that cannot be read: " + alt);
    }
  }

  /** What no cell of ours gives: an error, a stream other than standard output, other data. */
  record Foreign(JsonObject json) implements Output {
    @Override
    public JsonObject json(int count) {
      return json;
    }

    @Override
    public String toString() {
      return json.toString();
    }
  }

  /** The output as nbformat writes it. */
  JsonObject json(int executionCount);

  /** What a cell gave, in the order in which a kernel sends it. */
  static List<Output> of(JavaShell.Ran ran) {
    List<Output> outputs = new ArrayList<>();
    if (!ran.printed().isEmpty()) {
      outputs.add(new Printed(ran.printed()));
    }
    ran.value().map(Output::of).ifPresent(outputs::add);
    return outputs;
  }

  private static Output of(Object value) {
    if (value instanceof Figure figure) {
      return Picture.of(figure);
    }
    if (value instanceof RenderedImage) {
      throw new CellException(
          "ends in a picture without a description.\nEnd it in the figure itself.");
    }
    if (value instanceof CharSequence) {
      throw new CellException(
          "ends in a String, which some kernels show in quotes and others do not.\nPrint it.");
    }
    String text = String.valueOf(value);
    if (text.equals(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()))) {
      throw new CellException(
          "ends in a %s, whose text is its address.\nPrint what is to be seen."
              .formatted(value.getClass().getSimpleName()));
    }
    return new Value(text);
  }

  /** Reads what {@link #json} writes, and anything else as {@link Foreign}. */
  static Output of(JsonObject json) {
    String type = string(json.get("output_type"));
    if (type.equals("stream") && string(json.get("name")).equals("stdout")) {
      return new Printed(string(json.get("text")));
    }
    if (type.equals("execute_result") && json.get("data") instanceof JsonObject data) {
      if (data.keySet().equals(Set.of(TEXT))) {
        return new Value(string(data.get(TEXT)));
      }
      if (data.keySet().equals(Set.of(PNG, TEXT))
          && json.get("metadata") instanceof JsonObject metadata
          && metadata.has(PNG)) {
        return Picture.of(data, metadata);
      }
    }
    return new Foreign(json);
  }

  private static JsonObject result(int count, String type, JsonElement content) {
    JsonObject data = new JsonObject();
    data.add(type, content);
    JsonObject json = new JsonObject();
    json.add("data", data);
    json.addProperty("execution_count", count);
    json.add("metadata", new JsonObject());
    json.addProperty("output_type", "execute_result");
    return json;
  }

  /** A text as nbformat keeps it: its lines, each with its line end. */
  static JsonArray lines(String text) {
    JsonArray lines = new JsonArray();
    for (String line : text.split("(?<=\n)")) {
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** A text that nbformat keeps as a string or as its lines; empty for anything else. */
  static String string(JsonElement json) {
    if (json instanceof JsonArray lines) {
      StringBuilder text = new StringBuilder();
      lines.forEach(line -> text.append(line.getAsString()));
      return text.toString();
    }
    return json instanceof JsonPrimitive primitive ? primitive.getAsString() : "";
  }
}
