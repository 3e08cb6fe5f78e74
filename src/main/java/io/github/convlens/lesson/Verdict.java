package io.github.convlens.lesson;

import io.github.convlens.language.Language;
import java.util.List;

/**
 * What the arithmetic says about a claim.
 *
 * @param outcome whether it is as the claim says
 * @param reason how it is instead, or in which cases it is so, with the numbers; empty where it is
 *     right
 * @param language what the reason is in
 */
public record Verdict(Outcome outcome, String reason, Language language) {
  /** Whether it is as a claim says. */
  public enum Outcome {
    /** It is. */
    RIGHT,
    /** In some cases. */
    RIGHT_UNDER_A_CONDITION,
    /** It is not. */
    WRONG
  }

  static Verdict right(Language language) {
    return new Verdict(Outcome.RIGHT, "", language);
  }

  static Verdict wrong(Language language, String reason) {
    return new Verdict(Outcome.WRONG, reason, language);
  }

  /** Wrong for all of these reasons; right if there are none. */
  static Verdict unless(Language language, List<String> wrong) {
    return wrong.isEmpty()
        ? right(language)
        : wrong(language, language.say("%s.", listed(language, wrong)));
  }

  static Verdict conditional(Language language, String reason) {
    return new Verdict(Outcome.RIGHT_UNDER_A_CONDITION, reason, language);
  }

  /** Reasons one after the other. */
  static String listed(Language language, List<String> reasons) {
    return reasons.stream().reduce((one, next) -> language.say("%s; %s", one, next)).orElse("");
  }

  boolean isRight() {
    return outcome == Outcome.RIGHT;
  }

  /** The outcome in words: {@code RIGHT UNDER A CONDITION}. */
  public String word() {
    return language.say(outcome.name().replace('_', ' '));
  }

  /** {@code WRONG: it takes 55 layers.} */
  @Override
  public String toString() {
    return reason.isEmpty() ? word() : language.say("%s: %s", word(), reason);
  }
}
