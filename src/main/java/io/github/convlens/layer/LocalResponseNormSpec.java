package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/**
 * Normalisation across neighbouring channels: {@code x / (k + alpha / size x sum of squares)^beta};
 * the shape stays, nothing is learned. Source: PyTorch's page of torch.nn.LocalResponseNorm.
 *
 * @param size number of neighbouring channels
 * @param alpha factor of the sum of squares
 * @param beta exponent
 * @param k what is added
 */
public record LocalResponseNormSpec(long size, double alpha, double beta, double k)
    implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the size is below 1
   */
  public LocalResponseNormSpec {
    Require.positive(size, "size");
  }

  @Override
  public String type() {
    return "LocalResponseNorm";
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() < 3) {
      throw ShapeException.of(
          "the input needs a channel axis and at least one more",
          "It is " + ShapeText.listed(input) + ".",
          "Put this layer before the Flatten.");
    }
    return input;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type())
        .with(size)
        .with("alpha", alpha, 1e-4)
        .with("beta", beta, 0.75)
        .with("k", k, 1.0)
        .toString();
  }
}
