package io.github.convlens.bench;

import java.io.IOException;
import java.util.Optional;

/** One side of a comparison. */
@FunctionalInterface
interface Measurement {
  /**
   * Measures once; a JMH run has several samples.
   *
   * @return seconds or bytes; nothing if what is to be measured is not on this machine
   */
  Optional<Samples> measure() throws IOException, InterruptedException;

  /** Nothing to compare with. */
  Measurement NONE = Optional::empty;

  /** The same, multiplied: by 1 / n for one of n answers. */
  default Measurement times(double factor) {
    return () -> measure().map(samples -> samples.times(factor));
  }
}
