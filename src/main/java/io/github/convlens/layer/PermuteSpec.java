package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * Axes in another order. Source: PyTorch's page of torch.permute; torchvision's ops.Permute.
 *
 * @param dims for each axis of the output, the axis of the input that it is
 */
public record PermuteSpec(List<Integer> dims) implements LayerSpec {
  /**
   * Checks that every axis stands there once, and takes a copy of the list.
   *
   * @throws ShapeException if the numbers are not an order of axes
   */
  public PermuteSpec {
    dims = List.copyOf(dims);
    int rank = dims.size();
    long distinct =
        dims.stream()
            .map(dim -> dim < 0 ? dim + rank : dim)
            .distinct()
            .filter(dim -> dim >= 0 && dim < rank)
            .count();
    if (distinct != rank) {
      throw ShapeException.of(
          "dims must name every axis once",
          "Here they are " + dims + ".",
          "Use an order of the axes, such as [0, 2, 3, 1].");
    }
  }

  @Override
  public String type() {
    return "Permute";
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() != dims.size()) {
      throw ShapeException.of(
          "dims must name as many axes as the input has",
          "They are " + dims + " and the input is " + ShapeText.listed(input) + ".",
          "Use " + input.dimension() + " numbers.");
    }
    return new Shape(dims.stream().mapToLong(dim -> input.get(from(dim))).toArray());
  }

  private int from(int dim) {
    return dim < 0 ? dim + dims.size() : dim;
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    int to = 0;
    while (from(dims.get(to)) != axis) {
      to++;
    }
    return Passage.point(to);
  }

  @Override
  public boolean keepsBatchAxis() {
    return !dims.isEmpty() && dims.get(0) == 0;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with(dims).toString();
  }
}
