package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import io.github.convlens.language.Language;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A claim of the lesson's notes, checked by arithmetic. {@link Claims#of(int, long...)} makes one
 * with other numbers: other numbers, another verdict.
 *
 * @param number its place in the notes, from 1
 * @param statement what the notes say, with the claim's numbers
 * @param lines the arithmetic: numbers, tables and curves, line by line
 * @param verdict what follows from it
 * @param onEngine how the engine does what the claim speaks of, where it is about work
 * @param again makes the same claim in a language; empty where that is not known
 */
public record Claim(
    int number,
    String statement,
    List<String> lines,
    Verdict verdict,
    Optional<OnEngine> onEngine,
    Optional<Function<Language, Claim>> again) {

  /** Work that can be measured as well as counted. */
  @FunctionalInterface
  public interface OnEngine {
    /**
     * Does it.
     *
     * @param manager names the device; nothing stays in it
     */
    Measurement measure(NDManager manager);
  }

  /** Takes a copy of the list. */
  public Claim {
    lines = List.copyOf(lines);
  }

  Claim(int number, String statement, List<String> lines, Verdict verdict) {
    this(number, statement, lines, verdict, Optional.empty(), Optional.empty());
  }

  Claim measuredBy(OnEngine work) {
    return new Claim(number, statement, lines, verdict, Optional.of(work), again);
  }

  /** What is claimed and checked in all languages, in English at first. */
  static Claim of(Function<Language, Claim> check) {
    return check.apply(Language.ENGLISH).checkedBy(check);
  }

  private Claim checkedBy(Function<Language, Claim> check) {
    return new Claim(number, statement, lines, verdict, onEngine, Optional.of(check));
  }

  /** The same claim with its statement, lines and verdict in another language. */
  public Claim in(Language language) {
    return again.map(check -> check.apply(language).checkedBy(check)).orElse(this);
  }
}
