package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.pooling.Pool;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PoolSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Windows;

/** DJL's own pools over one and three axes, as far as they are PyTorch's. */
final class PlainPools {
  private PlainPools() {}

  static Block max(MaxPoolSpec layer) {
    Shape[] numbers = numbers(layer);
    boolean sequence = layer.spatialAxes() == 1;
    return new FunctionBlock(
        layer,
        x ->
            sequence
                ? Pool.maxPool1d(x, numbers[0], numbers[1], numbers[2], false)
                : Pool.maxPool3d(x, numbers[0], numbers[1], numbers[2], false));
  }

  static Block average(AvgPoolSpec layer) {
    Shape[] numbers = numbers(layer);
    boolean countsPadding =
        layer.divisor() == AvgPoolSpec.Divisor.PADDED || layer.window().padding().isNone();
    if (!countsPadding || layer.divisorOverride().isPresent()) {
      throw BlockBuilder.unknown(layer);
    }
    boolean sequence = layer.spatialAxes() == 1;
    return new FunctionBlock(
        layer,
        x ->
            sequence
                ? Pool.avgPool1d(x, numbers[0], numbers[1], numbers[2], false, true)
                : Pool.avgPool3d(x, numbers[0], numbers[1], numbers[2], false, true));
  }

  /** The whole input becomes one number of each channel. */
  static Block adaptive(AdaptivePoolSpec layer) {
    if (layer.sizes().stream().anyMatch(size -> size.orElse(0) != 1)) {
      throw BlockBuilder.unknown(layer);
    }
    boolean maximum = layer.reduction() == AdaptivePoolSpec.Reduction.MAXIMUM;
    return new FunctionBlock(layer, x -> Scratch.apply(x, each -> whole(layer, each, maximum)));
  }

  private static NDArray whole(LayerSpec layer, NDArray x, boolean maximum) {
    Shape shape = x.getShape();
    NDArray rows = x.reshape(shape.get(0), shape.get(1), -1);
    return (maximum ? rows.max(new int[] {2}) : rows.mean(new int[] {2}))
        .reshape(layer.output(shape));
  }

  /** Kernel, stride and padding of a pool with nothing else. */
  private static Shape[] numbers(PoolSpec layer) {
    Windows window = layer.window();
    if (layer.rounding() == Rounding.FLOOR
        && window.dilation().isAll(1)
        && window.padding() instanceof Padding.Explicit sides
        && sides.isSymmetric()) {
      return new Shape[] {
        window.kernel().toShape(), window.stride().toShape(), sides.perSide().toShape()
      };
    }
    throw BlockBuilder.unknown(layer);
  }
}
