package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A pool to a given output size: output {@code o} of {@code n} covers the input positions {@code
 * floor(o x size / n)} up to, not including, {@code ceil((o + 1) x size / n)}. Source: PyTorch's
 * pages of torch.nn.AdaptiveAvgPool2d and AdaptiveMaxPool2d.
 *
 * @param reduction mean or maximum
 * @param height rows of the output; empty: as the input
 * @param width columns of the output; empty: as the input
 */
public record AdaptivePool2dSpec(Reduction reduction, OptionalLong height, OptionalLong width)
    implements LayerSpec {

  /** What is made of a window. */
  public enum Reduction {
    /** The mean. */
    AVERAGE("AdaptiveAvgPool2d"),
    /** The maximum. */
    MAXIMUM("AdaptiveMaxPool2d");

    private final String type;

    Reduction(String type) {
      this.type = type;
    }
  }

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a size is below 1
   */
  public AdaptivePool2dSpec {
    height.ifPresent(size -> Require.positive(size, "output_size"));
    width.ifPresent(size -> Require.positive(size, "output_size"));
  }

  /** The mean over the whole picture: output 1x1. */
  public static AdaptivePool2dSpec globalAverage() {
    return new AdaptivePool2dSpec(Reduction.AVERAGE, OptionalLong.of(1), OptionalLong.of(1));
  }

  @Override
  public String type() {
    return reduction.type;
  }

  @Override
  public Shape output(Shape input) {
    Require.picture(input);
    return new Shape(
        input.get(0), input.get(1), height.orElse(input.get(2)), width.orElse(input.get(3)));
  }

  /**
   * The span is the largest over all positions, where the output's size does not divide: with
   * {@code size / places = a / b} in lowest terms, {@code ceil((a - 1) / b) + 1}.
   */
  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    long size = Require.size(axis, input);
    long places = (axis == Axis.HEIGHT ? height : width).orElse(size);
    Ratio stride = new Ratio(size, places);
    long span = 1 - Math.floorDiv(1 - stride.numerator(), stride.denominator());
    return Optional.of(new Reach(span, stride, 0));
  }

  /** The first position that output {@code o} covers: {@code floor(o x size / places)}. */
  public static long start(long o, long size, long places) {
    return Exact.multiply(o, size) / places;
  }

  /** The position behind the last one that output {@code o} covers. */
  public static long end(long o, long size, long places) {
    return -Math.floorDiv(-Exact.multiply(o + 1, size), places);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    String size =
        height.isPresent() && height.equals(width)
            ? Long.toString(height.getAsLong())
            : "(" + text(height) + ", " + text(width) + ")";
    return Call.of(type()).with("output_size", size).toString();
  }

  private static String text(OptionalLong size) {
    return size.isPresent() ? Long.toString(size.getAsLong()) : "None";
  }
}
