package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One axis split into several, whose product is its size: (batch, 400) becomes (batch, 16, 5, 5).
 * Source: PyTorch's page of torch.nn.Unflatten.
 *
 * @param dim the axis that is split; negative numbers count from the end
 * @param sizes the new sizes; one of them may be -1 and is then worked out
 */
public record UnflattenSpec(int dim, List<Long> sizes) implements LayerSpec {
  /**
   * Checks the sizes and takes a copy of the list.
   *
   * @throws ShapeException if there is no size, one is neither positive nor -1, or two are -1
   */
  public UnflattenSpec {
    sizes = List.copyOf(sizes);
    boolean wrong = sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1 && size != -1);
    if (wrong || sizes.stream().filter(size -> size == -1).count() > 1) {
      throw ShapeException.of(
          "unflattened_size takes positive sizes, of which one may be -1",
          "Here they are " + sizes + ".",
          "Use sizes whose product is the size of the axis.");
    }
  }

  @Override
  public String type() {
    return "Unflatten";
  }

  @Override
  public Shape output(Shape input) {
    int axis = Require.axis(dim, input, "dim");
    long size = input.get(axis);
    long known = 1;
    for (long part : sizes) {
      known = part == -1 ? known : Exact.multiply(known, part);
    }
    if (sizes.contains(-1L) ? size % known != 0 : size != known) {
      throw ShapeException.of(
          "the sizes do not make up the axis",
          "Axis " + axis + " has " + size + " elements; " + sizes + " make " + known + ".",
          "Use sizes whose product is " + size + ".");
    }
    long missing = size / known;
    long[] parts = sizes.stream().mapToLong(part -> part == -1 ? missing : part).toArray();
    return input
        .slice(0, axis)
        .addAll(new Shape(parts))
        .addAll(input.slice(axis + 1, input.dimension()));
  }

  @Override
  public boolean keepsBatchAxis() {
    return dim != 0;
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
    String tuple = sizes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String closing = sizes.size() == 1 ? ",)" : ")";
    return Call.of(type())
        .with("dim", dim)
        .with("unflattened_size", "(" + tuple + closing)
        .toString();
  }
}
