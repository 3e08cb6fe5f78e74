package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * Maximum pooling: each output is the largest input in its window, channel by channel; padding
 * counts as minus infinity. Source: PyTorch's page of torch.nn.MaxPool2d.
 *
 * @param window kernel, stride, padding (at most half of the kernel), dilation
 * @param rounding what happens at the end
 */
public record MaxPool2dSpec(Window2d window, Rounding rounding) implements LayerSpec {
  /**
   * Checks the padding.
   *
   * @throws ShapeException if the padding is more than half of the kernel
   */
  public MaxPool2dSpec {
    Pools.checkPadding(window);
  }

  /** A pool whose stride is its kernel, as PyTorch's default is. */
  public static MaxPool2dSpec of(Size kernel) {
    return new MaxPool2dSpec(Window2d.of(kernel).withStride(kernel), Rounding.FLOOR);
  }

  @Override
  public String type() {
    return "MaxPool2d";
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
    Call call = Pools.call(type(), window);
    if (!window.dilation().equals(Size.ONE)) {
      call.with("dilation", window.dilation().toShortString());
    }
    return Pools.close(call, rounding);
  }
}
