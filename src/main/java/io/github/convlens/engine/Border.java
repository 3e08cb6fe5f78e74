package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Window;

/**
 * Rows and columns to put around a picture (batch, channels, height, width); negative numbers cut
 * off. The intermediate arrays belong to the picture's manager: call within {@link Scratch}.
 */
record Border(long top, long bottom, long left, long right) {
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  /** The paddings of a window on each axis. */
  static Border of(Window height, Window width) {
    return new Border(height.padBefore(), height.padAfter(), width.padBefore(), width.padAfter());
  }

  boolean isEmpty() {
    return top == 0 && bottom == 0 && left == 0 && right == 0;
  }

  /** The picture with a constant around it. */
  NDArray fill(NDArray picture, double value) {
    if (isEmpty()) {
      return picture;
    }
    // Put on before cutting off: a cut at one end may be longer than the picture itself.
    NDArray larger = picture;
    Border added = map(0, Long.MAX_VALUE);
    if (!added.isEmpty()) {
      larger = picture.pad(new Shape(added.left, added.right, added.top, added.bottom), value);
    }
    return cut(larger);
  }

  /** The picture without what negative numbers take off. */
  private NDArray cut(NDArray picture) {
    Border cut = map(Long.MIN_VALUE, 0);
    if (cut.isEmpty()) {
      return picture;
    }
    Shape shape = picture.getShape();
    return picture.get(
        new NDIndex()
            .addAllDim(HEIGHT)
            .addSliceDim(-cut.top, shape.get(HEIGHT) + cut.bottom)
            .addSliceDim(-cut.left, shape.get(WIDTH) + cut.right));
  }

  private Border map(long least, long most) {
    return new Border(
        Math.max(least, Math.min(most, top)),
        Math.max(least, Math.min(most, bottom)),
        Math.max(least, Math.min(most, left)),
        Math.max(least, Math.min(most, right)));
  }

  /**
   * The picture with what the mode says around it; then negative numbers cut off, as in PyTorch.
   */
  NDArray extend(NDArray picture, PaddingMode mode) {
    return switch (mode) {
      case ZEROS -> fill(picture, 0);
      case REFLECT, REPLICATE, CIRCULAR ->
          cut(extend(extend(picture, mode, HEIGHT, top, bottom), mode, WIDTH, left, right));
    };
  }

  private static NDArray extend(
      NDArray picture, PaddingMode mode, int axis, long before, long after) {
    NDList parts = new NDList(3);
    if (before > 0) {
      parts.add(before(picture, mode, axis, before));
    }
    parts.add(picture);
    if (after > 0) {
      parts.add(after(picture, mode, axis, after));
    }
    return parts.size() == 1 ? picture : join(parts, axis);
  }

  private static NDArray join(NDList parts, int axis) {
    NDArray first = parts.get(0);
    return first.getNDArrayInternal().concat(parts.subNDList(1), axis);
  }

  private static NDArray before(NDArray picture, PaddingMode mode, int axis, long count) {
    long size = picture.getShape().get(axis);
    return switch (mode) {
      case REFLECT -> slice(picture, axis, 1, 1 + count).flip(axis);
      case CIRCULAR -> slice(picture, axis, size - count, size);
      case REPLICATE, ZEROS -> slice(picture, axis, 0, 1).repeat(axis, count);
    };
  }

  private static NDArray after(NDArray picture, PaddingMode mode, int axis, long count) {
    long size = picture.getShape().get(axis);
    return switch (mode) {
      case REFLECT -> slice(picture, axis, size - 1 - count, size - 1).flip(axis);
      case CIRCULAR -> slice(picture, axis, 0, count);
      case REPLICATE, ZEROS -> slice(picture, axis, size - 1, size).repeat(axis, count);
    };
  }

  private static NDArray slice(NDArray picture, int axis, long from, long to) {
    return picture.get(new NDIndex().addAllDim(axis).addSliceDim(from, to));
  }
}
