package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Division by the root of the mean square over the last axes; the shape stays. One learned number
 * per normalised element, or none. Source: PyTorch's page of torch.nn.RMSNorm.
 *
 * @param normalizedShape the sizes of the last axes
 * @param eps what is added to the mean square; if empty, the step of the number type at 1
 * @param affine whether a scale is learned; a shift never is
 */
public record RmsNormSpec(List<Long> normalizedShape, OptionalDouble eps, Affine affine)
    implements LayerSpec {
  /**
   * Checks the sizes and takes a copy of the list.
   *
   * @throws ShapeException if there is no size or one is below 1
   * @throws IllegalArgumentException if there is a shift
   */
  public RmsNormSpec {
    normalizedShape = List.copyOf(normalizedShape);
    if (normalizedShape.isEmpty()) {
      throw ShapeException.of(
          "normalized_shape needs at least one size", "Here it is empty.", "Use the last axis.");
    }
    normalizedShape.forEach(size -> Require.positive(size, "normalized_shape"));
    if (affine == Affine.SCALE_AND_SHIFT) {
      throw new IllegalArgumentException("RMSNorm learns no shift.");
    }
  }

  @Override
  public String type() {
    return "RMSNorm";
  }

  @Override
  public Shape output(Shape input) {
    LayerNormSpec.requireLastAxes(input, normalizedShape);
    return input;
  }

  @Override
  public long weights() {
    return affine.scales(normalizedShape.stream().reduce(1L, Exact::multiply));
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
    Call call = Call.of(type()).with("(" + sizes + (normalizedShape.size() == 1 ? ",)" : ")"));
    if (eps.isPresent()) {
      call.with("eps", eps.getAsDouble());
    }
    return call.off("elementwise_affine", affine == Affine.NONE).toString();
  }
}
