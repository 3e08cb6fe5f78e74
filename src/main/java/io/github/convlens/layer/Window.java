package io.github.convlens.layer;

import io.github.convlens.layer.internal.Exact;

/**
 * A window that slides along one axis: {@code kernel} taps, {@code dilation} apart, moving {@code
 * stride} positions a step over an input with {@code padBefore} and {@code padAfter} positions put
 * in front of it and behind it.
 *
 * <pre>
 *   span   = dilation x (kernel - 1) + 1
 *   output = floor((input + padBefore + padAfter - span) / stride) + 1
 * </pre>
 *
 * <p>Input 8, kernel 5, stride 4, padding 1 + 1: floor((8 + 2 - 5) / 4) + 1 = 2. The formula is
 * that of PyTorch's Conv2d page; d2l (section 7.3) writes it as floor((n - k + p + s) / s) with p
 * the total padding.
 *
 * @param kernel number of taps, at least 1
 * @param stride positions per step, at least 1
 * @param padBefore positions put in front (top or left), at least 0
 * @param padAfter positions put behind (bottom or right), at least 0
 * @param dilation distance of neighbouring taps, at least 1
 */
public record Window(long kernel, long stride, long padBefore, long padAfter, long dilation) {

  /**
   * Checks the bounds of each component.
   *
   * @throws ShapeException if a component is below its bound
   */
  public Window {
    atLeast(1, kernel, "kernel");
    atLeast(1, stride, "stride");
    atLeast(0, padBefore, "padBefore");
    atLeast(0, padAfter, "padAfter");
    atLeast(1, dilation, "dilation");
  }

  /** A window with the same padding on both sides. */
  public static Window of(long kernel, long stride, long padding, long dilation) {
    return new Window(kernel, stride, padding, padding, dilation);
  }

  /** A window of {@code kernel} neighbouring taps that moves one position a step, no padding. */
  public static Window of(long kernel) {
    return of(kernel, 1, 0, 1);
  }

  /** {@code dilation x (kernel - 1) + 1}: positions from the first tap to the last one. */
  public long span() {
    return Exact.add(Exact.multiply(dilation, kernel - 1), 1);
  }

  /** {@code padBefore + padAfter}: what d2l writes as p. */
  public long totalPadding() {
    return Exact.add(padBefore, padAfter);
  }

  /** {@code input + totalPadding}. */
  public long paddedSize(long input) {
    return Exact.add(input, totalPadding());
  }

  /**
   * {@code floor((input + totalPadding - span) / stride) + 1}: how many places the window can take.
   *
   * @param input the axis's size, at least 1
   * @throws ShapeException if the input is below 1, or the window does not fit into it with its
   *     padding
   */
  public long outputSize(long input) {
    return outputSize(input, Rounding.FLOOR);
  }

  /** The least input that the window fits into: {@code span - totalPadding}, at least 1. */
  long leastInput() {
    return Math.max(1, span() - totalPadding());
  }

  /**
   * The same with PyTorch's pooling rule: {@link Rounding#CEIL} adds a window that hangs over the
   * end, unless it would start behind the input and its front padding.
   *
   * <p>Input 2, kernel 3, stride 2: no window fits, but with {@link Rounding#CEIL} one that hangs
   * over by 1 counts.
   *
   * @throws ShapeException if the input is below 1, or not even one window fits
   */
  public long outputSize(long input, Rounding rounding) {
    return outputSize(input, rounding, Bounds.NONE);
  }

  /** The same for a layer with bounds of its own, so that a rejection suggests what it allows. */
  long outputSize(long input, Rounding rounding, Bounds bounds) {
    atLeast(1, input, "input");
    long overhang = rounding == Rounding.CEIL ? stride - 1 : 0;
    long room = paddedSize(input) - span();
    if (room < -overhang) {
      throw doesNotFit(input, overhang, bounds);
    }
    long last = room < 0 ? -stride : room - room % stride; // where the last that fits starts
    boolean startsInFront = last < Exact.add(input, padBefore) - stride;
    boolean hangsOver = rounding == Rounding.CEIL && last < room && startsInFront;
    return last / stride + (hangsOver ? 2 : 1);
  }

  /**
   * The formula with this window's numbers and its value, for people: {@code floor((8 + 1 + 1 - 5)
   * / 4) + 1 = 2}, with {@code span = 2 x (3 - 1) + 1 = 5} in front where there is dilation.
   *
   * @throws ShapeException if the window does not fit
   */
  public String explain(long input, Rounding rounding) {
    long room = paddedSize(input) - span();
    long places = outputSize(input, rounding);
    boolean ceil = rounding == Rounding.CEIL;
    boolean dropped = ceil && places <= -Math.floorDiv(-room, stride);
    return (dilation == 1 ? "" : "span = " + spanFormula() + " = " + span() + ", ")
        + (ceil ? "ceil((" : "floor((")
        + (input + " + " + padBefore + " + " + padAfter + " - " + span() + ") / " + stride)
        + (dropped ? ") + 1 - 1 (a window must not start behind the input) = " : ") + 1 = ")
        + places;
  }

  private String spanFormula() {
    return dilation + " x (" + kernel + " - 1) + 1";
  }

  /**
   * The rejection, with remedies that work.
   *
   * @param overhang how far the last window may hang over the end
   * @param bounds what the layer allows
   */
  private ShapeException doesNotFit(long input, long overhang, Bounds bounds) {
    long padded = paddedSize(input);
    long missing = span() - padded - overhang;
    String taps =
        dilation == 1
            ? "It spans " + span()
            : "It spans "
                + span()
                + " (dilation "
                + dilation
                + " x (kernel "
                + kernel
                + " - 1) + 1)";
    String over = overhang == 0 ? "" : ", and may hang over by " + overhang;
    long perSide = Math.max(padBefore, padAfter) + missing / 2 + missing % 2;
    return ShapeException.of(
            "the kernel does not fit",
            taps
                + " but the padded input is "
                + padded
                + (" (input " + input + " + padding " + padBefore + " + " + padAfter + ")")
                + over
                + ".",
            "Use "
                + (perSide <= bounds.maxPadding ? "padding >= " + perSide + ", " : "")
                + smaller(Exact.add(padded, overhang), bounds.minKernel)
                + ("or an input of at least " + (input + missing) + " here."))
        .needing(input + missing);
  }

  /** The largest dilation, or else the largest kernel, that spans no more than {@code room}. */
  private String smaller(long room, long minKernel) {
    long fits = (room - 1) / (kernel - 1); // a single tap fits everywhere
    if (fits >= 1) {
      return fits == 1 ? "dilation 1, " : "dilation <= " + fits + ", ";
    }
    long taps = (room - 1) / dilation + 1;
    return taps >= minKernel ? "kernel <= " + taps + ", " : "";
  }

  private static void atLeast(long bound, long value, String name) {
    if (value < bound) {
      throw ShapeException.of(
          name + " must be at least " + bound,
          "Here it is " + value + ".",
          "Use " + name + " " + bound + " or more.");
    }
  }

  /**
   * What a layer allows.
   *
   * @param maxPadding the most positions at each end
   * @param minKernel the fewest taps
   */
  record Bounds(long maxPadding, long minKernel) {
    static final Bounds NONE = new Bounds(Long.MAX_VALUE, 1);
  }
}
