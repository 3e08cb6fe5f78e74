package io.github.convlens.notebook;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;

/** One output of a code cell, as nbformat 4 keeps it. */
sealed interface Output {
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
      return result(count, "text/plain", lines(text));
    }
  }

  /** The cell's value, a picture: PNG, in base 64. */
  record Picture(String png) implements Output {
    static Picture of(BufferedImage image) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        ImageIO.write(image, "png", bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Picture(Base64.getEncoder().encodeToString(bytes.toByteArray()));
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
      return result(count, "image/png", new JsonPrimitive(png));
    }

    @Override
    public String toString() {
      return image()
          .map(image -> "a picture of " + image.getWidth() + "x" + image.getHeight())
          .orElse("a picture that cannot be read");
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
    if (value instanceof BufferedImage image) {
      return Picture.of(image);
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
      if (data.keySet().equals(Set.of("text/plain"))) {
        return new Value(string(data.get("text/plain")));
      }
      if (data.keySet().equals(Set.of("image/png"))) {
        return new Picture(string(data.get("image/png")));
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
