package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Shapes and numbers as text, as Python would print them: {@code [8, 8]}, {@code [[19, 25], [37,
 * 43]]}.
 */
public final class Numbers {
  private Numbers() {}

  /** A shape: {@code [1, 6, 28, 28]}. */
  public static String text(Shape shape) {
    return ShapeText.listed(shape);
  }

  /** All elements in nested brackets, one pair for each axis, rounded to at most five decimals. */
  public static String text(NDArray array) {
    try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
      double[] elements = wide.toDoubleArray();
      StringBuilder text = new StringBuilder();
      append(text, elements, 0, array.getShape().getShape(), 0);
      return text.toString();
    }
  }

  /** A number without needless zeros: {@code 19}, {@code 0.98847}. */
  public static String text(double number) {
    BigDecimal rounded = new BigDecimal(number).setScale(5, RoundingMode.HALF_EVEN);
    String text = rounded.stripTrailingZeros().toPlainString();
    return text.equals("-0") ? "0" : text;
  }

  /**
   * The numbers of a matrix (h, w), row by row: {@code h} arrays of {@code w}.
   *
   * @throws IllegalArgumentException if the array is not a matrix
   */
  public static double[][] rows(NDArray matrix) {
    Shape shape = matrix.getShape();
    if (shape.dimension() != 2) {
      throw new IllegalArgumentException(
          "only a matrix has rows, but the shape is " + text(shape) + ".\nUse get(i) or reshape.");
    }
    try (NDArray wide = matrix.toType(DataType.FLOAT64, true)) {
      double[] elements = wide.toDoubleArray();
      int width = Math.toIntExact(shape.get(1));
      double[][] rows = new double[Math.toIntExact(shape.get(0))][];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = Arrays.copyOfRange(elements, row * width, (row + 1) * width);
      }
      return rows;
    }
  }

  private static int append(
      StringBuilder text, double[] elements, int from, long[] shape, int axis) {
    if (axis == shape.length) {
      text.append(text(elements[from]));
      return from + 1;
    }
    int next = from;
    text.append('[');
    for (long i = 0; i < shape[axis]; i++) {
      text.append(i == 0 ? "" : ", ");
      next = append(text, elements, next, shape, axis + 1);
    }
    text.append(']');
    return next;
  }
}
