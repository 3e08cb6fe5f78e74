package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;

/**
 * The same numbers in another shape, the batch axis kept: {@code x.view(x.size(0), 16, 5, 5)}.
 *
 * @param sizes the sizes behind the batch axis; one of them may be -1 and is then worked out
 */
public record ReshapeSpec(List<Long> sizes) implements LayerSpec {
  /**
   * Checks the sizes and takes a copy of the list.
   *
   * @throws ShapeException if one is neither positive nor -1, or two are -1
   */
  public ReshapeSpec {
    sizes = List.copyOf(sizes);
    boolean wrong = sizes.stream().anyMatch(size -> size < 1 && size != -1);
    if (wrong || sizes.stream().filter(size -> size == -1).count() > 1) {
      throw ShapeException.of(
          "a shape takes positive sizes, of which one may be -1",
          "Here they are " + sizes + ".",
          "Use sizes whose product is the number of elements.");
    }
  }

  @Override
  public String type() {
    return "reshape";
  }

  @Override
  public Shape output(Shape input) {
    long elements = Exact.product(input, 1, input.dimension());
    long known = sizes.stream().filter(size -> size != -1).reduce(1L, Exact::multiply);
    if (sizes.contains(-1L) ? elements % known != 0 : elements != known) {
      throw ShapeException.of(
          "the sizes do not make up the input",
          "It has " + elements + " elements behind the batch; " + sizes + " make " + known + ".",
          "Use sizes whose product is " + elements + ".");
    }
    Shape output = new Shape(input.get(0));
    for (long size : sizes) {
      output = output.add(size == -1 ? elements / known : size);
    }
    return output;
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
    return Call.of(type()).with(sizes).toString();
  }
}
