package io.github.convlens.layer.internal;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Size;
import java.util.Arrays;

/** Shapes and sizes as text, in the two ways in which people write them. */
public final class ShapeText {
  private ShapeText() {}

  /** As Python's lists: {@code [1, 3, 224, 224]}. */
  public static String listed(Shape shape) {
    return Arrays.toString(shape.getShape());
  }

  /** As in tables and on the command line: {@code 1x3x224x224}. */
  public static String crossed(Shape shape) {
    return joined(new StringBuilder(), shape.getShape(), "x").toString();
  }

  /** Rows by columns, or what there is: {@code 224x320}, {@code 100}, {@code 8x16x16}. */
  public static String crossed(Size size) {
    return crossed(size.toShape());
  }

  /** Numbers one behind the other, in a text that goes on. */
  public static StringBuilder joined(StringBuilder text, long[] numbers, String separator) {
    for (int i = 0; i < numbers.length; i++) {
      text.append(i == 0 ? "" : separator).append(numbers[i]);
    }
    return text;
  }
}
