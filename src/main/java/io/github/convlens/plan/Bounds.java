package io.github.convlens.plan;

/**
 * How far the {@link Solver} looks: kernels and strides and dilations from 1, paddings from 0, up
 * to these numbers, all included. {@link #DEFAULT} is 31 x 8 x 4 x 16 = 15,872 windows.
 *
 * @param kernel the largest number of taps, 1 to 1024
 * @param stride the largest stride, 1 to 1024
 * @param dilation the largest distance of taps, 1 to 1024
 * @param padding the largest padding per side, 0 to 1024
 */
public record Bounds(long kernel, long stride, long dilation, long padding) {
  /** Kernel 31, stride 8, dilation 4, padding 15. */
  public static final Bounds DEFAULT = new Bounds(31, 8, 4, 15);

  /** The largest value of each bound. */
  public static final long LARGEST = 1024;

  /** The most windows that may lie within bounds. */
  public static final long MOST_WINDOWS = 1L << 20;

  /**
   * Checks the bounds.
   *
   * @throws PlanException if a bound is out of its range, or more than 2^20 windows lie within them
   */
  public Bounds {
    PlanException.checkBetween("the largest kernel", kernel, 1, LARGEST);
    PlanException.checkBetween("the largest stride", stride, 1, LARGEST);
    PlanException.checkBetween("the largest dilation", dilation, 1, LARGEST);
    PlanException.checkBetween("the largest padding", padding, 0, LARGEST);
    long windows = windows(kernel, stride, dilation, padding);
    if (windows > MOST_WINDOWS) {
      throw new PlanException(
          "at most " + MOST_WINDOWS + " windows are tried",
          ("Within kernel <= " + kernel + ", stride <= " + stride)
              + (", dilation <= " + dilation + ", padding <= " + padding)
              + (" lie " + kernel + " x " + stride + " x " + dilation + " x " + (padding + 1))
              + (" = " + windows + "."),
          "Use smaller bounds; dilation 1 makes them " + dilation + " times fewer.");
    }
  }

  /** {@code kernel x stride x dilation x (padding + 1)}: how many windows lie within. */
  public long windows() {
    return windows(kernel, stride, dilation, padding);
  }

  private static long windows(long kernel, long stride, long dilation, long padding) {
    return kernel * stride * dilation * (padding + 1);
  }

  /** {@code kernel <= 31, stride <= 8, dilation <= 4, padding <= 15}. */
  @Override
  public String toString() {
    return ("kernel <= " + kernel + ", stride <= " + stride)
        + (", dilation <= " + dilation + ", padding <= " + padding);
  }
}
