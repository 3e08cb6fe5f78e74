package io.github.convlens.cli;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine;

/**
 * A command's answer as one JSON object on one line. Its last member are the {@code notes}: what
 * standard error was told as such, but for how far something is.
 */
final class JsonAnswer {
  private final PrintWriter out;
  private final HeardNotes notes;

  /** The members of the object. */
  @FunctionalInterface
  interface Members {
    /** Writes them. */
    void write(JsonWriter json) throws IOException;
  }

  /** Listens from now on to what the command notes. */
  JsonAnswer(CommandLine command) {
    out = command.getOut();
    notes = new HeardNotes(command.getErr());
    command.setErr(new PrintWriter(notes, true));
  }

  /** Prints the answer. */
  void print(Members members) throws IOException {
    StringWriter text = new StringWriter();
    JsonWriter json = new JsonWriter(text);
    json.setHtmlSafe(false);
    json.beginObject();
    members.write(json);
    json.name("notes").beginArray();
    for (String note : notes.heard()) {
      json.value(note);
    }
    json.endArray().endObject().flush();
    out.println(Printable.line(text.toString()));
  }

  /** A size, outermost axis first. */
  static void size(JsonWriter json, String name, Size size) throws IOException {
    numbers(json, name, size.axes().stream().mapToLong(size::on));
  }

  /** Whole numbers. */
  static void numbers(JsonWriter json, String name, LongStream numbers) throws IOException {
    json.name(name).beginArray();
    for (long number : numbers.toArray()) {
      json.value(number);
    }
    json.endArray();
  }

  /** Texts. */
  static void texts(JsonWriter json, String name, List<String> texts) throws IOException {
    json.name(name).beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
  }

  /** A number; null for one that is infinite or none, which JSON has no word for. */
  static void number(JsonWriter json, String name, double number) throws IOException {
    json.name(name);
    if (Double.isFinite(number)) {
      json.value(number);
    } else {
      json.nullValue();
    }
  }
}
