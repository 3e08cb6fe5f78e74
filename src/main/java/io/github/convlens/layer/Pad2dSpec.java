package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * Rows and columns put around a picture: {@code output = input + before + after} on each axis.
 * Source: PyTorch's pages of torch.nn.ZeroPad2d, ConstantPad2d, ReflectionPad2d, ReplicationPad2d
 * and CircularPad2d.
 *
 * @param mode what stands in the padding
 * @param value the number that stands there in mode {@link PaddingMode#ZEROS}
 * @param left columns in front; negative numbers cut columns off, in mode ZEROS only
 * @param right columns behind
 * @param top rows above
 * @param bottom rows below
 */
public record Pad2dSpec(
    PaddingMode mode, double value, long left, long right, long top, long bottom)
    implements LayerSpec {

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is negative where the mode is not ZEROS
   */
  public Pad2dSpec {
    long least = Math.min(Math.min(top, bottom), Math.min(left, right));
    if (mode != PaddingMode.ZEROS && least < 0) {
      throw ShapeException.of(
          "this kind of padding must not be negative",
          "Here it is " + least + ".",
          "Use 0 or more; to cut rows off, use a ZeroPad2d with negative numbers.");
    }
  }

  @Override
  public String type() {
    return switch (mode) {
      case ZEROS -> value == 0 ? "ZeroPad2d" : "ConstantPad2d";
      case REFLECT -> "ReflectionPad2d";
      case REPLICATE -> "ReplicationPad2d";
      case CIRCULAR -> "CircularPad2d";
    };
  }

  @Override
  public Shape output(Shape input) {
    Require.picture(input);
    return new Shape(
        input.get(0),
        input.get(1),
        outputSize(Axis.HEIGHT, input.get(2), top, bottom),
        outputSize(Axis.WIDTH, input.get(3), left, right));
  }

  private long outputSize(Axis axis, long input, long before, long after) {
    mode.check(axis, input, Math.max(before, after), 1);
    long size = Exact.add(Exact.add(input, before), after);
    long needed = leastInput(before, after);
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
   * One more than is cut off; what is cut off at one end must be there, whatever the other adds.
   */
  private static long leastInput(long before, long after) {
    long cut = Math.max(-Math.min(before, 0), -Math.min(after, 0));
    return Math.max(Math.max(1, cut), Exact.add(1, Exact.multiply(-1, Exact.add(before, after))));
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(new Reach(1, Ratio.ONE, axis == Axis.HEIGHT ? -top : -left));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    boolean equal = left == right && left == top && left == bottom;
    String sides =
        equal ? Long.toString(left) : "(" + left + ", " + right + ", " + top + ", " + bottom + ")";
    Call call = Call.of(type()).with(sides);
    return (type().equals("ConstantPad2d") ? call.with(value) : call).toString();
  }
}
