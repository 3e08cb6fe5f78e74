package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/**
 * Each number times a constant, plus a constant: {@code y = factor x + summand}. {@code (0.2, 0)}
 * makes 0.6 of 3; a network's {@code 1 - x} is {@code (-1, 1)}.
 *
 * @param factor what each number is multiplied by
 * @param summand what is added then
 */
public record ScaleSpec(double factor, double summand) implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a constant is not finite
   */
  public ScaleSpec {
    if (!Double.isFinite(factor) || !Double.isFinite(summand)) {
      throw ShapeException.of(
          "a constant must be a finite number",
          "The factor is " + factor + ", the summand " + summand + ".",
          "Use one that a float holds.");
    }
  }

  /** {@code x * factor}. */
  public static ScaleSpec times(double factor) {
    return new ScaleSpec(factor, 0);
  }

  /** {@code x + summand}. */
  public static ScaleSpec plus(double summand) {
    return new ScaleSpec(1, summand);
  }

  @Override
  public String type() {
    return factor == 1 ? "add" : "mul";
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  /** {@code mul(0.2)}, {@code add(1.0)}, {@code mul(-1.0, add=1.0)}. */
  @Override
  public String toString() {
    return factor == 1
        ? Call.of(type()).with(summand).toString()
        : Call.of(type()).with(factor).with("add", summand, 0.0).toString();
  }
}
