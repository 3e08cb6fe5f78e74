package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.convlens.lesson.Experiment.Section;
import java.util.List;
import java.util.stream.Stream;

/** The chapter's exercises that have an answer to compute; expected is what PyTorch 2.13 says. */
final class Exercises {
  /** The lines that make {@link #twelve}. */
  static final List<String> TWELVE =
      List.of(
          "NDArray X = manager.create(",
          "    new float[][] {{3, 1, 4, 1}, {5, 9, 2, 6}, {5, 3, 5, 8}});");

  private Exercises() {}

  static List<Experiment> experiments() {
    return Stream.of(KernelExercises.experiments(), WindowExercises.experiments())
        .flatMap(List::stream)
        .toList();
  }

  /** A picture (3, 4) without order. */
  static NDArray twelve(NDManager manager) {
    return manager.create(new float[][] {{3, 1, 4, 1}, {5, 9, 2, 6}, {5, 3, 5, 8}});
  }

  static Experiment experiment(
      String title,
      List<String> code,
      String expected,
      List<String> arithmetic,
      Experiment.Body body) {
    return new Experiment(Section.EXERCISES, title, "", code, expected, arithmetic, body);
  }
}
