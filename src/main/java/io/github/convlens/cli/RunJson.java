package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.engine.Verification;
import io.github.convlens.engine.internal.Timing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The answers of {@code convlens run} for programs, as one object at the end. */
final class RunJson implements RunForm {
  private final JsonAnswer answer;
  private final List<Output> outputs = new ArrayList<>();
  private final List<List<TopClasses.Share>> classes = new ArrayList<>();
  private @Nullable Verification verification;
  private final Map<String, Timing> timings = new LinkedHashMap<>();

  private record Output(String shape, RangeOf range) {}

  RunJson(JsonAnswer answer) {
    this.answer = answer;
  }

  @Override
  public void output(String shape, NDArray output) {
    outputs.add(new Output(shape, RangeOf.numbers(output)));
  }

  @Override
  public void classes(List<List<TopClasses.Share>> inputs) {
    classes.addAll(inputs);
  }

  @Override
  public void verification(Verification checked) {
    verification = checked;
  }

  @Override
  public void timing(String layout, Timing timing) {
    timings.put(layout, timing);
  }

  @Override
  public void end() throws IOException {
    answer.print(
        json -> {
          outputs(json);
          if (!classes.isEmpty()) {
            classes(json);
          }
          if (verification != null) {
            verification(json, verification);
          }
          if (!timings.isEmpty()) {
            timings(json);
          }
        });
  }

  private void outputs(JsonWriter json) throws IOException {
    json.name("outputs").beginArray();
    for (Output output : outputs) {
      json.beginObject().name("shape").jsonValue(output.shape());
      JsonAnswer.number(json, "least", output.range().least());
      JsonAnswer.number(json, "most", output.range().most());
      JsonAnswer.number(json, "mean", output.range().mean());
      json.name("notFinite").value(output.range().others()).endObject();
    }
    json.endArray();
  }

  private void classes(JsonWriter json) throws IOException {
    json.name("top").beginArray();
    for (List<TopClasses.Share> best : classes) {
      json.beginArray();
      for (TopClasses.Share share : best) {
        json.beginObject().name("class").value(share.index());
        if (share.name().isPresent()) {
          json.name("name").value(share.name().get());
        }
        JsonAnswer.number(json, "probability", share.probability());
        json.endObject();
      }
      json.endArray();
    }
    json.endArray();
  }

  private static void verification(JsonWriter json, Verification checked) throws IOException {
    json.name("verification").beginObject().name("agrees").value(checked.agrees());
    json.name("layers").beginArray();
    for (Verification.Check check : checked.checks()) {
      json.beginObject().name("path").value(check.path());
      json.name("layer").value(check.layer().type());
      JsonAnswer.numbers(json, "expected", LongStream.of(check.expected().getShape()));
      JsonAnswer.numbers(json, "output", LongStream.of(check.actual().getShape()));
      json.name("agrees").value(check.agrees()).name("compared").value(check.compared());
      if (check.isCompared()) {
        JsonAnswer.number(json, "difference", check.difference());
        JsonAnswer.number(json, "tolerance", check.tolerance());
      }
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void timings(JsonWriter json) throws IOException {
    json.name("timings").beginArray();
    for (Map.Entry<String, Timing> entry : timings.entrySet()) {
      Timing timing = entry.getValue();
      json.beginObject();
      if (!entry.getKey().isEmpty()) {
        json.name("layout").value(entry.getKey());
      }
      json.name("runs").value(timing.runs());
      JsonAnswer.number(json, "seconds", timing.seconds());
      json.name("macs").value(timing.macs());
      JsonAnswer.number(json, "macsPerSecond", timing.macsPerSecond());
      JsonAnswer.number(json, "peak", timing.peak());
      json.endObject();
    }
    json.endArray();
  }
}
