package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Shapes and sizes as text, in the two ways in which people write them. */
public final class ShapeText {
  private ShapeText() {}

  /** As Python's lists: {@code [1, 3, 224, 224]}. */
  public static String listed(Shape shape) {
    return Arrays.toString(shape.getShape());
  }

  /** As in tables and on the command line: {@code 1x3x224x224}. */
  public static String crossed(Shape shape) {
    return Arrays.stream(shape.getShape())
        .mapToObj(Long::toString)
        .collect(Collectors.joining("x"));
  }

  /** Rows by columns: {@code 224x320}. */
  public static String crossed(Size size) {
    return size.height() + "x" + size.width();
  }
}
