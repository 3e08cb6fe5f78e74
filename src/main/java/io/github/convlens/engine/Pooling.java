package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.AvgPoolSpec.Divisor;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;

/**
 * Pools. DJL's own where its arguments are enough; elsewhere an explicit border makes every window
 * lie inside the picture, and DJL's pool without padding does the rest.
 */
final class Pooling {
  private static final Shape NO_PADDING = new Shape(0, 0);

  private Pooling() {}

  static NDArray max(MaxPoolSpec layer, NDArray x) {
    Windows window = layer.window();
    if (!window.dilation().equals(Size.ONE)) {
      return maxOfTaps(layer, x);
    }
    Shape kernel = window.kernel().toShape();
    Shape stride = window.stride().toShape();
    if (window.padding() instanceof Padding.Explicit sides && sides.isSymmetric()) {
      Shape padding = sides.perSide().toShape();
      return Pool.maxPool2d(x, kernel, stride, padding, layer.rounding() == Rounding.CEIL);
    }
    NDArray bordered = border(window, layer.rounding(), x).fill(x, Double.NEGATIVE_INFINITY);
    return Pool.maxPool2d(bordered, kernel, stride, NO_PADDING, false);
  }

  /** The largest over the picture's shifted, strided copies, one for each tap of the kernel. */
  private static NDArray maxOfTaps(MaxPoolSpec layer, NDArray x) {
    Windows window = layer.window();
    NDArray bordered = border(window, layer.rounding(), x).fill(x, Double.NEGATIVE_INFINITY);
    Shape output = layer.output(x.getShape());
    NDList taps = new NDList();
    for (long row = 0; row < window.kernel().height(); row++) {
      for (long column = 0; column < window.kernel().width(); column++) {
        long top = row * window.dilation().height();
        long left = column * window.dilation().width();
        long down = window.stride().height();
        long across = window.stride().width();
        taps.add(
            bordered.get(
                new NDIndex()
                    .addAllDim(2)
                    .addSliceDim(top, top + (output.get(2) - 1) * down + 1, down)
                    .addSliceDim(left, left + (output.get(3) - 1) * across + 1, across)));
      }
    }
    // The maximum along an axis hands the gradient to one tap; a chain of maxima would share it.
    return NDArrays.stack(taps).max(new int[] {0});
  }

  static NDArray average(AvgPoolSpec layer, NDArray x) {
    Windows window = layer.window();
    Shape kernel = window.kernel().toShape();
    Shape stride = window.stride().toShape();
    // DJL hands countIncludePad on, but its native code counts the padding either way.
    if (layer.divisorOverride().isEmpty()
        && (layer.divisor() == Divisor.PADDED || window.padding().equals(Padding.NONE))
        && window.padding() instanceof Padding.Explicit sides
        && sides.isSymmetric()) {
      return Pool.avgPool2d(
          x, kernel, stride, sides.perSide().toShape(), layer.rounding() == Rounding.CEIL, true);
    }
    NDArray bordered = border(window, layer.rounding(), x).fill(x, 0);
    NDArray means = Pool.avgPool2d(bordered, kernel, stride, NO_PADDING, false, true);
    return means.mul(corrections(layer, x));
  }

  /** Kernel area / divisor for each output position: (1, 1, height, width). */
  private static NDArray corrections(AvgPoolSpec layer, NDArray x) {
    long area = layer.window().kernel().area();
    Shape output = layer.output(x.getShape());
    double[] factors = new double[Math.toIntExact(output.get(2) * output.get(3))];
    for (int i = 0; i < factors.length; i++) {
      long counted =
          layer.divisorOverride().isPresent()
              ? layer.divisorOverride().getAsLong()
              : counted(layer, Axis.HEIGHT, i / output.get(3), x.getShape().get(2))
                  * counted(layer, Axis.WIDTH, i % output.get(3), x.getShape().get(3));
      factors[i] = (double) area / counted;
    }
    return x.getManager()
        .create(factors, new Shape(1, 1, output.get(2), output.get(3)))
        .toType(x.getDataType(), false);
  }

  /** How many positions of the window at an output position the divisor counts on an axis. */
  private static long counted(AvgPoolSpec layer, Axis axis, long position, long input) {
    Window window = layer.window().on(axis, input);
    boolean padded = layer.divisor() == Divisor.PADDED;
    long start = position * window.stride() - window.padBefore();
    long first = padded ? start : Math.max(start, 0);
    long end = Math.min(start + window.kernel(), input + (padded ? window.padAfter() : 0));
    return end - first;
  }

  /** What must stand around the picture (or be cut off) for all windows to fit exactly. */
  private static Border border(Windows window, Rounding rounding, NDArray x) {
    Window height = window.on(Axis.HEIGHT, x.getShape().get(2));
    long below = behind(height, rounding, x.getShape().get(2));
    Window width = window.on(Axis.WIDTH, x.getShape().get(3));
    long right = behind(width, rounding, x.getShape().get(3));
    return new Border(height.padBefore(), below, width.padBefore(), right);
  }

  private static long behind(Window window, Rounding rounding, long input) {
    long places = window.outputSize(input, rounding);
    return (places - 1) * window.stride() + window.span() - input - window.padBefore();
  }

  static NDArray adaptive(AdaptivePoolSpec layer, NDArray x) {
    Shape output = layer.output(x.getShape());
    Shape size = output.slice(2);
    if (layer.reduction() == AdaptivePoolSpec.Reduction.MAXIMUM) {
      return JniUtils.adaptiveMaxPool((PtNDArray) x, size);
    }
    // DJL offers adaptive pools to one number per channel alone; the engine has them for any size.
    return size.size() == 1
        ? Pool.globalAvgPool2d(x).reshape(output)
        : JniUtils.adaptiveAvgPool((PtNDArray) x, size);
  }
}
