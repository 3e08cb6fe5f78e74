package io.github.convlens.program;

/** What has a name in a program. */
public sealed interface Value {
  /** Its name in the graph. */
  String name();

  /**
   * An array.
   *
   * @param type its elements and sizes
   */
  record Tensor(String name, TensorType type) implements Value {}

  /**
   * A number that depends on sizes.
   *
   * @param expression how
   */
  record Symbolic(String name, Dim expression) implements Value {}
}
