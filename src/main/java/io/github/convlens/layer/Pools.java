package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.Sizes;

/** What layers with windows share. */
final class Pools {
  private Pools() {}

  /** The size of an output on an axis of an input with so many positions. */
  interface SizeOnAxis {
    long of(Axis axis, long input);
  }

  /** An input's shape with other channels, and another size on each spatial axis. */
  static Shape sized(Shape input, long channels, SizeOnAxis size) {
    long[] sizes = input.getShape().clone();
    sizes[1] = channels;
    for (Axis axis : Axis.in(input)) {
      int index = axis.index(sizes.length);
      sizes[index] = size.of(axis, sizes[index]);
    }
    return Sizes.shape(sizes);
  }

  /** PyTorch's rule: the padding per side is at most half of the kernel, whatever the dilation. */
  static void checkPadding(Windows windows) {
    if (!(windows.padding() instanceof Padding.Explicit)) {
      return;
    }
    for (Axis axis : windows.axes()) {
      Window onAxis = windows.on(axis, 1);
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

  /**
   * The same for averages, which PyTorch takes over a volume only where it is as large as the
   * kernel without its padding.
   */
  static Shape averages(Windows windows, Rounding rounding, Shape input) {
    Require.spatial(input, windows.axes().size());
    boolean pyTorchs = windows.padding() instanceof Padding.Explicit sides && sides.isSymmetric();
    if (windows.axes().size() == 3 && pyTorchs) {
      for (Axis axis : windows.axes()) {
        long size = axis.of(input);
        long kernel = windows.kernel().on(axis);
        if (size < kernel) {
          throw ShapeException.of(
                  "an average over a volume needs an input as large as its kernel",
                  "The kernel is "
                      + kernel
                      + " but the input is "
                      + size
                      + "; its padding does not count here.",
                  "Use kernel <= " + size + ", or an input of at least " + kernel + " here.")
              .on(axis)
              .needing(kernel);
        }
      }
    }
    return output(windows, rounding, input);
  }

  static Shape output(Windows windows, Rounding rounding, Shape input) {
    Require.spatial(input, windows.axes().size());
    return sized(input, input.get(1), (axis, size) -> outputSize(windows, axis, size, rounding));
  }

  private static long outputSize(Windows windows, Axis axis, long input, Rounding rounding) {
    Window onAxis = windows.on(axis, input);
    long padding = Math.max(onAxis.padBefore(), onAxis.padAfter());
    Window.Bounds bounds = new Window.Bounds(onAxis.kernel() / 2, Exact.multiply(2, padding));
    return windows.outputSize(axis, input, rounding, bounds);
  }

  static Reach reach(Windows windows, Axis axis, Shape input) {
    Require.spatial(input, windows.axes().size());
    return Reach.of(windows.on(axis, axis.of(input)), PaddingMode.ZEROS);
  }

  static String formula(Windows windows, Rounding rounding, Axis axis, Shape input) {
    Require.spatial(input, windows.axes().size());
    long size = axis.of(input);
    return windows.on(axis, size).explain(size, rounding);
  }

  /** {@code batch x positions}: all elements of one channel. */
  static long positions(Shape shape) {
    return Exact.multiply(shape.get(0), Exact.product(shape, 2, shape.dimension()));
  }

  /** Two operations a multiply-add, and one for each output element that gets a bias. */
  static long productOperations(LayerSpec layer, Shape input) {
    long additions = layer.biases() == 0 ? 0 : Exact.elements(layer.output(input));
    return Exact.add(Exact.multiply(2, layer.macs(input)), additions);
  }

  /** One operation for each tap of each output element of a pool. */
  static long poolOperations(LayerSpec layer, Windows windows, Shape input) {
    return Exact.multiply(windows.kernel().area(), Exact.elements(layer.output(input)));
  }

  /**
   * The arguments that all have; PyTorch writes a pool's sizes as a number where they are equal.
   */
  static Call call(Call call, Windows windows) {
    call.with("kernel_size", windows.kernel().toShortString());
    if (!windows.stride().equals(windows.kernel())) {
      call.with("stride", windows.stride().toShortString());
    }
    if (!windows.padding().isNone()) {
      call.with(
          "padding",
          windows.padding() instanceof Padding.Explicit sides && sides.isSymmetric()
              ? sides.perSide().toShortString()
              : windows.padding());
    }
    return call;
  }

  static String close(Call call, Rounding rounding) {
    return (rounding == Rounding.CEIL ? call.with("ceil_mode", true) : call).toString();
  }
}
