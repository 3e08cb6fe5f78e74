package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The mean over axes: {@code x.mean([2, 3])}, as networks end with instead of a pool.
 *
 * @param dims the axes, negative numbers count from the end; none: all of them
 * @param axes whether they stay, with size 1, or go
 */
public record MeanSpec(List<Integer> dims, Axes axes) implements LayerSpec {
  /** What becomes of the axes. */
  public enum Axes {
    /** They stay, with size 1 ({@code keepdim=True}). */
    KEPT,
    /** They go (PyTorch's default). */
    DROPPED
  }

  /** Takes a copy of the list. */
  public MeanSpec {
    dims = List.copyOf(dims);
  }

  @Override
  public String type() {
    return "mean";
  }

  @Override
  public Shape output(Shape input) {
    SortedSet<Integer> over = over(input);
    return new Shape(
        LongStream.range(0, input.dimension())
            .filter(axis -> axes == Axes.KEPT || !over.contains((int) axis))
            .map(axis -> over.contains((int) axis) ? 1 : input.get((int) axis))
            .toArray());
  }

  /**
   * The axes of an input that the mean is taken over, counted from 0.
   *
   * @throws ShapeException if the input does not have one of them
   */
  public SortedSet<Integer> over(Shape input) {
    SortedSet<Integer> over = new TreeSet<>();
    dims.forEach(dim -> over.add(Require.axis(dim, input, "dim")));
    for (int axis = 0; dims.isEmpty() && axis < input.dimension(); axis++) {
      over.add(axis);
    }
    return over;
  }

  @Override
  public boolean keepsBatchAxis() {
    return !dims.isEmpty() && !dims.contains(0);
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    SortedSet<Integer> over = over(inputs.get(index));
    if (!over.contains(axis)) {
      return Passage.point(axes == Axes.KEPT ? axis : axis - over.headSet(axis).size());
    }
    return axes == Axes.KEPT ? Passage.mixing(axis, axis, inputs.get(index)) : Passage.all();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with(dims).withUnless(axes == Axes.DROPPED, "keepdim", true).toString();
  }
}
