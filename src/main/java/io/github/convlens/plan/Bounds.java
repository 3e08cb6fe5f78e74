package io.github.convlens.plan;

import io.github.convlens.plan.NoSolution.Bound;

/**
 * Which windows the {@link Solver} tries: all whose numbers lie in these ranges. Kernels, strides
 * and dilations start at 1 and paddings at 0, unless a number {@linkplain #with is given}. {@link
 * #DEFAULT} is 64 x 32 x 4 x 33 = 270,336 windows.
 *
 * @param kernel taps, within 1 to 1024
 * @param stride positions per step, within 1 to 1024
 * @param dilation distance of the taps, within 1 to 1024
 * @param padding positions per side, within 0 to 1024
 */
public record Bounds(SizeRange kernel, SizeRange stride, SizeRange dilation, SizeRange padding) {
  /** The largest value of each bound. */
  public static final long LARGEST = 1024;

  /** The most windows that may lie within bounds. */
  public static final long MOST_WINDOWS = 1L << 23;

  /** Kernel 64, stride 32, dilation 4, padding 32. */
  public static final Bounds DEFAULT = new Bounds(64, 32, 4, 32);

  /**
   * All windows up to these numbers.
   *
   * @param kernel the largest number of taps, 1 to 1024
   * @param stride the largest stride, 1 to 1024
   * @param dilation the largest distance of taps, 1 to 1024
   * @param padding the largest padding per side, 0 to 1024
   * @throws PlanException if a bound is out of its range, or more than 2^23 windows lie within them
   */
  public Bounds(long kernel, long stride, long dilation, long padding) {
    this(
        upTo(Bound.KERNEL, kernel),
        upTo(Bound.STRIDE, stride),
        upTo(Bound.DILATION, dilation),
        upTo(Bound.PADDING, padding));
  }

  /**
   * Checks the bounds.
   *
   * @throws PlanException if a bound is out of its range, or more than 2^23 windows lie within them
   */
  public Bounds {
    check(Bound.KERNEL, kernel);
    check(Bound.STRIDE, stride);
    check(Bound.DILATION, dilation);
    check(Bound.PADDING, padding);
    long windows = kernel.count() * stride.count() * dilation.count() * padding.count();
    if (windows > MOST_WINDOWS) {
      throw new PlanException(
          "at most " + MOST_WINDOWS + " windows are tried",
          ("Within " + text(kernel, stride, dilation, padding) + " lie ")
              + (kernel.count() + " x " + stride.count() + " x " + dilation.count())
              + (" x " + padding.count() + " = " + windows + "."),
          "Use smaller bounds; dilation 1 makes them " + dilation.count() + " times fewer.");
    }
  }

  private static SizeRange upTo(Bound bound, long most) {
    PlanException.checkBetween("the largest " + bound, most, bound.least(), LARGEST);
    return new SizeRange(bound.least(), most);
  }

  private static void check(Bound bound, SizeRange range) {
    PlanException.checkBetween("the " + bound, range.first(), bound.least(), LARGEST);
    PlanException.checkBetween("the " + bound, range.last(), bound.least(), LARGEST);
  }

  /**
   * The same with one number given.
   *
   * @throws PlanException if it is out of its range
   */
  public Bounds with(Bound bound, long given) {
    return with(bound, new SizeRange(given, given));
  }

  /** The same with another range for one number. */
  Bounds with(Bound bound, SizeRange range) {
    return new Bounds(
        bound == Bound.KERNEL ? range : kernel,
        bound == Bound.STRIDE ? range : stride,
        bound == Bound.DILATION ? range : dilation,
        bound == Bound.PADDING ? range : padding);
  }

  /** How many windows lie within. */
  public long windows() {
    return kernel.count() * stride.count() * dilation.count() * padding.count();
  }

  /** {@code kernel <= 64, stride 2, dilation <= 4, padding <= 32}. */
  @Override
  public String toString() {
    return text(kernel, stride, dilation, padding);
  }

  private static String text(
      SizeRange kernel, SizeRange stride, SizeRange dilation, SizeRange padding) {
    return (text(Bound.KERNEL, kernel) + ", " + text(Bound.STRIDE, stride) + ", ")
        + (text(Bound.DILATION, dilation) + ", " + text(Bound.PADDING, padding));
  }

  private static String text(Bound bound, SizeRange range) {
    return bound + (range.first() == range.last() ? " " : " <= ") + range.last();
  }
}
