package io.github.convlens.lesson;

import java.util.List;

/**
 * What the engine did with a claim.
 *
 * @param lines what was measured, line by line; times differ from run to run
 * @param agreement whether the engine bears the arithmetic out
 */
public record Measurement(List<String> lines, Agreement agreement) {
  /** Whether counting on the engine and arithmetic come to the same. Times are not judged. */
  public enum Agreement {
    /** Everything that can be counted on the engine is as the arithmetic has it. */
    AGREES,
    /** Something is not: the arithmetic or the engine is at fault, whatever the claim says. */
    DISAGREES;

    /** {@code AGREES} if both are equal. */
    static Agreement of(Object counted, Object calculated) {
      return counted.equals(calculated) ? AGREES : DISAGREES;
    }

    /** {@code AGREES} if both agree. */
    Agreement and(Agreement other) {
      return this == AGREES ? other : this;
    }
  }

  /** Takes a copy of the list. */
  public Measurement {
    lines = List.copyOf(lines);
  }
}
