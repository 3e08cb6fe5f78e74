package io.github.convlens.lesson;

/** Where code in a {@link LearnersShell}, which runs in this process, leaves its value. */
public final class LearnersResult {
  /** The value of the last line. */
  public static Object value;

  private LearnersResult() {}
}
