package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;

/**
 * The axes from {@code startDim} to {@code endDim} joined into one, whose size is their product:
 * (batch, 16, 5, 5) becomes (batch, 400). Source: PyTorch's page of torch.nn.Flatten.
 *
 * @param startDim the first axis; negative numbers count from the end
 * @param endDim the last axis; negative numbers count from the end
 */
public record FlattenSpec(int startDim, int endDim) implements LayerSpec {
  /** Everything behind the batch axis, as PyTorch's default is. */
  public static final FlattenSpec ALL = new FlattenSpec(1, -1);

  @Override
  public String type() {
    return "Flatten";
  }

  @Override
  public Shape output(Shape input) {
    int rank = input.dimension();
    int first = Require.axis(startDim, input, "start_dim");
    int last = Require.axis(endDim, input, "end_dim");
    if (first > last) {
      throw ShapeException.of(
          "start_dim must not come behind end_dim",
          "Here start_dim is axis " + first + " and end_dim is axis " + last + ".",
          "Use start_dim <= end_dim.");
    }
    Shape joined = new Shape(Exact.product(input, first, last + 1));
    return input.slice(0, first).addAll(joined).addAll(input.slice(last + 1, rank));
  }

  @Override
  public boolean keepsBatchAxis() {
    return startDim != 0;
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return new Passage.Regrouped(inputs.get(index), axis);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with("start_dim", startDim, 1).with("end_dim", endDim, -1).toString();
  }
}
