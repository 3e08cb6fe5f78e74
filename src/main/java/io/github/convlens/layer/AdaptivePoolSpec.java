package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A pool to a given output size: output {@code o} of {@code n} covers the input positions {@code
 * floor(o x size / n)} up to, not including, {@code ceil((o + 1) x size / n)}. Source: PyTorch's
 * pages of torch.nn.AdaptiveAvgPool1d to 3d and AdaptiveMaxPool1d to 3d.
 *
 * @param reduction mean or maximum
 * @param sizes the output's size on each spatial axis, outermost first; empty: as the input
 */
public record AdaptivePoolSpec(Reduction reduction, List<OptionalLong> sizes) implements LayerSpec {

  /** What is made of a window. */
  public enum Reduction {
    /** The mean. */
    AVERAGE("AdaptiveAvgPool"),
    /** The maximum. */
    MAXIMUM("AdaptiveMaxPool");

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
  public AdaptivePoolSpec {
    sizes = List.copyOf(sizes);
    sizes.forEach(each -> each.ifPresent(size -> Require.positive(size, "output_size")));
    if (sizes.size() == 1 && sizes.get(0).isEmpty()) {
      throw ShapeException.of(
          "output_size of a pool over one axis must be a number",
          "Here it is None, which PyTorch takes for pictures and volumes only.",
          "Use output_size=1 or more, or leave the layer out to keep the length.");
    }
  }

  /** A pool of pictures: rows and columns of the output. */
  public AdaptivePoolSpec(Reduction reduction, OptionalLong height, OptionalLong width) {
    this(reduction, List.of(height, width));
  }

  /** The mean over the whole picture: output 1x1. */
  public static AdaptivePoolSpec globalAverage() {
    return new AdaptivePoolSpec(Reduction.AVERAGE, OptionalLong.of(1), OptionalLong.of(1));
  }

  @Override
  public String type() {
    return reduction.type + spatialAxes() + "d";
  }

  @Override
  public Shape output(Shape input) {
    Require.spatial(input, spatialAxes());
    return Pools.sized(input, input.get(1), (axis, size) -> on(axis).orElse(size));
  }

  /** The output's size on an axis; empty: as the input. */
  public OptionalLong on(Axis axis) {
    return sizes.get(axis.index(sizes.size()));
  }

  @Override
  public int spatialAxes() {
    return sizes.size();
  }

  /** The sizes of all windows, added up, for each channel. */
  @Override
  public long profilerOperations(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    Shape output = output(input);
    long windows = 1;
    for (Axis axis : Axis.in(input)) {
      windows = Exact.multiply(windows, covered(axis.of(input), axis.of(output)));
    }
    return Exact.multiply(windows, Exact.product(input, 0, 2));
  }

  /**
   * The sizes of all windows on an axis, added up. They cover the axis, and overlap by one position
   * at each border that does not fall between two positions: size + places - gcd(size, places).
   */
  private static long covered(long size, long places) {
    return Exact.add(size, places - Exact.gcd(size, places));
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    Require.spatial(input, spatialAxes());
    long size = axis.of(input);
    long places = on(axis).orElse(size);
    Ratio stride = new Ratio(size, places);
    return Optional.of(
        new Reach(
            stride.denominator(),
            stride.numerator(),
            o -> run(start(o, size, places), end(o, size, places)),
            PaddingMode.ZEROS));
  }

  private static Reach.Run run(long start, long end) {
    return Reach.Run.of(start, 1, end - start);
  }

  /** The first position that output {@code o} covers: {@code floor(o x size / places)}. */
  static long start(long o, long size, long places) {
    return Exact.multiply(o, size) / places;
  }

  /** The position behind the last one that output {@code o} covers. */
  static long end(long o, long size, long places) {
    return -Math.floorDiv(-Exact.multiply(o + 1, size), places);
  }

  /** fvcore knows averages of pictures. */
  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    output(input);
    return reduction == Reduction.AVERAGE && sizes.size() == 2 ? Exact.elements(input) : 0;
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
    boolean one = sizes.get(0).isPresent() && sizes.stream().allMatch(sizes.get(0)::equals);
    String tuple =
        sizes.stream()
            .map(AdaptivePoolSpec::text)
            .collect(Collectors.joining(", ", "(", sizes.size() == 1 ? ",)" : ")"));
    return Call.of(type()).with("output_size", one ? text(sizes.get(0)) : tuple).toString();
  }

  private static String text(OptionalLong size) {
    return size.isPresent() ? Long.toString(size.getAsLong()) : "None";
  }
}
