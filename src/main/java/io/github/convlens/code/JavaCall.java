package io.github.convlens.code;

/** How a layer is called in Java. */
sealed interface JavaCall {
  /** By a block. */
  record OfBlock(Fragment block) implements JavaCall {}

  /**
   * By operations on arrays.
   *
   * @param text the expression, with {@code <0>}, {@code <1>}, ... for the arrays
   */
  record OfArrays(String text) implements JavaCall {}

  /** Not at all: its output is its only input. */
  record Nothing() implements JavaCall {}
}
