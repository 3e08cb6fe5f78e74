package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Something that is written as the inside of a JSON object. */
interface JsonText {
  /** Writes names and values. */
  void write(JsonWriter json) throws IOException;

  /** The object's text. */
  static String object(JsonText content) {
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
