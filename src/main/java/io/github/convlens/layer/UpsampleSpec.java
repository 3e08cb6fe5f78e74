package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * A picture enlarged (or reduced) to a given size or by a factor: {@code output = floor(input x
 * factor)}. Source: PyTorch's page of torch.nn.Upsample.
 *
 * @param target the size or the factors
 * @param mode how values between pixels are found
 * @param corners how the corners of input and output lie on each other
 */
public record UpsampleSpec(Target target, Mode mode, Corners corners) implements LayerSpec {

  /** To which size. */
  public sealed interface Target {
    /** The output's size on one axis. */
    long size(Axis axis, long input);

    /** The output's rows and columns. */
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
      public long size(Axis axis, long input) {
        return size.on(axis);
      }
    }

    /** The factors for rows and columns. */
    record By(double height, double width) implements Target {
      /**
       * Checks the bounds.
       *
       * @throws ShapeException if a factor is not positive and finite
       */
      public By {
        double least = Math.min(height, width);
        if (!(least > 0) || Double.isInfinite(Math.max(height, width))) {
          throw ShapeException.of(
              "scale_factor must be a positive number",
              "Here it is (" + height + ", " + width + ").",
              "Use a factor above 0, such as 2.");
        }
      }

      @Override
      public long size(Axis axis, long input) {
        double factor = axis == Axis.HEIGHT ? height : width;
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
    NEAREST("nearest", 1),
    /** The pixel that is nearest to the position. */
    NEAREST_EXACT("nearest-exact", 1),
    /** Between the two neighbours on each axis. */
    BILINEAR("bilinear", 2),
    /** A cubic curve through four neighbours on each axis. */
    BICUBIC("bicubic", 4);

    private final String notation;
    private final int neighbours;

    Mode(String notation, int neighbours) {
      this.notation = notation;
      this.neighbours = neighbours;
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

  /**
   * Checks that corners are only said where the mode has them.
   *
   * @throws ShapeException if corners are aligned in a mode that takes the nearest pixel
   */
  public UpsampleSpec {
    if (corners == Corners.CENTRES && mode.neighbours == 1) {
      throw ShapeException.of(
          "align_corners goes with the modes bilinear and bicubic",
          "The mode here is '" + mode + "'.",
          "Leave align_corners out, or use mode='bilinear'.");
    }
  }

  @Override
  public String type() {
    return "Upsample";
  }

  @Override
  public Shape output(Shape input) {
    Require.picture(input);
    return new Shape(
        input.get(0),
        input.get(1),
        target.size(Axis.HEIGHT, input.get(2)),
        target.size(Axis.WIDTH, input.get(3)));
  }

  /**
   * As many neighbours as the mode takes, from the one in front of the position on the input:
   *
   * <pre>
   *   nearest                  o x size / target
   *   nearest-exact            (o + 1/2) x size / target
   *   bilinear, bicubic        (o + 1/2) x size / target - 1/2
   *   the same, corners CENTRES  o x (size - 1) / (target - 1)
   * </pre>
   *
   * <p>PyTorch divides by a given factor instead of multiplying with {@code size / target}, which
   * differs where the input times the factor is not a whole number.
   */
  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    long size = Require.size(axis, input);
    long out = target.size(axis, size);
    long start = first(size, out) - Math.max(0, mode.neighbours / 2 - 1);
    Ratio stride =
        corners == Corners.CENTRES && out > 1 ? new Ratio(size - 1, out - 1) : new Ratio(size, out);
    return Optional.of(new Reach(mode.neighbours, stride, start));
  }

  /** The pixel at or before the place where output 0 lies on the input. */
  private long first(long size, long out) {
    if (mode == Mode.NEAREST || corners == Corners.CENTRES) {
      return 0;
    }
    long twice = Exact.multiply(2, out);
    return mode == Mode.NEAREST_EXACT ? size / twice : Math.floorDiv(size - out, twice);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type());
    if (target instanceof Target.To to) {
      call.with("size", to.size().toShortString());
    } else if (target instanceof Target.By by) {
      Object factor = by.height();
      call.with(
          "scale_factor",
          by.height() == by.width() ? factor : "(" + by.height() + ", " + by.width() + ")");
    }
    call.withWord("mode", mode, Mode.NEAREST);
    return (corners == Corners.CENTRES ? call.with("align_corners", true) : call).toString();
  }
}
