package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * A number for each spatial axis, outermost first: a kernel's size, a stride, a dilation, a padding
 * per side. {@code new Size(3, 5)} is 3 for the height and 5 for the width.
 */
public final class Size {
  /** One in both directions of a picture. */
  public static final Size ONE = new Size(1, 1);

  /** Zero in both directions of a picture. */
  public static final Size ZERO = new Size(0, 0);

  private final long[] numbers;

  /**
   * A size.
   *
   * @param numbers one to three numbers
   * @throws IllegalArgumentException if there are fewer or more
   */
  public Size(long... numbers) {
    if (numbers.length < 1 || numbers.length > 3) {
      throw new IllegalArgumentException(
          "a size has one to three numbers, not " + numbers.length + ".");
    }
    this.numbers = numbers.clone();
  }

  /** The same number for both axes of a picture. */
  public static Size square(long side) {
    return new Size(side, side);
  }

  /** The same number for each of so many axes. */
  public static Size all(int axes, long number) {
    long[] numbers = new long[axes];
    Arrays.fill(numbers, number);
    return new Size(numbers);
  }

  /** The axes that it has a number for, outermost first. */
  public List<Axis> axes() {
    return Axis.of(numbers.length);
  }

  /** How many axes these are. */
  int rank() {
    return numbers.length;
  }

  /** The number for the given axis, which must be one of {@link #axes}. */
  public long on(Axis axis) {
    return numbers[axis.index(numbers.length)];
  }

  /** The number for the vertical axis. */
  public long height() {
    return on(Axis.HEIGHT);
  }

  /** The number for the horizontal axis. */
  public long width() {
    return on(Axis.WIDTH);
  }

  /**
   * The product of all numbers: the taps of a kernel.
   *
   * @throws ShapeException if it passes 2^63 - 1
   */
  public long area() {
    long area = 1;
    for (long number : numbers) {
      area = Exact.multiply(area, number);
    }
    return area;
  }

  /** Whether all numbers are equal. */
  public boolean isSquare() {
    return isAll(numbers[0]);
  }

  /** Whether all numbers are this one. */
  public boolean isAll(long number) {
    for (long each : numbers) {
      if (each != number) {
        return false;
      }
    }
    return true;
  }

  /** The size with the operator applied to each number. */
  public Size map(LongUnaryOperator operator) {
    return new Size(Arrays.stream(numbers).map(operator).toArray());
  }

  /** As a shape of its numbers, as DJL takes kernels, strides and paddings. */
  public Shape toShape() {
    return new Shape(numbers.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Size size && Arrays.equals(numbers, size.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  /** A Python tuple, as PyTorch prints it: {@code (3, 5)}, {@code (3,)}. */
  @Override
  public String toString() {
    return numbers.length == 1
        ? "(" + numbers[0] + ",)"
        : ShapeText.joined(new StringBuilder("("), numbers, ", ").append(')').toString();
  }

  /** A number where all are equal, a tuple otherwise: {@code 3} or {@code (3, 5)}. */
  String toShortString() {
    return isSquare() ? Long.toString(numbers[0]) : toString();
  }

  /** Rejects numbers below a bound; {@code name} is the argument's name in PyTorch. */
  void requireAtLeast(long bound, String name) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < bound) {
        throw ShapeException.of(
            name + " must be at least " + bound + " on every axis",
            "Here it is " + numbers[i] + " for the " + axes().get(i) + ".",
            "Use " + name + "=" + bound + " or more.");
      }
    }
  }
}
