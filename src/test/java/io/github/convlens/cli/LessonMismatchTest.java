package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import io.github.convlens.language.Language;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiment.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code convlens lesson} says where the engine does not do what the lesson expects. */
class LessonMismatchTest {
  private final StringWriter out = new StringWriter();

  private static Experiment experiment(String title, String expected, String result) {
    return new Experiment(
        Section.POOLING, title, "", List.of("X.getShape()"), expected, List.of(), m -> result);
  }

  private static ExperimentsPart part(Section section, Experiment... experiments) {
    return new ExperimentsPart(section, List.of(experiments), List.of(), Language.ENGLISH);
  }

  private boolean print(Experiment... experiments) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return LessonCommand.print(
          List.of(part(Section.POOLING, experiments)), Optional.of(manager), new PrintWriter(out));
    }
  }

  @Test
  void oneWrongResultIsToldInTheEnd() {
    assertFalse(
        print(experiment("the first", "[2, 3]", "[2, 3]"), experiment("the second", "[5]", "[6]")));
    assertEquals(
        """
        == Pooling ==
        Notebook: notebooks-java/04-pooling.ipynb
        d2l: Pooling
             https://d2l.ai/chapter_convolutional-neural-networks/pooling.html

        1. the first
             X.getShape()
           = [2, 3]
           as in the notebook: yes

        2. the second
             X.getShape()
           = [6]
           as in the notebook: NO, it should be
             [5]

        pooling: 1 of 2 as in the notebook: [2, 3], [6]
        """,
        out.toString());
  }

  @Test
  void onlyRightResultsAreRight() {
    assertTrue(print(experiment("the only one", "[2, 3]", "[2, 3]")));
  }

  /** A wrong part is not forgotten behind a right one. */
  @Test
  void aLaterRightPartDoesNotMendAnEarlierOne() {
    try (NDManager manager = NDManager.newBaseManager()) {
      assertFalse(
          LessonCommand.print(
              List.of(
                  part(Section.POOLING, experiment("one", "[1]", "[2]")),
                  part(Section.LENET, experiment("two", "[1]", "[1]"))),
              Optional.of(manager),
              new PrintWriter(out)));
    }
  }

  @Test
  void theJsonAnswerSaysWhichResultIsWrong() throws IOException {
    CommandLine command = new LessonCommand().commandLine();
    command.setOut(new PrintWriter(out, true));
    LessonForm form = new LessonJson(new JsonAnswer(command));
    List<LessonPart> parts =
        List.of(
            part(Section.LENET, experiment("one", "[1]", "[2]")),
            part(Section.POOLING, experiment("two", "[1]", "[1]")));
    try (NDManager manager = NDManager.newBaseManager()) {
      assertFalse(form.answer(parts, Optional.of(manager)));
    }
    assertEquals(
        "[{number=1.0, title=one, notation=null, code=[X.getShape()], arithmetic=[], result=[2],"
            + " expected=[1], matches=false}]",
        new Gson()
            .fromJson(out.toString(), Answer.class)
            .sections
            .get(0)
            .get("experiments")
            .toString());
    assertTrue(
        out.toString().contains("\"matches\":true}]}],\"asExpected\":false,"), out::toString);
  }

  private record Answer(List<Map<String, Object>> sections) {}
}
