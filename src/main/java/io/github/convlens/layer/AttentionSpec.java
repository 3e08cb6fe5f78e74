package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * Scaled dot-product attention of queries, keys and values (batch, tokens, features): {@code
 * softmax(q k' / sqrt(d)) v}. The features may be cut into any number of heads: neither the shape
 * nor the count depends on it.
 *
 * <pre>
 *   macs = batch x queries x keys x (query features + value features)
 * </pre>
 *
 * <p>Source: Vaswani et al., "Attention Is All You Need" (2017).
 */
public record AttentionSpec() implements LayerSpec {
  @Override
  public String type() {
    return "attention";
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    if (inputs.size() != 3 || inputs.stream().anyMatch(each -> each.dimension() != 3)) {
      throw refusal(inputs);
    }
    Shape q = inputs.get(0);
    Shape k = inputs.get(1);
    Shape v = inputs.get(2);
    boolean fit =
        q.get(0) == k.get(0)
            && k.get(0) == v.get(0)
            && q.get(2) == k.get(2)
            && k.get(1) == v.get(1);
    if (!fit) {
      throw refusal(inputs);
    }
    return List.of(new Shape(q.get(0), q.get(1), v.get(2)));
  }

  private static ShapeException refusal(List<Shape> inputs) {
    return ShapeException.of(
        "attention takes queries, keys and values (batch, tokens, features)",
        "Here they are "
            + String.join(" and ", inputs.stream().map(ShapeText::listed).toList())
            + ".",
        "Use queries and keys of as many features, and keys and values of as many tokens.");
  }

  @Override
  public long macs(List<Shape> inputs) {
    Shape q = inputs.get(0);
    Shape v = inputs.get(2);
    long pairs = Exact.multiply(Exact.multiply(q.get(0), q.get(1)), v.get(1));
    return Exact.multiply(pairs, Exact.add(q.get(2), v.get(2)));
  }

  @Override
  public List<Axis> axes(Shape input) {
    return List.of();
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return axis == 0 ? Passage.point(0) : Passage.all();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return "attention()";
  }
}
