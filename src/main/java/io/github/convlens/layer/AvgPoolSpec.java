package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.util.Optional;
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
  public AvgPoolSpec resolve(Shape input) {
    return rounding == Rounding.UNSHOWN ? rounded(Rounding.FLOOR) : this;
  }

  /** Said where it matters. */
  @Override
  public Optional<String> assumption(Shape input) {
    if (rounding != Rounding.UNSHOWN) {
      return Optional.empty();
    }
    Shape floor = rounded(Rounding.FLOOR).output(input);
    Shape ceil = rounded(Rounding.CEIL).output(input);
    return floor.equals(ceil)
        ? Optional.empty()
        : Optional.of(
            "a print of "
                + type()
                + " does not show ceil_mode. It is taken to be False, which makes "
                + ShapeText.listed(floor)
                + "; with ceil_mode=True it is "
                + ShapeText.listed(ceil)
                + ". Write ceil_mode=True or ceil_mode=False to be exact.");
  }

  private AvgPoolSpec rounded(Rounding how) {
    return new AvgPoolSpec(window, how, divisor, divisorOverride);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  /**
   * As the layer is written. What looks like a print, which never shows ceil_mode, says it, since
   * it is known here.
   */
  @Override
  public String toString() {
    Call call =
        Pools.call(Call.of(type()), window).off("count_include_pad", divisor == Divisor.UNPADDED);
    divisorOverride.ifPresent(d -> call.with("divisor_override", d));
    boolean isLikeAPrint =
        !window.stride().equals(window.kernel())
            && !window.padding().isNone()
            && divisor == Divisor.PADDED
            && divisorOverride.isEmpty();
    return isLikeAPrint && rounding == Rounding.FLOOR
        ? call.with("ceil_mode", false).toString()
        : Pools.close(call, rounding);
  }
}
