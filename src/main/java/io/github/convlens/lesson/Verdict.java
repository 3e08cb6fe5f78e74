package io.github.convlens.lesson;

import java.util.List;

/**
 * What the arithmetic says about a claim.
 *
 * @param outcome whether it is as the claim says
 * @param reason how it is instead, or in which cases it is so, with the numbers; empty where it is
 *     right
 */
public record Verdict(Outcome outcome, String reason) {
  /** Whether it is as a claim says. */
  public enum Outcome {
    /** It is. */
    RIGHT,
    /** In some cases. */
    RIGHT_UNDER_A_CONDITION,
    /** It is not. */
    WRONG
  }

  static final Verdict RIGHT = new Verdict(Outcome.RIGHT, "");

  static Verdict wrong(String reason) {
    return new Verdict(Outcome.WRONG, reason);
  }

  /** Wrong for all of these reasons; right if there are none. */
  static Verdict unless(List<String> wrong) {
    return wrong.isEmpty() ? RIGHT : wrong(String.join("; ", wrong) + ".");
  }

  static Verdict conditional(String reason) {
    return new Verdict(Outcome.RIGHT_UNDER_A_CONDITION, reason);
  }

  boolean isRight() {
    return outcome == Outcome.RIGHT;
  }

  /** The outcome in words: {@code RIGHT UNDER A CONDITION}. */
  public String word() {
    return outcome.name().replace('_', ' ');
  }

  /** {@code WRONG: it takes 55 layers.} */
  @Override
  public String toString() {
    return reason.isEmpty() ? word() : word() + ": " + reason;
  }
}
