package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.lesson.Experiment.Section;
import io.github.convlens.notebook.JavaShell;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every experiment gives what the lesson shows, compiled and as the code that learners read. */
class ExperimentsTest {
  /** What a learner has in front of an experiment's code. */
  private static final String PRELUDE =
      """
      import ai.djl.ndarray.*;
      import ai.djl.ndarray.index.*;
      import ai.djl.ndarray.types.*;
      import ai.djl.nn.*;
      import ai.djl.nn.convolutional.*;
      import ai.djl.nn.core.*;
      import ai.djl.nn.pooling.*;
      import ai.djl.training.*;
      import ai.djl.training.initializer.*;
      import io.github.convlens.lesson.*;
      import static io.github.convlens.lesson.D2l.*;
      import java.util.*;
      import java.util.function.*;
      import java.util.stream.*;
      NDManager manager = NDManager.newBaseManager();
      """;

  @Test
  void theLessonHasItsSections() {
    assertEquals(
        List.of(7, 4, 5, 6, 2, 16),
        Stream.of(Section.values()).map(section -> Experiments.of(section).size()).toList());
  }

  @TestFactory
  Stream<DynamicTest> runsOnTheEngine() {
    return Experiments.all().stream()
        .map(
            experiment ->
                DynamicTest.dynamicTest(
                    experiment.section().word() + ": " + experiment.title(),
                    () -> {
                      try (NDManager manager = NDManager.newBaseManager()) {
                        Experiment.Outcome outcome = experiment.run(manager);
                        assertEquals(experiment.expected(), outcome.result());
                        assertTrue(outcome.matches());
                        assertEquals(List.of(), manager.getManagedArrays());
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> theCodeShownGivesTheSame() {
    JavaShell shell = new JavaShell();
    shell.run(PRELUDE);
    return Stream.concat(
        Experiments.all().stream()
            .map(
                experiment ->
                    DynamicTest.dynamicTest(
                        experiment.section().word() + ": " + experiment.title(),
                        () -> assertEquals(experiment.expected(), result(shell, experiment)))),
        Stream.of(DynamicTest.dynamicTest("close", () -> close(shell))));
  }

  /** The value of the code's last line, as the lesson prints it. */
  private static String result(JavaShell shell, Experiment experiment) {
    Object value = shell.run(String.join("\n", experiment.code())).value().orElseThrow();
    if (value instanceof NDArray array) {
      return Numbers.text(array);
    }
    return value instanceof Shape shape ? Numbers.text(shape) : String.valueOf(value);
  }

  private static void close(JavaShell shell) {
    shell.run("manager.close();");
    shell.close();
  }

  @Test
  void anotherResultIsNotAMatch() {
    Experiment experiment = Experiments.all().get(0);
    assertFalse(new Experiment.Outcome(experiment, "[8, 9]").matches());
  }
}
