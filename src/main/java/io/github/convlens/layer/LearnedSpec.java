package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Learned numbers that a network holds without a layer around them: the scale behind a block of
 * ConvNeXt, a position embedding, a class token.
 *
 * <pre>
 *   MULTIPLY  x * w        ADD  x + w        PREPEND  cat(w, x) along axis 1, w once for each item
 *   PROJECT   x w, the last axis of n taken to m by w of (n, m): macs = output elements x n
 * </pre>
 *
 * @param operation what is done with them
 * @param sizes their shape; -1 for a size that is the input's own on that axis
 */
public record LearnedSpec(Operation operation, List<Long> sizes) implements LayerSpec {
  /** What is done with the numbers. */
  public enum Operation {
    /** The input times them, broadcast. */
    MULTIPLY("mul"),
    /** The input plus them, broadcast. */
    ADD("add"),
    /** They stand in front of the input along axis 1. */
    PREPEND("cat"),
    /** The matrix product of the input and them. */
    PROJECT("matmul");

    private final String function;

    Operation(String function) {
      this.function = function;
    }
  }

  /**
   * Takes a copy of the list.
   *
   * @throws ShapeException if a size is neither positive nor -1
   */
  public LearnedSpec {
    sizes = List.copyOf(sizes);
    sizes.stream().filter(size -> size != -1).forEach(size -> Require.positive(size, "a size"));
  }

  @Override
  public String type() {
    return operation.function;
  }

  /** Sizes that are the input's own become its. */
  @Override
  public LearnedSpec resolve(Shape input) {
    if (!sizes.contains(-1L)) {
      return this;
    }
    Long[] known = sizes.toArray(new Long[0]);
    for (int i = 0; i < known.length; i++) {
      int axis = input.dimension() - (operation == Operation.PROJECT ? 1 : known.length - i);
      if (known[i] == -1) {
        known[i] = axis < 0 ? 1 : input.get(axis);
      }
    }
    return new LearnedSpec(operation, List.of(known));
  }

  @Override
  public Shape output(Shape input) {
    Shape own = new Shape(resolve(input).sizes);
    if (operation == Operation.PROJECT) {
      return new MatrixProductSpec().outputs(List.of(input, own)).get(0);
    }
    if (operation != Operation.PREPEND) {
      return Broadcast.of(List.of(input, own), operation == Operation.ADD ? "sum" : "product");
    }
    long[] each = own.getShape();
    each[0] = input.get(0);
    return ConcatenationSpec.OF_CHANNELS.outputs(List.of(new Shape(each), input)).get(0);
  }

  private long count() {
    if (sizes.contains(-1L)) {
      throw Require.unresolved(this);
    }
    return sizes.stream().reduce(1L, Exact::multiply);
  }

  @Override
  public long weights() {
    return isWeight() ? count() : 0;
  }

  @Override
  public long biases() {
    return isWeight() ? 0 : count();
  }

  private boolean isWeight() {
    return operation == Operation.MULTIPLY || operation == Operation.PROJECT;
  }

  @Override
  public long macs(Shape input) {
    return operation == Operation.PROJECT
        ? Exact.multiply(Exact.elements(output(input)), input.get(input.dimension() - 1))
        : 0;
  }

  /** torchinfo adds up layers, and this is none. */
  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return 0;
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    Shape input = inputs.get(0);
    if (operation == Operation.PREPEND) {
      return axis == 1
          ? new Passage.To(1, Reach.shifted(-resolve(input).sizes.get(1), PaddingMode.ZEROS))
          : Passage.point(axis);
    }
    if (operation == Operation.PROJECT && axis == input.dimension() - 1) {
      return Passage.mixing(axis, axis, input);
    }
    return Broadcast.passage(axis, List.of(input, output(input)), 0);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  /** {@code mul(parameter(96, 1, 1))}. */
  @Override
  public String toString() {
    return sizes.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", type() + "(parameter(", "))"));
  }
}
