package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * The matrix product of two inputs over their last two axes, (..., n, k) and (..., k, m) to (...,
 * n, m); the axes in front are broadcast.
 *
 * <pre>
 *   macs = output elements x k
 * </pre>
 *
 * <p>Source: PyTorch's page of torch.matmul.
 */
public record MatrixProductSpec() implements LayerSpec {
  @Override
  public String type() {
    return "matmul";
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw ShapeException.of(
          "a matrix product takes two inputs",
          "Here there " + (inputs.size() == 1 ? "is one." : "are " + inputs.size() + "."),
          "Give it two.");
    }
    Shape left = inputs.get(0);
    Shape right = inputs.get(1);
    int a = left.dimension();
    int b = right.dimension();
    if (a < 2 || b < 2 || left.get(a - 1) != right.get(b - 2)) {
      throw ShapeException.of(
          "the columns of the first matrix must be the rows of the second",
          "They are " + ShapeText.listed(left) + " and " + ShapeText.listed(right) + ".",
          "Use (..., n, k) and (..., k, m).");
    }
    Shape front =
        Broadcast.of(List.of(left.slice(0, a - 2), right.slice(0, b - 2)), "matrix product");
    return List.of(front.add(left.get(a - 2)).add(right.get(b - 1)));
  }

  @Override
  public long macs(List<Shape> inputs) {
    Shape left = inputs.get(0);
    return Exact.multiply(Exact.elements(outputs(inputs).get(0)), left.get(left.dimension() - 1));
  }

  /** The rows of the left matrix and the columns of the right one are the output's. */
  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    int rank = inputs.get(index).dimension();
    int summed = index == 0 ? rank - 1 : rank - 2;
    if (axis == summed) {
      return Passage.all();
    }
    int outputs = Math.max(inputs.get(0).dimension(), inputs.get(1).dimension());
    return axis >= rank - 2
        ? Passage.point(outputs - rank + axis)
        : Broadcast.passage(axis, inputs, index);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return "matmul()";
  }
}
