package io.github.convlens.layer;

/**
 * Maximum pooling: each output is the largest input in its window, channel by channel; padding
 * counts as minus infinity. Source: PyTorch's pages of torch.nn.MaxPool1d, MaxPool2d, MaxPool3d.
 *
 * @param window kernel, stride, padding (at most half of the kernel), dilation
 * @param rounding what happens at the end
 */
public record MaxPoolSpec(Windows window, Rounding rounding) implements PoolSpec {
  /**
   * Checks the padding.
   *
   * @throws ShapeException if the padding is more than half of the kernel
   */
  public MaxPoolSpec {
    Pools.checkPadding(window);
  }

  /** A pool whose stride is its kernel, as PyTorch's default is. */
  public static MaxPoolSpec of(Size kernel) {
    return new MaxPoolSpec(Windows.of(kernel).withStride(kernel), Rounding.FLOOR);
  }

  @Override
  public String type() {
    return "MaxPool" + spatialAxes() + "d";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Pools.call(Call.of(type()), window);
    if (!window.dilation().isAll(1)) {
      call.with("dilation", window.dilation().toShortString());
    }
    return Pools.close(call, rounding);
  }
}
