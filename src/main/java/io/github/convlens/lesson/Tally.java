package io.github.convlens.lesson;

import java.util.function.Supplier;

/** How often a formula gives what it should, and the first time that it does not. */
final class Tally {
  private long tried;
  private long right;
  private String counterexample = "";

  /** Counts one case. */
  void compare(Supplier<String> numbers, long formula, long places) {
    tried++;
    if (formula == places) {
      right++;
    } else if (counterexample.isEmpty()) {
      counterexample =
          "%s: the formula gives %d, it is %d.".formatted(numbers.get(), formula, places);
    }
  }

  /** How many cases there were. */
  long tried() {
    return tried;
  }

  /** {@code 948 of 948 right}. */
  String summary() {
    return right + " of " + tried + " right";
  }

  /** Right if every case was; otherwise the first that was not. */
  Verdict verdict() {
    return right == tried ? new Verdict.Right() : new Verdict.Wrong(counterexample);
  }
}
