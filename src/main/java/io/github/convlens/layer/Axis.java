package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/** A spatial axis of a picture in the layout (batch, channels, height, width). */
public enum Axis {
  /** Down the rows: the second to last axis of a shape. */
  HEIGHT,
  /** Along a row: the last axis of a shape. */
  WIDTH;

  /** The axis's place in the shape of a picture: 2 for the height, 3 for the width. */
  public int index() {
    return this == HEIGHT ? 2 : 3;
  }

  /**
   * A picture's size on this axis.
   *
   * @param picture (batch, channels, height, width)
   */
  public long of(Shape picture) {
    return picture.get(index());
  }

  /** The axis's name in messages: {@code height} or {@code width}. */
  @Override
  public String toString() {
    return this == HEIGHT ? "height" : "width";
  }
}
