package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Normalisation over the last axes, or over the channels of each place; the shape stays. Two
 * learned numbers per normalised element. Source: PyTorch's page of torch.nn.LayerNorm; of the
 * channels torchvision's LayerNorm2d.
 *
 * @param normalizedShape the sizes of the axes
 * @param eps what is added to the variance
 * @param affine what is learned
 * @param over which axes
 */
public record LayerNormSpec(List<Long> normalizedShape, double eps, Affine affine, Over over)
    implements LayerSpec {
  /** The axes over which numbers are normalised together. */
  public enum Over {
    /** The last ones. */
    LAST_AXES,
    /** Axis 1. */
    CHANNELS
  }

  /**
   * Checks the sizes and takes a copy of the list.
   *
   * @throws ShapeException if there is no size, one is below 1, or channels have several
   */
  public LayerNormSpec {
    normalizedShape = List.copyOf(normalizedShape);
    if (normalizedShape.isEmpty()) {
      throw ShapeException.of(
          "normalized_shape needs at least one size", "Here it is empty.", "Use the last axis.");
    }
    normalizedShape.forEach(size -> Require.positive(size, "normalized_shape"));
    if (over == Over.CHANNELS && normalizedShape.size() > 1) {
      throw ShapeException.of(
          "LayerNorm2d has one normalized_shape, the channels",
          "Here it is " + normalizedShape + ".",
          "Use a single size.");
    }
  }

  /** One over the last axes. */
  public LayerNormSpec(List<Long> normalizedShape, double eps, Affine affine) {
    this(normalizedShape, eps, affine, Over.LAST_AXES);
  }

  @Override
  public String type() {
    return over == Over.CHANNELS ? "LayerNorm2d" : "LayerNorm";
  }

  @Override
  public Shape output(Shape input) {
    if (over == Over.CHANNELS) {
      return ofChannels(input);
    }
    requireLastAxes(input, normalizedShape);
    return input;
  }

  private Shape ofChannels(Shape input) {
    if (input.dimension() != 4 || input.get(1) != normalizedShape.get(0)) {
      throw ShapeException.of(
          "the input must be a picture with normalized_shape channels",
          "normalized_shape is "
              + normalizedShape
              + " but the input is "
              + ShapeText.listed(input)
              + ".",
          input.dimension() == 4
              ? "Use normalized_shape=" + input.get(1) + "."
              : "Use an input (batch, channels, height, width).");
    }
    return input;
  }

  /** Refuses an input whose last axes are not those that are normalised. */
  static void requireLastAxes(Shape input, List<Long> normalizedShape) {
    int from = input.dimension() - normalizedShape.size();
    boolean fits = from >= 0;
    for (int i = 0; fits && i < normalizedShape.size(); i++) {
      fits = input.get(from + i) == normalizedShape.get(i);
    }
    if (!fits) {
      throw ShapeException.of(
          "the input's last axes must be normalized_shape",
          "normalized_shape is "
              + normalizedShape
              + " but the input is "
              + ShapeText.listed(input)
              + ".",
          "Use the sizes of the input's last axes, such as normalized_shape="
              + input.get(input.dimension() - 1)
              + ".");
    }
  }

  @Override
  public long weights() {
    return affine.scales(elements());
  }

  @Override
  public long biases() {
    return affine.shifts(elements());
  }

  private long elements() {
    return normalizedShape.stream().reduce(1L, Exact::multiply);
  }

  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    output(input);
    return Exact.multiply(Exact.elements(input), affine == Affine.NONE ? 4 : 5);
  }

  @Override
  public Map<String, Shape> state() {
    return affine.state(new Shape(normalizedShape.stream().mapToLong(Long::longValue).toArray()));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    String sizes = normalizedShape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return Call.of(type())
        .with("(" + sizes + (normalizedShape.size() == 1 ? ",)" : ")"))
        .with("eps", eps, BatchNormSpec.DEFAULT_EPS)
        .off("elementwise_affine", affine == Affine.NONE)
        .off("bias", affine == Affine.SCALE)
        .toString();
  }
}
