package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.github.convlens.layer.PoolSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;

/** DJL's own pools, which are PyTorch's where zeros count and nothing is dilated. */
final class DjlPools {
  private DjlPools() {}

  static NDArray maximum(PoolSpec layer, Size perSide, NDArray x) {
    Shape kernel = layer.window().kernel().toShape();
    Shape stride = layer.window().stride().toShape();
    Shape padding = perSide.toShape();
    boolean isCeil = layer.rounding() == Rounding.CEIL;
    return switch (layer.spatialAxes()) {
      case 1 -> Pool.maxPool1d(x, kernel, stride, padding, isCeil);
      case 2 -> Pool.maxPool2d(x, kernel, stride, padding, isCeil);
      default -> Pool.maxPool3d(x, kernel, stride, padding, isCeil);
    };
  }

  /** Over one or two axes. */
  static NDArray average(PoolSpec layer, Size perSide, NDArray x) {
    Shape kernel = layer.window().kernel().toShape();
    Shape stride = layer.window().stride().toShape();
    Shape padding = perSide.toShape();
    boolean isCeil = layer.rounding() == Rounding.CEIL;
    return layer.spatialAxes() == 1
        ? Pool.avgPool1d(x, kernel, stride, padding, isCeil, true)
        : Pool.avgPool2d(x, kernel, stride, padding, isCeil, true);
  }
}
