package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.lesson.Claim;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiment.Outcome;
import io.github.convlens.lesson.Measurement;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The answer of {@code convlens lesson} as one object: its sections, and whether all is right. */
final class LessonJson implements LessonForm {
  private final JsonAnswer answer;
  private boolean right = true;

  LessonJson(JsonAnswer answer) {
    this.answer = answer;
  }

  @Override
  public boolean answer(List<? extends LessonPart> parts, Optional<NDManager> manager)
      throws IOException {
    answer.print(
        json -> {
          json.name("sections").beginArray();
          for (LessonPart part : parts) {
            json.beginObject();
            if (part instanceof ExperimentsPart experiments) {
              write(experiments, manager, json);
            } else if (part instanceof NotesPart notes) {
              write(notes, manager, json);
            }
            json.endObject();
          }
          json.endArray().name("asExpected").value(right);
        });
    return right;
  }

  private void write(ExperimentsPart part, Optional<NDManager> manager, JsonWriter json)
      throws IOException {
    head(part.section().word(), part, json);
    json.name("book").beginObject();
    json.name("title").value(part.section().bookTitle(part.language()));
    json.name("link").value(part.section().bookLink(part.language())).endObject();
    json.name("experiments").beginArray();
    for (int number : part.numbers()) {
      Outcome outcome = part.run(number, manager.orElseThrow());
      right &= outcome.matches();
      write(number, outcome, json);
    }
    json.endArray();
  }

  private static void write(int number, Outcome outcome, JsonWriter json) throws IOException {
    Experiment experiment = outcome.experiment();
    json.beginObject().name("number").value(number).name("title").value(experiment.title());
    text(json, "notation", Optional.of(experiment.notation()).filter(text -> !text.isEmpty()));
    JsonAnswer.texts(json, "code", experiment.code());
    JsonAnswer.texts(json, "arithmetic", experiment.arithmetic());
    json.name("result").value(outcome.result()).name("expected").value(experiment.expected());
    json.name("matches").value(outcome.matches()).endObject();
  }

  private void write(NotesPart part, Optional<NDManager> manager, JsonWriter json)
      throws IOException {
    head("notes", part, json);
    json.name("claims").beginArray();
    for (Claim claim : part.claims()) {
      json.beginObject().name("number").value(claim.number());
      json.name("statement").value(claim.statement());
      JsonAnswer.texts(json, "arithmetic", claim.lines());
      if (claim.onEngine().isPresent()) {
        write(claim.onEngine().get().measure(manager.orElseThrow()), json);
      }
      json.name("verdict").value(claim.verdict().outcome().name());
      json.name("reason").value(claim.verdict().reason()).endObject();
    }
    json.endArray();
  }

  private void write(Measurement measurement, JsonWriter json) throws IOException {
    right &= measurement.agrees();
    json.name("engine").beginObject();
    JsonAnswer.texts(json, "lines", measurement.lines());
    json.name("agrees").value(measurement.agrees()).endObject();
  }

  private static void head(String word, LessonPart part, JsonWriter json) throws IOException {
    json.name("section").value(word);
    text(json, "notebook", part.notebook());
  }

  /** A text, or null. */
  private static void text(JsonWriter json, String name, Optional<String> text) throws IOException {
    json.name(name);
    if (text.isPresent()) {
      json.value(text.get());
    } else {
      json.nullValue();
    }
  }
}
