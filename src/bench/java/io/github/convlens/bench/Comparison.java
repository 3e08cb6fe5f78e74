package io.github.convlens.bench;

import java.io.IOException;
import java.util.Optional;

/**
 * A row of the table: what we need for something, and what another needs for the same.
 *
 * @param what what is measured
 * @param unit what it is measured in
 * @param ours our side
 * @param against who the other is
 * @param theirs the other's side
 * @param rounds how often both are measured, in turns, so that a busy machine slows both
 */
record Comparison(
    String what, Unit unit, Measurement ours, String against, Measurement theirs, int rounds) {

  /** What was found; without the other's samples there is no ratio. */
  record Result(Comparison of, Samples ours, Optional<Samples> theirs) {
    /** {@code median of ours / median of theirs}. */
    Optional<Double> ratio() {
      return theirs.map(other -> ours.median() / other.median());
    }
  }

  /** Nothing if our side cannot be measured here. */
  Optional<Result> measure() throws IOException, InterruptedException {
    Optional<Samples> mine = Optional.empty();
    Optional<Samples> others = Optional.empty();
    for (int round = 0; round < rounds; round++) {
      mine = joined(mine, ours.measure());
      others = joined(others, theirs.measure());
    }
    Optional<Samples> other = others;
    return mine.map(samples -> new Result(this, samples, other));
  }

  private static Optional<Samples> joined(Optional<Samples> some, Optional<Samples> more) {
    return some.isPresent() && more.isPresent()
        ? Optional.of(some.get().and(more.get()))
        : some.or(() -> more);
  }
}
