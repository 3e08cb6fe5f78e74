package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * Normalisation across neighbouring channels: {@code x / (k + alpha / size x sum of squares)^beta};
 * the shape stays, nothing is learned. Source: PyTorch's pages of torch.nn.LocalResponseNorm and
 * CrossMapLRN2d, which differ where the size is even.
 *
 * @param kind which of the two classes
 * @param size number of neighbouring channels
 * @param alpha factor of the sum of squares
 * @param beta exponent
 * @param k what is added
 */
public record LocalResponseNormSpec(Kind kind, long size, double alpha, double beta, double k)
    implements LayerSpec {
  /** Where the larger half of an even size lies. */
  public enum Kind {
    /** In front: of size 2, the channel before and the channel itself. */
    LOCAL("LocalResponseNorm"),
    /** On both sides alike: an even size counts as the odd one below. */
    CROSS_MAP("CrossMapLRN2d");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the size is below 1
   */
  public LocalResponseNormSpec {
    Require.positive(size, "size");
  }

  /** PyTorch's LocalResponseNorm. */
  public LocalResponseNormSpec(long size, double alpha, double beta, double k) {
    this(Kind.LOCAL, size, alpha, beta, k);
  }

  @Override
  public String type() {
    return kind.type;
  }

  @Override
  public int spatialAxes() {
    return kind == Kind.CROSS_MAP ? 2 : 0;
  }

  @Override
  public Shape output(Shape input) {
    if (kind == Kind.CROSS_MAP) {
      Require.spatial(input, 2);
    }
    if (input.dimension() < 3) {
      throw ShapeException.of(
          "the input needs a channel axis and at least one more",
          "It is " + ShapeText.listed(input) + ".",
          "Put this layer before the Flatten.");
    }
    return input;
  }

  /** Which neighbouring channels it divides by is not told. */
  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return axis == 1 ? Passage.untold() : Passage.point(axis);
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
