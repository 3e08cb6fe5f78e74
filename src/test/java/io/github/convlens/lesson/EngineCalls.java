package io.github.convlens.lesson;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** PyTorch's own profile of a piece of work: what was called from outside, and how often. */
final class EngineCalls {
  private EngineCalls() {}

  /** An operator's name and when it ran, in microseconds. */
  private record Event(String name, double start, double duration) {
    static Event of(JsonElement json) {
      JsonObject event = json.getAsJsonObject();
      return new Event(
          event.get("name").getAsString(),
          event.get("ts").getAsDouble(),
          event.get("dur").getAsDouble());
    }

    double end() {
      return start + duration;
    }
  }

  /**
   * How often each operator was called from Java, or by a script that was: {@code
   * {aten::matmul=1}}. What operators call in turn is theirs. Work on other threads at the same
   * time would be counted as well.
   */
  static Map<String, Integer> of(Path folder, Runnable work) throws IOException {
    Path profile = folder.resolve("profile.json");
    JniUtils.startProfile(false, false, false);
    work.run();
    JniUtils.stopProfile(profile.toString());
    List<Event> events = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(profile)) {
      JsonParser.parseReader(reader).getAsJsonArray().forEach(e -> events.add(Event.of(e)));
    }
    events.sort(
        Comparator.comparingDouble(Event::start)
            .thenComparing(Comparator.comparingDouble(Event::duration).reversed()));
    Map<String, Integer> calls = new TreeMap<>();
    double end = Double.NEGATIVE_INFINITY;
    for (Event event : events) {
      if (event.start() >= end && !event.name().equals("forward")) { // a script's own frame
        calls.merge(event.name(), 1, Integer::sum);
        end = event.end();
      }
    }
    return calls;
  }
}
