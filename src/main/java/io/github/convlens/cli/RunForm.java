package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import io.github.convlens.engine.Verification;
import io.github.convlens.engine.internal.Timing;
import java.io.IOException;
import java.util.List;

/** How the answers of {@code convlens run} are written. */
sealed interface RunForm permits RunText, RunJson {
  /**
   * An output.
   *
   * @param shape its shape in the rank of the question, as a list
   */
  void output(String shape, NDArray output);

  /** The most probable classes of each input of a batch. */
  void classes(List<List<TopClasses.Share>> inputs);

  /** Each layer's check. */
  void verification(Verification verification);

  /**
   * How long a pass takes.
   *
   * @param layout how the numbers lie in memory, where that is compared; else empty
   */
  void timing(String layout, Timing timing);

  /** That there is no more. */
  void end() throws IOException;
}
