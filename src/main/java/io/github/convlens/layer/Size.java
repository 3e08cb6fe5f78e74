package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.function.LongUnaryOperator;

/**
 * A number for each spatial axis: a kernel's size, a stride, a dilation, a padding per side.
 *
 * @param height the number for the vertical axis
 * @param width the number for the horizontal axis
 */
public record Size(long height, long width) {
  /** One in both directions: the default of stride and dilation. */
  public static final Size ONE = new Size(1, 1);

  /** Zero in both directions: the default of padding. */
  public static final Size ZERO = new Size(0, 0);

  /** The same number for both axes. */
  public static Size square(long side) {
    return new Size(side, side);
  }

  /** The number for the given axis. */
  public long on(Axis axis) {
    return axis == Axis.HEIGHT ? height : width;
  }

  /**
   * The number of positions, {@code height x width}.
   *
   * @throws ShapeException if it passes 2^63 - 1
   */
  public long area() {
    return Exact.multiply(height, width);
  }

  /** Whether both numbers are equal. */
  public boolean isSquare() {
    return height == width;
  }

  /** The size with the operator applied to both numbers. */
  public Size map(LongUnaryOperator operator) {
    return new Size(operator.applyAsLong(height), operator.applyAsLong(width));
  }

  /** (height, width), as DJL takes kernels, strides and paddings. */
  public Shape toShape() {
    return new Shape(height, width);
  }

  /** A Python tuple, as PyTorch prints it: {@code (3, 5)}. */
  @Override
  public String toString() {
    return "(" + height + ", " + width + ")";
  }

  /** A number where both are equal, a tuple otherwise: {@code 3} or {@code (3, 5)}. */
  public String toShortString() {
    return isSquare() ? Long.toString(height) : toString();
  }

  /** Rejects numbers below a bound; {@code name} is the argument's name in PyTorch. */
  Size requireAtLeast(long bound, String name) {
    if (height < bound || width < bound) {
      Axis axis = height < bound ? Axis.HEIGHT : Axis.WIDTH;
      throw ShapeException.of(
          name + " must be at least " + bound + " on every axis",
          "Here it is " + on(axis) + " for the " + axis + ".",
          "Use " + name + "=" + bound + " or more.");
    }
    return this;
  }
}
