package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.convlens.lesson.Experiment.Section;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every experiment gives what the lesson shows, compiled and as the code that learners read. */
class ExperimentsTest {
  @Test
  void theLessonHasItsSections() {
    assertEquals(
        List.of(4, 5, 7, 6, 2, 16),
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
    LearnersShell shell = new LearnersShell();
    return Stream.concat(
        Experiments.all().stream()
            .map(
                experiment ->
                    DynamicTest.dynamicTest(
                        experiment.section().word() + ": " + experiment.title(),
                        () -> assertEquals(experiment.expected(), shell.run(experiment.code())))),
        Stream.of(DynamicTest.dynamicTest("close", shell::close)));
  }

  @Test
  void anotherResultIsNotAMatch() {
    Experiment experiment = Experiments.all().get(0);
    assertFalse(new Experiment.Outcome(experiment, "[8, 9]").matches());
  }
}
