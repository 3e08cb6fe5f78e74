package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Average pooling: each output is the mean of its window, channel by channel. Source: PyTorch's
 * page of torch.nn.AvgPool2d.
 *
 * @param window kernel, stride, padding (at most half of the kernel); dilation 1
 * @param rounding what happens at the end
 * @param divisor what the sum of a window is divided by
 * @param divisorOverride a number to divide by instead, at least 1
 */
public record AvgPool2dSpec(
    Window2d window, Rounding rounding, Divisor divisor, OptionalLong divisorOverride)
    implements LayerSpec {

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
  public AvgPool2dSpec {
    Pools.checkPadding(window);
    if (!window.dilation().equals(Size.ONE)) {
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
  public static AvgPool2dSpec of(Size kernel) {
    return new AvgPool2dSpec(
        Window2d.of(kernel).withStride(kernel),
        Rounding.FLOOR,
        Divisor.PADDED,
        OptionalLong.empty());
  }

  @Override
  public String type() {
    return "AvgPool2d";
  }

  @Override
  public Shape output(Shape input) {
    return Pools.output(window, rounding, input);
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(window.on(axis, Require.size(axis, input)).reach());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Pools.call(type(), window).off("count_include_pad", divisor == Divisor.UNPADDED);
    divisorOverride.ifPresent(d -> call.with("divisor_override", d));
    return Pools.close(call, rounding);
  }
}
