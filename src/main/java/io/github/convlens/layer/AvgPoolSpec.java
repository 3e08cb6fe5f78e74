package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.OptionalLong;

/**
 * Average pooling: each output is the mean of its window, channel by channel. Source: PyTorch's
 * pages of torch.nn.AvgPool1d, AvgPool2d and AvgPool3d.
 *
 * @param window kernel, stride, padding (at most half of the kernel); dilation 1
 * @param rounding what happens at the end
 * @param divisor what the sum of a window is divided by
 * @param divisorOverride a number to divide by instead, at least 1
 */
public record AvgPoolSpec(
    Windows window, Rounding rounding, Divisor divisor, OptionalLong divisorOverride)
    implements PoolSpec {

  /** What the sum of a window that hangs over the picture's edge is divided by. */
  public enum Divisor {
    /** The positions inside the padded input ({@code count_include_pad=True}, the default). */
    PADDED,
    /** The positions inside the input itself ({@code count_include_pad=False}). */
    UNPADDED
  }

  /**
   * Checks the padding, the dilation and the divisor.
   *
   * @throws ShapeException if the padding is more than half of the kernel, the dilation is not 1,
   *     or the divisor is below 1
   */
  public AvgPoolSpec {
    Pools.checkPadding(window);
    if (!window.dilation().isAll(1)) {
      throw ShapeException.of(
          "average pooling has no dilation",
          "The dilation here is " + window.dilation() + ".",
          "Use dilation 1, or a depthwise Conv2d with equal weights.");
    }
    if (divisorOverride.isPresent()) {
      Require.positive(divisorOverride.getAsLong(), "divisor_override");
    }
  }

  /** A pool whose stride is its kernel, as PyTorch's default is. */
  public static AvgPoolSpec of(Size kernel) {
    return new AvgPoolSpec(
        Windows.of(kernel).withStride(kernel),
        Rounding.FLOOR,
        Divisor.PADDED,
        OptionalLong.empty());
  }

  @Override
  public String type() {
    return "AvgPool" + spatialAxes() + "d";
  }

  @Override
  public Shape output(Shape input) {
    return Pools.averages(window, rounding, input);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call =
        Pools.call(Call.of(type()), window).off("count_include_pad", divisor == Divisor.UNPADDED);
    divisorOverride.ifPresent(d -> call.with("divisor_override", d));
    return Pools.close(call, rounding);
  }
}
