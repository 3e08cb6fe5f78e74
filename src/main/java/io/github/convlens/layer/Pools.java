package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/** What maximum and average pooling share. */
final class Pools {
  private Pools() {}

  /** PyTorch's rule: the padding per side is at most half of the kernel, whatever the dilation. */
  static void checkPadding(Window2d window) {
    if (!(window.padding() instanceof Padding.Explicit)) {
      return;
    }
    for (Axis axis : Axis.values()) {
      Window onAxis = window.on(axis, 1);
      long padding = Math.max(onAxis.padBefore(), onAxis.padAfter());
      if (padding > onAxis.kernel() / 2) {
        throw ShapeException.of(
                "a pool's padding must be at most half of its kernel",
                "The padding is "
                    + padding
                    + " per side but the kernel is "
                    + onAxis.kernel()
                    + ".",
                "Use padding <= "
                    + onAxis.kernel() / 2
                    + ", or kernel_size >= "
                    + Exact.multiply(2, padding)
                    + ".")
            .on(axis);
      }
    }
  }

  static Shape output(Window2d window, Rounding rounding, Shape input) {
    Require.picture(input);
    return new Shape(
        input.get(0),
        input.get(1),
        outputSize(window, Axis.HEIGHT, input.get(2), rounding),
        outputSize(window, Axis.WIDTH, input.get(3), rounding));
  }

  private static long outputSize(Window2d window, Axis axis, long input, Rounding rounding) {
    Window onAxis = window.on(axis, input);
    long padding = Math.max(onAxis.padBefore(), onAxis.padAfter());
    Window.Bounds bounds = new Window.Bounds(onAxis.kernel() / 2, Exact.multiply(2, padding));
    return window.outputSize(axis, input, rounding, bounds);
  }

  /**
   * The arguments that both have; PyTorch writes a pool's sizes as a number where they are equal.
   */
  static Call call(String type, Window2d window) {
    Call call = Call.of(type).with("kernel_size", window.kernel().toShortString());
    if (!window.stride().equals(window.kernel())) {
      call.with("stride", window.stride().toShortString());
    }
    if (!window.padding().equals(Padding.NONE)) {
      boolean pair = window.padding() instanceof Padding.Explicit sides && sides.isSymmetric();
      call.with(
          "padding",
          pair
              ? ((Padding.Explicit) window.padding()).perSide().toShortString()
              : window.padding());
    }
    return call;
  }

  static String close(Call call, Rounding rounding) {
    return (rounding == Rounding.CEIL ? call.with("ceil_mode", true) : call).toString();
  }
}
