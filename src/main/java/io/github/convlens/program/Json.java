package io.github.convlens.program;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON text. Gson's own tree asks for classes that Java in a browser lacks. What is
 * not there, or of another kind than is asked for, is an {@link IllegalStateException}; a number
 * that is none, or too large, a {@link NumberFormatException}.
 */
final class Json implements Iterable<Json> {
  /** A map, a list, a text (numbers too, exactly as they are written), a truth value, or null. */
  private final @Nullable Object value;

  private Json(@Nullable Object value) {
    this.value = value;
  }

  /**
   * Reads a text.
   *
   * @throws IOException if it is no JSON
   */
  static Json parse(String text) throws IOException {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.LENIENT); // Python writes Infinity without quotes
      Json json = read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("something stands behind the end");
      }
      return json;
    }
  }

  private static Json read(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        Map<String, Json> all = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
          all.put(reader.nextName(), read(reader));
        }
        reader.endObject();
        return new Json(all);
      }
      case BEGIN_ARRAY -> {
        List<Json> all = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
          all.add(read(reader));
        }
        reader.endArray();
        return new Json(all);
      }
      case BOOLEAN -> {
        return new Json(reader.nextBoolean());
      }
      case NULL -> {
        reader.nextNull();
        return new Json(null);
      }
      default -> {
        return new Json(reader.nextString());
      }
    }
  }

  private static IllegalStateException isNo(String kind) {
    return new IllegalStateException("the value is no " + kind);
  }

  @SuppressWarnings("unchecked") // read makes maps of this kind alone
  private Map<String, Json> members() {
    if (value instanceof Map) {
      return (Map<String, Json>) value;
    }
    throw isNo("object");
  }

  @SuppressWarnings("unchecked") // and lists
  private List<Json> items() {
    if (value instanceof List) {
      return (List<Json>) value;
    }
    throw isNo("array");
  }

  boolean isObject() {
    return value instanceof Map;
  }

  /** The names of an object's members, in their order. */
  Set<String> names() {
    return members().keySet();
  }

  boolean has(String name) {
    return members().containsKey(name);
  }

  /** An object's member. */
  Json at(String name) {
    Json member = members().get(name);
    if (member == null) {
      throw new IllegalStateException("there is no " + name);
    }
    return member;
  }

  /** An object's member; null where there is none, or it is null. */
  @Nullable Json find(String name) {
    Json member = members().get(name);
    return member == null || member.value == null ? null : member;
  }

  /** An array's item. */
  Json at(int place) {
    if (place < 0 || place >= items().size()) {
      throw new IllegalStateException("there is no item " + place);
    }
    return items().get(place);
  }

  /** How many items an array has. */
  int size() {
    return items().size();
  }

  /** An array's items. */
  @Override
  public Iterator<Json> iterator() {
    return items().iterator();
  }

  /** A text; a number or a truth value as it is written. */
  String text() {
    if (value instanceof String || value instanceof Boolean) {
      return value.toString();
    }
    throw isNo("text");
  }

  boolean truth() {
    return Boolean.parseBoolean(text());
  }

  /** A whole number, exactly. */
  long whole() {
    return Long.parseLong(text());
  }

  /** A number; JSON has no infinity, so PyTorch writes these in words. */
  double real() {
    return switch (text()) {
      case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      case "NaN", "nan" -> Double.NaN;
      default -> Double.parseDouble(text());
    };
  }
}
