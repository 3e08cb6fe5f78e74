package io.github.convlens.cli;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.internal.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code convlens doctor} finds. */
sealed interface DoctorReport {
  /** Something that is as it should be, or is told so that others can judge it. */
  void fact(String name, String value);

  /** The same, a number. */
  void number(String name, long value);

  /** More about the fact before. */
  void remark(String text);

  /**
   * Something that is wrong, and what to do.
   *
   * @param name what is wrong; empty where it is about the fact before
   */
  void problem(String name, String text);

  /** A line for each as soon as it is found: what is behind it may end the process. */
  record Text(PrintWriter out) implements DoctorReport {
    private static final int VALUES_AT = 18;

    @Override
    public void fact(String name, String value) {
      String indented = value.replace("\n", "\n" + " ".repeat(VALUES_AT));
      out.printf(Locale.ROOT, "%-17s %s%n", name, Printable.lines(indented));
    }

    @Override
    public void number(String name, long value) {
      fact(name, Long.toString(value));
    }

    @Override
    public void remark(String text) {
      fact("", text);
    }

    @Override
    public void problem(String name, String text) {
      fact(name, "PROBLEM " + text);
    }
  }

  /** An object of all, written at the end: names in camel case, problems and remarks as lists. */
  final class Json implements DoctorReport {
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    @Override
    public void fact(String name, String value) {
      facts.put(camelCase(name), value);
    }

    @Override
    public void number(String name, long value) {
      numbers.put(camelCase(name), value);
    }

    @Override
    public void remark(String text) {
      remarks.add(text);
    }

    @Override
    public void problem(String name, String text) {
      problems.add(name.isEmpty() ? text : name + ": " + text);
    }

    /** {@code JNI library} is {@code jniLibrary}, {@code Device cuda:0} is {@code deviceCuda:0}. */
    private static String camelCase(String name) {
      StringBuilder joined = new StringBuilder();
      for (String word : name.split(" ", -1)) {
        String lower = word.toLowerCase(Locale.ROOT);
        joined.append(
            joined.isEmpty()
                ? lower
                : lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1));
      }
      return joined.toString();
    }

    /** Writes the members. */
    void write(JsonWriter json) throws IOException {
      for (Map.Entry<String, String> fact : facts.entrySet()) {
        json.name(fact.getKey()).value(fact.getValue());
      }
      for (Map.Entry<String, Long> number : numbers.entrySet()) {
        json.name(number.getKey()).value(number.getValue());
      }
      JsonAnswer.texts(json, "remarks", remarks);
      JsonAnswer.texts(json, "problems", problems);
    }
  }
}
