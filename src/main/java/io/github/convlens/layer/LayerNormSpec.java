package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Normalisation over the last axes; the shape stays. Two learned numbers per normalised element.
 * Source: PyTorch's page of torch.nn.LayerNorm.
 *
 * @param normalizedShape the sizes of the last axes
 * @param eps what is added to the variance
 * @param affine what is learned
 */
public record LayerNormSpec(List<Long> normalizedShape, double eps, Affine affine)
    implements LayerSpec {
  /**
   * Checks the sizes and takes a copy of the list.
   *
   * @throws ShapeException if there is no size or one is below 1
   */
  public LayerNormSpec {
    normalizedShape = List.copyOf(normalizedShape);
    if (normalizedShape.isEmpty()) {
      throw ShapeException.of(
          "normalized_shape needs at least one size", "Here it is empty.", "Use the last axis.");
    }
    normalizedShape.forEach(size -> Require.positive(size, "normalized_shape"));
  }

  @Override
  public String type() {
    return "LayerNorm";
  }

  @Override
  public Shape output(Shape input) {
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
    return input;
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
