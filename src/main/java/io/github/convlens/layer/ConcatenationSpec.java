package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * Inputs put behind each other on an axis: {@code torch.cat}. Source: Szegedy et al., "Going Deeper
 * with Convolutions" (2014).
 *
 * @param dim the axis; 1 is the channels; negative numbers count from the end
 */
public record ConcatenationSpec(int dim) implements LayerSpec {
  /** On the channel axis. */
  public static final ConcatenationSpec OF_CHANNELS = new ConcatenationSpec(1);

  @Override
  public String type() {
    return "concat";
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    if (inputs.isEmpty()) {
      throw ShapeException.of(
          "a concatenation needs inputs", "Here there is none.", "Give it at least one.");
    }
    Shape first = inputs.get(0);
    int axis = Require.axis(dim, first, "dim");
    long[] sizes = first.getShape().clone();
    for (Shape next : inputs.subList(1, inputs.size())) {
      if (!agrees(first, next, axis)) {
        throw ShapeException.of(
            "branches must agree on every axis but "
                + (axis == 1 ? "the channels" : "axis " + axis),
            "They are " + ShapeText.listed(first) + " and " + ShapeText.listed(next) + ".",
            "Use the same stride in all branches, and padding that keeps their sizes equal.");
      }
      sizes[axis] = Exact.add(sizes[axis], next.get(axis));
    }
    return List.of(new Shape(sizes));
  }

  private static boolean agrees(Shape first, Shape next, int except) {
    boolean agrees = first.dimension() == next.dimension();
    for (int axis = 0; agrees && axis < first.dimension(); axis++) {
      agrees = axis == except || first.get(axis) == next.get(axis);
    }
    return agrees;
  }

  @Override
  public long macs(List<Shape> inputs) {
    return 0;
  }

  /** Along its axis positions of several inputs stand in one row. */
  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    boolean along = axis == Require.axis(dim, inputs.get(index), "dim");
    return along ? Passage.untold() : Passage.point(axis);
  }

  @Override
  public boolean keepsBatchAxis() {
    return dim != 0;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with("dim", dim, 1).toString();
  }
}
