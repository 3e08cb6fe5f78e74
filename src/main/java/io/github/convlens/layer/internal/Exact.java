package io.github.convlens.layer.internal;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;

/** Arithmetic of sizes and counts that fails loudly where 63 bits are not enough. */
public final class Exact {
  private Exact() {}

  /**
   * {@code a + b}.
   *
   * @throws ShapeException if the sum does not fit into a long
   */
  public static long add(long a, long b) {
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException e) {
      throw ShapeException.overflow(e);
    }
  }

  /**
   * {@code a x b}.
   *
   * @throws ShapeException if the product does not fit into a long
   */
  public static long multiply(long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw ShapeException.overflow(e);
    }
  }

  /** The greatest common divisor by Euclid's algorithm: 4 for 12 and 8; {@code a} for 0. */
  public static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * The product of the axes {@code from} (included) to {@code to} (not included) of a shape.
   *
   * @throws ShapeException if the product passes 2^63 - 1
   */
  public static long product(Shape shape, int from, int to) {
    long product = 1;
    for (int axis = from; axis < to; axis++) {
      product = multiply(product, shape.get(axis));
    }
    return product;
  }

  /**
   * The number of elements of a shape.
   *
   * @throws ShapeException if it passes 2^63 - 1
   */
  public static long elements(Shape shape) {
    return product(shape, 0, shape.dimension());
  }
}
