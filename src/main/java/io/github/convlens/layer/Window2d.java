package io.github.convlens.layer;

/**
 * A window on a picture: what convolutions and pools have in common.
 *
 * @param kernel taps per axis
 * @param stride positions per step
 * @param padding what is put around the picture
 * @param dilation distance of neighbouring taps
 */
public record Window2d(Size kernel, Size stride, Padding padding, Size dilation) {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small, or padding is 'same' where the stride is not 1
   */
  public Window2d {
    kernel.requireAtLeast(1, "kernel_size");
    stride.requireAtLeast(1, "stride");
    dilation.requireAtLeast(1, "dilation");
    if (padding == Padding.Automatic.SAME) {
      for (Axis axis : Axis.values()) {
        padding.window(axis, 1, 1, stride.on(axis), 1);
      }
    }
  }

  /** A window that moves one position a step, without padding or dilation. */
  public static Window2d of(Size kernel) {
    return new Window2d(kernel, Size.ONE, Padding.NONE, Size.ONE);
  }

  /** The same with another stride. */
  public Window2d withStride(Size newStride) {
    return new Window2d(kernel, newStride, padding, dilation);
  }

  /** The same with another padding. */
  public Window2d withPadding(Padding newPadding) {
    return new Window2d(kernel, stride, newPadding, dilation);
  }

  /** The same with a padding per side. */
  public Window2d withPadding(Size perSide) {
    return withPadding(Padding.Explicit.symmetric(perSide));
  }

  /** The same with another dilation. */
  public Window2d withDilation(Size newDilation) {
    return new Window2d(kernel, stride, padding, newDilation);
  }

  /**
   * The window on one axis of an input with so many rows or columns.
   *
   * @throws ShapeException if the padding cannot be had
   */
  public Window on(Axis axis, long input) {
    return padding.window(axis, input, kernel.on(axis), stride.on(axis), dilation.on(axis));
  }

  /**
   * The output's size on one axis.
   *
   * @throws ShapeException naming the axis, if the window does not fit
   */
  public long outputSize(Axis axis, long input, Rounding rounding) {
    return outputSize(axis, input, rounding, Window.Bounds.NONE);
  }

  /** The same for a layer with bounds of its own. */
  long outputSize(Axis axis, long input, Rounding rounding, Window.Bounds bounds) {
    try {
      return on(axis, input).outputSize(input, rounding, bounds);
    } catch (ShapeException e) {
      throw e.on(axis);
    }
  }
}
