package io.github.convlens.layer;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Optional;

/**
 * A sequence, picture or volume enlarged (or reduced) to a given size or by a factor: {@code output
 * = floor(input x factor)}. Source: PyTorch's page of torch.nn.Upsample.
 *
 * @param target the size or the factors
 * @param mode how values between pixels are found
 * @param corners how the corners of input and output lie on each other
 * @param scale whether a factor is used as it was given, or as the ratio of the sizes
 */
public record UpsampleSpec(Target target, Mode mode, Corners corners, Scale scale)
    implements LayerSpec {

  /** To which size. */
  public sealed interface Target {
    /** The output's size on one axis. */
    long size(Axis axis, long input);

    /** How many numbers are given: one for each axis, or one for all. */
    int given();

    /** Factors for each axis, or one for all: {@link By}. */
    static Target by(List<Double> factors) {
      return new By(factors);
    }

    /** A size: {@link To}. */
    static Target to(Size size) {
      return new To(size);
    }

    /** The output's size on each axis; one number alone holds for every axis there is. */
    record To(Size size) implements Target {
      /**
       * Checks the bounds.
       *
       * @throws ShapeException if a number is below 1
       */
      public To {
        size.requireAtLeast(1, "size");
      }

      @Override
      public int given() {
        return size.axes().size();
      }

      @Override
      public long size(Axis axis, long input) {
        return size.axes().size() == 1 ? size.on(Axis.LENGTH) : size.on(axis);
      }
    }

    /**
     * The factors for each axis, outermost first; one alone holds for every axis there is.
     *
     * @param factors positive and finite numbers
     */
    record By(List<Double> factors) implements Target {
      /**
       * Checks the bounds.
       *
       * @throws ShapeException if a factor is not positive and finite
       */
      public By {
        factors = List.copyOf(factors);
        for (double factor : factors) {
          if (!(factor > 0) || Double.isInfinite(factor)) {
            throw ShapeException.of(
                "scale_factor must be a positive number",
                "Here it is "
                    + factors.stream().map(String::valueOf).collect(joining(", ", "(", ").")),
                "Use a factor above 0, such as 2.");
          }
        }
      }

      /** The factors of a picture's height and width. */
      public By(double height, double width) {
        this(List.of(height, width));
      }

      /** The factor on one axis. */
      public double on(Axis axis) {
        int number = factors.size();
        return factors.get(number == 1 ? 0 : axis.index(number));
      }

      @Override
      public int given() {
        return factors.size();
      }

      @Override
      public long size(Axis axis, long input) {
        double factor = on(axis);
        if (factor == Math.rint(factor) && factor < 0x1p63) {
          return Exact.multiply(input, (long) factor);
        }
        double size = Math.floor(input * factor);
        if (size >= 0x1p53) {
          throw ShapeException.of(
                  "the numbers are too large",
                  "The input is "
                      + input
                      + " and its factor is "
                      + factor
                      + "; the product passes 2^53, where doubles leave whole numbers out.",
                  "Use a smaller input, or a whole number as factor.")
              .on(axis);
        }
        if (size < 1) {
          throw nothingLeft(input, factor).on(axis);
        }
        return (long) size;
      }

      private static ShapeException nothingLeft(long input, double factor) {
        String numbers = "The input is " + input + " and its factor is " + factor + ".";
        double needed = Math.ceil(1 / factor);
        if (needed >= 0x1p53) {
          return ShapeException.of(
              "nothing is left of the picture", numbers, "Use a larger factor.");
        }
        if (needed * factor < 1) { // the quotient was rounded down
          needed++;
        }
        return ShapeException.of(
                "nothing is left of the picture",
                numbers,
                "Use a larger factor, or an input of at least " + (long) needed + " here.")
            .needing((long) needed);
      }
    }
  }

  /** How values between pixels are found. */
  public enum Mode {
    /** The pixel at or before the position. */
    NEAREST("nearest", 1, 0),
    /** The pixel that is nearest to the position. */
    NEAREST_EXACT("nearest-exact", 1, 0),
    /** Between the two neighbours of a sequence. */
    LINEAR("linear", 2, 1),
    /** Between the two neighbours on each axis of a picture. */
    BILINEAR("bilinear", 2, 2),
    /** Between the two neighbours on each axis of a volume. */
    TRILINEAR("trilinear", 2, 3),
    /** A cubic curve through four neighbours on each axis of a picture. */
    BICUBIC("bicubic", 4, 2);

    private final String notation;
    private final int neighbours;
    private final int axes;

    Mode(String notation, int neighbours, int axes) {
      this.notation = notation;
      this.neighbours = neighbours;
      this.axes = axes;
    }

    /** The word that PyTorch's {@code mode} takes. */
    @Override
    public String toString() {
      return notation;
    }
  }

  /** How the corners of input and output lie on each other. */
  public enum Corners {
    /** The outer edges of the corner pixels coincide ({@code align_corners=False}, the default). */
    EDGES,
    /** The centres of the corner pixels coincide ({@code align_corners=True}). */
    CENTRES
  }

  /** What a factor means for the places of the pixels. */
  public enum Scale {
    /** The factor as it was given (PyTorch's default). */
    AS_GIVEN,
    /** The ratio of the sizes ({@code recompute_scale_factor=True}). */
    RECOMPUTED
  }

  /** One that uses a factor as it was given. */
  public UpsampleSpec(Target target, Mode mode, Corners corners) {
    this(target, mode, corners, Scale.AS_GIVEN);
  }

  /**
   * Checks that what is given goes together.
   *
   * @throws ShapeException if corners are aligned in a mode that takes the nearest pixel, a factor
   *     is to be computed anew where a size is given, or there are more or fewer numbers than axes
   */
  public UpsampleSpec {
    if (corners == Corners.CENTRES && mode.neighbours == 1) {
      throw ShapeException.of(
          "align_corners goes with the modes linear, bilinear, trilinear and bicubic",
          "The mode here is '" + mode + "'.",
          "Leave align_corners out, or use mode='bilinear'.");
    }
    if (scale == Scale.RECOMPUTED && target instanceof Target.To) {
      throw ShapeException.of(
          "recompute_scale_factor goes with scale_factor",
          "Here the size is given, so there is no factor to compute anew.",
          "Leave recompute_scale_factor out.");
    }
    if (mode.axes > 0 && target.given() > 1 && target.given() != mode.axes) {
      throw ShapeException.of(
          "size and scale_factor have one number, or one for each axis of the mode",
          "The mode here is '" + mode + "' and there are " + target.given() + " numbers.",
          "Use one number, or as many as the mode has axes: " + mode.axes + ".");
    }
  }

  @Override
  public String type() {
    return "Upsample";
  }

  /** That of the mode, or of the numbers given; otherwise any. */
  @Override
  public int spatialAxes() {
    return mode.axes > 0 ? mode.axes : target.given() > 1 ? target.given() : 0;
  }

  @Override
  public Shape output(Shape input) {
    requireAxes(input);
    return Pools.sized(input, input.get(1), target::size);
  }

  private void requireAxes(Shape input) {
    int axes = spatialAxes() > 0 ? spatialAxes() : Axis.in(input).size();
    Require.spatial(input, Math.max(1, axes));
  }

  /**
   * The neighbours of the place where an output lies on the input:
   *
   * <pre>
   *   nearest                  o x size / target
   *   nearest-exact            (o + 1/2) x size / target
   *   linear, cubic            (o + 1/2) x size / target - 1/2
   *   the same, corners CENTRES  o x (size - 1) / (target - 1)
   * </pre>
   *
   * <p>Where the place is a pixel's own, that pixel alone is read. PyTorch divides by a given
   * factor instead of multiplying with {@code size / target}, which differs where the input times
   * the factor is not a whole number.
   */
  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    requireAxes(input);
    long size = axis.of(input);
    long out = target.size(axis, size);
    Ratio step =
        corners == Corners.CENTRES
            ? out == 1 ? Ratio.of(size) : new Ratio(size - 1, out - 1)
            : new Ratio(size, out);
    if (step.numerator() == 0) { // one pixel, copied everywhere
      return Optional.of(new Reach(1, 0, o -> Reach.Run.of(0, 1, 1), PaddingMode.REPLICATE));
    }
    return Optional.of(
        new Reach(
            step.denominator(),
            step.numerator(),
            o -> neighbours(place(o, step)),
            PaddingMode.REPLICATE));
  }

  private Ratio place(long output, Ratio step) {
    Ratio half = new Ratio(1, 2);
    if (mode == Mode.NEAREST || corners == Corners.CENTRES) {
      return step.times(output);
    }
    Ratio middle = Ratio.of(output).plus(half).times(step);
    return mode == Mode.NEAREST_EXACT ? middle : middle.plus(new Ratio(-1, 2));
  }

  private Reach.Run neighbours(Ratio place) {
    long first = place.floor();
    if (mode.neighbours == 1 || place.denominator() == 1) {
      return Reach.Run.of(first, 1, 1);
    }
    return Reach.Run.of(first - (mode.neighbours / 2 - 1), 1, mode.neighbours);
  }

  /** fvcore knows nearest and bilinear, both of pictures. */
  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    Shape output = output(Require.one(inputs));
    if (mode == Mode.BILINEAR) {
      return Exact.multiply(4, Exact.elements(output));
    }
    return mode == Mode.NEAREST && output.dimension() == 4 ? Exact.elements(output) : 0;
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
    Call call = Call.of(type());
    if (target instanceof Target.To to) {
      boolean one = target.given() == 1; // for as many axes as the input has
      call.with("size", one ? to.size().toShortString() : to.size().toString());
    } else if (target instanceof Target.By by) {
      boolean one = target.given() == 1;
      Object factor = by.factors().get(0);
      call.with(
          "scale_factor",
          one ? factor : by.factors().stream().map(Call::python).collect(joining(", ", "(", ")")));
    }
    call.withWord("mode", mode, Mode.NEAREST);
    call.withUnless(corners == Corners.EDGES, "align_corners", true);
    call.withUnless(scale == Scale.AS_GIVEN, "recompute_scale_factor", true);
    return call.toString();
  }
}
