package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Claim 9: many layers with small kernels are cheaper than fewer with large ones, since the cost
 * follows the kernel's area: {@code layers x kernel^2} multiply-adds for each pixel and pair of
 * channels. 10 x 9 = 90 against 5 x 25 = 125: 28 % fewer.
 *
 * @param kernel the small kernel
 * @param layers how many layers have it
 * @param otherKernel the large kernel
 * @param otherLayers how many layers have it
 */
public record CheaperSmallKernels(long kernel, long layers, long otherKernel, long otherLayers)
    implements Claim.Measured {
  /** The picture on which whole networks are counted and timed: (batch, channels, h, w). */
  private static final Shape PICTURE = new Shape(1, 64, 28, 36);

  /** Checks the bounds. */
  public CheaperSmallKernels {
    Require.count(kernel, "kernel");
    Require.count(layers, "layers");
    Require.count(otherKernel, "otherKernel");
    Require.count(otherLayers, "otherLayers");
    if (kernel % 2 == 0 || otherKernel % 2 == 0) {
      throw new IllegalArgumentException(
          "both kernels must be odd, so that padding on both sides keeps the size.\nHere they are "
              + kernel
              + " and "
              + otherKernel
              + ".");
    }
  }

  @Override
  public int number() {
    return 9;
  }

  @Override
  public String statement() {
    return "%d layers of %s are cheaper than %d layers of %s: the cost follows the kernel's area."
        .formatted(layers, square(kernel), otherLayers, square(otherKernel));
  }

  /** Multiply-adds of the small kernels for each pixel and pair of channels. */
  public long cost() {
    return costPerPixel(kernel, layers);
  }

  /** Multiply-adds of the large kernels for each pixel and pair of channels. */
  public long otherCost() {
    return costPerPixel(otherKernel, otherLayers);
  }

  /** The trace of a picture of one pixel and one channel counts what one pixel and pair cost. */
  private static long costPerPixel(long kernel, long layers) {
    return macs(new Shape(1, 1, 1, 1), kernel, layers);
  }

  private static long macs(Shape picture, long kernel, long layers) {
    return Stacks.equal(picture, kernel, layers).totals().macs();
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    lines.add("multiply-adds for each pixel and each pair of channels:");
    lines.add(formula(layers, kernel, cost()));
    lines.add(formula(otherLayers, otherKernel, otherCost()));
    lines.add(
        "%d / %d = %s: %s"
            .formatted(
                cost(), otherCost(), Numbers.text((double) cost() / otherCost()), difference()));
    lines.add(
        String.format(
            Locale.ROOT,
            "on %dx%d with %d channels: %,d against %,d",
            PICTURE.get(2),
            PICTURE.get(3),
            PICTURE.get(1),
            macs(PICTURE, kernel, layers),
            macs(PICTURE, otherKernel, otherLayers)));
    return new Finding(
        lines,
        cost() < otherCost()
            ? new Verdict.Right()
            : new Verdict.Wrong(
                "%d multiply-adds are not fewer than %d.".formatted(cost(), otherCost())));
  }

  private static String formula(long layers, long kernel, long cost) {
    return "%2d layers x %d x %d = %d".formatted(layers, kernel, kernel, cost);
  }

  private String difference() {
    long percent = Math.round(100.0 * Math.abs(otherCost() - cost()) / otherCost());
    return percent + " % " + (cost() < otherCost() ? "fewer" : "more");
  }

  /** {@inheritDoc} Runs both networks several times; the times are printed and not judged. */
  @Override
  public Measurement measure(NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      TimedStack small = new TimedStack(scratch, PICTURE, kernel, layers);
      TimedStack large = new TimedStack(scratch, PICTURE, otherKernel, otherLayers);
      List<TimedStack.Times> times = TimedStack.times(small, large);
      List<String> lines =
          List.of(
              timing(layers, kernel, times.get(0)),
              timing(otherLayers, otherKernel, times.get(1)),
              comparison(times.get(0).median() / times.get(1).median()));
      return new Measurement(
          lines,
          Measurement.Agreement.of(small.multiplyAdds(), macs(PICTURE, kernel, layers))
              .and(
                  Measurement.Agreement.of(
                      large.multiplyAdds(), macs(PICTURE, otherKernel, otherLayers))));
    }
  }

  private static String timing(long layers, long kernel, TimedStack.Times times) {
    return String.format(
        Locale.ROOT,
        "%2d layers of %s: median of %d runs %.2f ms, fastest %.2f ms",
        layers,
        square(kernel),
        TimedStack.RUNS,
        times.median(),
        times.fastest());
  }

  private String comparison(double ratio) {
    double counted = (double) cost() / otherCost();
    String outcome =
        String.format(Locale.ROOT, "time %.2f to 1, multiply-adds %.2f to 1", ratio, counted);
    boolean countTells = (ratio < 1) == (counted < 1);
    return countTells
        ? outcome + "."
        : outcome
            + ": here and now the count does not tell the time. Each layer has a cost of its own"
            + " besides, and other programs that run take their share.";
  }

  private static String square(long side) {
    return side + "x" + side;
  }
}
