package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;

/**
 * A window of fixed numbers that slides over each channel, as blurring in front of a stride does:
 * {@code F.conv2d(x, filter, stride=2, groups=channels)} with a filter that is not learned.
 *
 * <pre>
 *   macs = output elements x positions of the kernel
 * </pre>
 *
 * <p>Source: Zhang, Making Convolutional Networks Shift-Invariant Again, 2019.
 *
 * @param window kernel and stride
 */
public record BlurSpec(Windows window) implements PoolSpec {
  @Override
  public Rounding rounding() {
    return Rounding.FLOOR;
  }

  @Override
  public String type() {
    return "blur";
  }

  @Override
  public long macs(Shape input) {
    long macs = Exact.elements(output(input));
    for (Axis axis : window.kernel().axes()) {
      macs = Exact.multiply(macs, window.kernel().on(axis));
    }
    return macs;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Pools.close(Pools.call(Call.of(type()), window), rounding());
  }
}
