package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Sizes;
import java.util.List;

/**
 * A spatial axis of an input in the layout (batch, channels, ...): a sequence has a length, a
 * picture height and width, a volume depth, height and width.
 */
public enum Axis {
  /** Through the slices of a volume: the third axis from the end. */
  DEPTH(2, "slices"),
  /** Down the rows of a picture or volume: the second axis from the end. */
  HEIGHT(1, "rows"),
  /** Along a row of a picture or volume: the last axis. */
  WIDTH(0, "columns"),
  /** Along a sequence: its only spatial axis, the last one. */
  LENGTH(0, "positions");

  private static final List<List<Axis>> BY_NUMBER =
      List.of(List.of(), List.of(LENGTH), List.of(HEIGHT, WIDTH), List.of(DEPTH, HEIGHT, WIDTH));

  private final int fromEnd;
  private final String lines;

  Axis(int fromEnd, String lines) {
    this.fromEnd = fromEnd;
    this.lines = lines;
  }

  /**
   * The axes of a layer with so many of them, outermost first.
   *
   * @param number 0 to 3
   */
  public static List<Axis> of(int number) {
    return BY_NUMBER.get(number);
  }

  /**
   * The spatial axes of a shape (batch, channels, ...), outermost first; none where it has no axis
   * behind the channels or more than three.
   */
  public static List<Axis> in(Shape shape) {
    int number = shape.dimension() - 2;
    return number < 0 || number > 3 ? List.of() : BY_NUMBER.get(number);
  }

  /** The axis's place in a shape with so many axes: 2 and 3 for a picture's height and width. */
  public int index(int rank) {
    return rank - 1 - fromEnd;
  }

  /**
   * A shape's size on this axis.
   *
   * @param shape (batch, channels, ...), with this axis
   */
  public long of(Shape shape) {
    return shape.get(index(shape.dimension()));
  }

  /** A shape with another size on this axis. */
  public Shape with(Shape shape, long size) {
    long[] sizes = shape.getShape().clone();
    sizes[index(sizes.length)] = size;
    return Sizes.shape(sizes);
  }

  /** What its positions are called: {@code rows}, {@code columns}. */
  public String lines() {
    return lines;
  }

  /** The axis's name in messages: {@code height}. */
  @Override
  public String toString() {
    return switch (this) {
      case DEPTH -> "depth";
      case HEIGHT -> "height";
      case WIDTH -> "width";
      case LENGTH -> "length";
    };
  }
}
