package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/**
 * Power-average pooling: each output is {@code (sum of x^norm)^(1 / norm)} over its window, channel
 * by channel. Source: PyTorch's pages of torch.nn.LPPool1d, LPPool2d and LPPool3d.
 *
 * @param norm the exponent, not 0
 * @param window kernel and stride; no padding, dilation 1
 * @param rounding what happens at the end
 */
public record LpPoolSpec(double norm, Windows window, Rounding rounding) implements PoolSpec {
  /**
   * Checks the exponent and that the window is plain.
   *
   * @throws ShapeException if the exponent is 0, or the window has padding or dilation
   */
  public LpPoolSpec {
    if (norm == 0) {
      throw ShapeException.of(
          "norm_type is an exponent that is not 0", "Here it is 0.", "Use norm_type=2.");
    }
    if (!window.padding().isNone() || !window.dilation().isAll(1)) {
      throw ShapeException.of(
          "power-average pooling has neither padding nor dilation",
          "Here padding is " + window.padding() + " and dilation is " + window.dilation() + ".",
          "Leave them out, or put a ZeroPad in front.");
    }
  }

  @Override
  public String type() {
    return "LPPool" + spatialAxes() + "d";
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
    Call call = Call.of(type());
    if (norm == Math.rint(norm) && Math.abs(norm) < 1e15) {
      call.with("norm_type", (long) norm);
    } else {
      call.with("norm_type", norm);
    }
    return Pools.close(Pools.call(call, window), rounding);
  }
}
