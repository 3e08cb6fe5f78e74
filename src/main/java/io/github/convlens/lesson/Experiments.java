package io.github.convlens.lesson;

import io.github.convlens.lesson.Experiment.Section;
import java.util.List;
import java.util.stream.Stream;

/** All experiments of the lesson: one list for the command line, the examples and the tests. */
public final class Experiments {
  private static final List<Experiment> ALL =
      Stream.of(
              Convolution.experiments(),
              PaddingAndStride.experiments(),
              Channels.experiments(),
              Pooling.experiments(),
              LeNet.experiments(),
              Exercises.experiments())
          .flatMap(List::stream)
          .toList();

  private Experiments() {}

  /** The experiments in the lesson's order. */
  public static List<Experiment> all() {
    return ALL;
  }

  /** The experiments of one section. */
  public static List<Experiment> of(Section section) {
    return ALL.stream().filter(experiment -> experiment.section() == section).toList();
  }
}
