package io.github.convlens.layer;

import java.util.List;

/**
 * What convolutions and pools have in common: a window on each spatial axis of a sequence, a
 * picture or a volume.
 *
 * @param kernel taps per axis
 * @param stride positions per step
 * @param padding what is put around the input
 * @param dilation distance of neighbouring taps
 */
public record Windows(Size kernel, Size stride, Padding padding, Size dilation) {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small, or padding is 'same' where the stride is not 1
   * @throws IllegalArgumentException if the parts do not have the same axes
   */
  public Windows {
    kernel.requireAtLeast(1, "kernel_size");
    stride.requireAtLeast(1, "stride");
    dilation.requireAtLeast(1, "dilation");
    List<Axis> axes = kernel.axes();
    if (!axes.equals(stride.axes())
        || !axes.equals(dilation.axes())
        || (padding instanceof Padding.Explicit sides && !axes.equals(sides.before().axes()))) {
      throw new IllegalArgumentException(
          "kernel "
              + kernel
              + ", stride "
              + stride
              + ", padding "
              + padding
              + " and dilation "
              + dilation
              + " must be for the same axes.");
    }
    if (padding == Padding.Automatic.SAME) {
      for (Axis axis : axes) {
        padding.window(axis, 1, 1, stride.on(axis), 1);
      }
    }
  }

  /** Windows that move one position a step, without padding or dilation. */
  public static Windows of(Size kernel) {
    Size one = kernel.map(n -> 1);
    return new Windows(kernel, one, Padding.none(kernel.axes().size()), one);
  }

  /** The axes that have a window, outermost first. */
  public List<Axis> axes() {
    return kernel.axes();
  }

  /** The same with another stride. */
  public Windows withStride(Size newStride) {
    return new Windows(kernel, newStride, padding, dilation);
  }

  /** The same with another padding. */
  public Windows withPadding(Padding newPadding) {
    return new Windows(kernel, stride, newPadding, dilation);
  }

  /** The same with a padding per side. */
  public Windows withPadding(Size perSide) {
    return withPadding(Padding.Explicit.symmetric(perSide));
  }

  /** The same with another dilation. */
  public Windows withDilation(Size newDilation) {
    return new Windows(kernel, stride, padding, newDilation);
  }

  /**
   * The window on one axis of an input with so many positions.
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
