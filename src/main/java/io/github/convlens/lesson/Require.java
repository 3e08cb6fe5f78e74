package io.github.convlens.lesson;

/** Bounds that the claims' numbers keep. */
final class Require {
  /** More layers or pixels than this are no picture and no network. */
  private static final long MOST = 10_000;

  private Require() {}

  /**
   * Rejects numbers that are not from 1 to 10,000.
   *
   * @throws IllegalArgumentException naming the number
   */
  static void count(long value, String name) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException(
          name + " must be from 1 to " + MOST + ".\nHere it is " + value + ".");
    }
  }
}
