package io.github.convlens.layer;

/** A spatial axis of a picture in the layout (batch, channels, height, width). */
public enum Axis {
  /** Down the rows: the second to last axis of a shape. */
  HEIGHT,
  /** Along a row: the last axis of a shape. */
  WIDTH;

  /** The axis's name in messages: {@code height} or {@code width}. */
  @Override
  public String toString() {
    return this == HEIGHT ? "height" : "width";
  }
}
