package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * PyTorch's broadcasting: shapes are laid on each other from their last axis; where the sizes
 * differ one of them must be 1, and is repeated.
 */
final class Broadcast {
  private Broadcast() {}

  /**
   * The common shape.
   *
   * @param operation what is done with the inputs, for the message: {@code sum}
   * @throws ShapeException if there is none
   */
  static Shape of(List<Shape> inputs, String operation) {
    if (inputs.isEmpty()) {
      throw ShapeException.of(
          "a " + operation + " needs inputs", "Here there is none.", "Give it two.");
    }
    Shape all = inputs.get(0);
    for (Shape next : inputs.subList(1, inputs.size())) {
      if (!next.equals(all)) {
        all = both(all, next, inputs, operation);
      }
    }
    return all;
  }

  private static Shape both(Shape one, Shape other, List<Shape> inputs, String operation) {
    int rank = Math.max(one.dimension(), other.dimension());
    long[] sizes = new long[rank];
    for (int fromEnd = 1; fromEnd <= rank; fromEnd++) {
      long a = size(one, fromEnd);
      long b = size(other, fromEnd);
      if (a != b && a != 1 && b != 1) {
        ShapeException refusal = refusal(inputs, operation);
        throw one.dimension() == other.dimension() ? refusal : refusal.atAnySize();
      }
      sizes[rank - fromEnd] = a == 1 ? b : a;
    }
    return new Shape(sizes);
  }

  private static ShapeException refusal(List<Shape> inputs, String operation) {
    String shapes =
        "They are "
            + inputs.stream().map(ShapeText::listed).collect(Collectors.joining(" and "))
            + ".";
    return operation.equals("sum")
        ? ShapeException.of(
            "the inputs of a sum must have the same shape",
            shapes,
            "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the"
                + " size.")
        : ShapeException.of(
            "the inputs of a " + operation + " must have equal sizes, or 1, on every axis",
            shapes,
            "Keep the axes of what is averaged or flattened (1x1), or use equal sizes.");
  }

  private static long size(Shape shape, int fromEnd) {
    int axis = shape.dimension() - fromEnd;
    return axis < 0 ? 1 : shape.get(axis);
  }

  /**
   * What becomes of an input's axis: its place is the same from the end. Where the input is
   * repeated along it, every output reads all of it.
   */
  static Passage passage(int axis, List<Shape> inputs, int index) {
    int fromEnd = inputs.get(index).dimension() - axis;
    boolean others = false;
    int rank = 0;
    for (Shape each : inputs) {
      others |= size(each, fromEnd) != 1;
      rank = Math.max(rank, each.dimension());
    }
    boolean repeated = others && inputs.get(index).get(axis) == 1;
    return new Passage.To(rank - fromEnd, repeated ? Reach.all(1) : Reach.POINT);
  }
}
