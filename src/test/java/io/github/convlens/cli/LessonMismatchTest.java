package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import io.github.convlens.language.Language;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiment.Section;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

  private int print(Experiment... experiments) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return LessonCommand.print(
          List.of(part(Section.POOLING, experiments)), Optional.of(manager), new PrintWriter(out));
    }
  }

  @Test
  void oneWrongResultIsExitCodeOne() {
    assertEquals(
        1,
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
  void onlyRightResultsAreExitCodeZero() {
    assertEquals(0, print(experiment("the only one", "[2, 3]", "[2, 3]")));
  }

  /** A wrong part is not forgotten behind a right one. */
  @Test
  void aLaterRightPartDoesNotMendAnEarlierOne() {
    try (NDManager manager = NDManager.newBaseManager()) {
      assertEquals(
          1,
          LessonCommand.print(
              List.of(
                  part(Section.POOLING, experiment("one", "[1]", "[2]")),
                  part(Section.LENET, experiment("two", "[1]", "[1]"))),
              Optional.of(manager),
              new PrintWriter(out)));
    }
  }
}
