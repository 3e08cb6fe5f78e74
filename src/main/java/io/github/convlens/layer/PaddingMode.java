package io.github.convlens.layer;

import io.github.convlens.layer.internal.Exact;
import java.util.OptionalLong;

/** What stands in the padding around a picture. */
public enum PaddingMode {
  /** Zeros. */
  ZEROS("zeros"),
  /** The picture mirrored at its outermost row, which is not repeated: needs padding below size. */
  REFLECT("reflect"),
  /** The outermost row repeated. */
  REPLICATE("replicate"),
  /** The opposite side of the picture: needs padding not above size. */
  CIRCULAR("circular");

  private final String notation;

  PaddingMode(String notation) {
    this.notation = notation;
  }

  /** The word that PyTorch's {@code padding_mode} takes. */
  @Override
  public String toString() {
    return notation;
  }

  /**
   * The position of the picture whose value stands at a position of the padding: for reflect -1 is
   * 1, for replicate 0, for circular size - 1; empty for zeros. A position inside is itself.
   *
   * @param position a position at most as far outside as {@link #check} allows
   * @param size the picture's size on the axis
   */
  OptionalLong source(long position, long size) {
    if (position >= 0 && position < size) {
      return OptionalLong.of(position);
    }
    return switch (this) {
      case ZEROS -> OptionalLong.empty();
      case REFLECT -> OptionalLong.of(position < 0 ? -position : 2 * (size - 1) - position);
      case REPLICATE -> OptionalLong.of(position < 0 ? 0 : size - 1);
      case CIRCULAR -> OptionalLong.of(Math.floorMod(position, size));
    };
  }

  /** The most that this mode can put at one end of an axis of so many positions. */
  long largest(long size) {
    return switch (this) {
      case ZEROS, REPLICATE -> Long.MAX_VALUE;
      case REFLECT -> size - 1;
      case CIRCULAR -> size;
    };
  }

  /**
   * Checks this mode's own limit on one axis.
   *
   * @param axis the axis, for the message
   * @param size the input's size on it
   * @param padding the larger of the paddings at its two ends
   * @param least what the layer needs of the input for other reasons, at least 1
   * @throws ShapeException if the picture has too few rows or columns to fill the padding
   */
  void check(Axis axis, long size, long padding, long least) {
    long limit = largest(size);
    if (padding > limit) {
      String rule =
          this == REFLECT
              ? "reflected padding must be smaller than the input"
              : "circular padding must not be larger than the input";
      long needed = Math.max(least, this == REFLECT ? Exact.add(padding, 1) : padding);
      throw ShapeException.of(
              rule,
              "The padding is " + padding + " but the input is " + size + ".",
              "Use padding <= " + limit + ", or an input of at least " + needed + " here.")
          .on(axis)
          .needing(needed);
    }
  }
}
