package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Positions put around an input: {@code output = input + before + after} on each axis; negative
 * numbers cut positions off. Source: PyTorch's pages of torch.nn.ZeroPad2d, ConstantPad2d,
 * ReflectionPad2d, ReplicationPad2d, CircularPad2d and their kin for one and three axes.
 *
 * @param mode what stands in the padding
 * @param value the number that stands there in mode {@link PaddingMode#ZEROS}
 * @param before positions in front: above, to the left
 * @param after positions behind: below, to the right
 */
public record PadSpec(PaddingMode mode, double value, Size before, Size after)
    implements LayerSpec {

  /**
   * Checks the sides.
   *
   * @throws IllegalArgumentException if the sides do not have the same axes
   */
  public PadSpec {
    if (!before.axes().equals(after.axes())) {
      throw new IllegalArgumentException(before + " and " + after + " have different axes.");
    }
    for (Axis axis : before.axes()) {
      long least = Math.min(before.on(axis), after.on(axis));
      long most = Math.max(before.on(axis), after.on(axis));
      if (mode == PaddingMode.CIRCULAR && least < 0 && most > 0) {
        throw ShapeException.of(
                "circular padding cannot cut off at one end and add at the other",
                "Here the padding is " + before.on(axis) + " and " + after.on(axis) + ".",
                "Use a ZeroPad with the negative number in front of it.")
            .on(axis);
      }
    }
  }

  /** The padding of a picture, in PyTorch's order. */
  public PadSpec(PaddingMode mode, double value, long left, long right, long top, long bottom) {
    this(mode, value, new Size(top, left), new Size(bottom, right));
  }

  @Override
  public String type() {
    String kind =
        switch (mode) {
          case ZEROS -> value == 0 ? "ZeroPad" : "ConstantPad";
          case REFLECT -> "ReflectionPad";
          case REPLICATE -> "ReplicationPad";
          case CIRCULAR -> "CircularPad";
        };
    return kind + spatialAxes() + "d";
  }

  @Override
  public int spatialAxes() {
    return before.rank();
  }

  @Override
  public Shape output(Shape input) {
    Require.spatial(input, spatialAxes());
    return Pools.sized(
        input,
        input.get(1),
        (axis, size) -> outputSize(axis, size, before.on(axis), after.on(axis)));
  }

  private long outputSize(Axis axis, long input, long before, long after) {
    long size = Exact.add(Exact.add(input, before), after);
    long needed = leastInput(before, after);
    mode.check(axis, input, Math.max(before, after), needed);
    if (input < needed) {
      throw ShapeException.of(
              "nothing is left of the picture",
              "The input is " + input + " and the padding is " + before + " and " + after + ".",
              "Use an input of at least " + needed + " here.")
          .on(axis)
          .needing(needed);
    }
    return size;
  }

  /**
   * One more than is cut off. Zeros come behind what is cut off, so that it must be there, whatever
   * the other end adds; a reflection or replication may be cut itself.
   */
  private long leastInput(long before, long after) {
    boolean cutFirst = mode == PaddingMode.ZEROS || mode == PaddingMode.CIRCULAR;
    long cut = cutFirst ? Math.max(-Math.min(before, 0), -Math.min(after, 0)) : 0;
    return Math.max(Math.max(1, cut), Exact.add(1, Exact.multiply(-1, Exact.add(before, after))));
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    Require.spatial(input, spatialAxes());
    return Optional.of(Reach.shifted(-before.on(axis), mode));
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.sliding(this, axis, inputs.get(index), Passage.point(1));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    List<Axis> axes = new ArrayList<>(before.axes());
    Collections.reverse(axes); // PyTorch names the last axis first
    boolean equal = before.isSquare() && before.equals(after);
    String sides =
        equal
            ? Long.toString(before.on(axes.get(0)))
            : axes.stream()
                .map(axis -> before.on(axis) + ", " + after.on(axis))
                .collect(Collectors.joining(", ", "(", ")"));
    Call call = Call.of(type()).with(sides);
    return (type().startsWith("Constant") ? call.with(value) : call).toString();
  }
}
