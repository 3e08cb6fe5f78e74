package io.github.convlens.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Verification;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long a forward pass takes, and what share of the machine's own speed that is.
 *
 * @param runs how many passes were measured, after a warm-up
 * @param seconds the median pass
 * @param macs multiply-adds of a pass
 * @param peak multiply-adds per second of a large float32 matrix product on the same device, just
 *     measured: what the engine can reach there, not the data sheet's number
 */
public record Timing(int runs, double seconds, long macs, double peak) {
  /** A matrix product that takes this long tells the speed well enough. */
  private static final double LONG_ENOUGH = 0.02;

  private static final long LARGEST_MATRIX = 8192;

  /**
   * Runs a block again and again.
   *
   * @param block an initialised block
   * @param macs multiply-adds of one pass: {@code layer.macs(input.getShape())}
   * @param input the input; it is not changed, nothing stays in its manager
   * @param runs how many passes to measure, at least 1
   */
  public static Timing of(Block block, long macs, NDArray input, int runs) {
    return of(block, macs, new NDList(input), runs);
  }

  /** The same for a block with several inputs. */
  public static Timing of(Block block, long macs, NDList inputs, int runs) {
    return of(block, macs, inputs, runs, Verification.Progress.UNTOLD);
  }

  /** The same, which tells after each measured pass how far it has come. */
  public static Timing of(
      Block block, long macs, NDList inputs, int runs, Verification.Progress progress) {
    if (runs < 1) {
      throw new IllegalArgumentException(
          "a median needs at least one run.\nHere runs is " + runs + ".\nUse runs >= 1.");
    }
    double seconds = median(() -> wait(LayerBlocks.forward(block, inputs)), runs, progress);
    return new Timing(runs, seconds, macs, peak(inputs.head()));
  }

  /** {@code macs / seconds}. */
  public double macsPerSecond() {
    return macs / seconds;
  }

  /** {@code macsPerSecond / peak}: 0.5 is half as fast as the matrix product. */
  public double share() {
    return macsPerSecond() / peak;
  }

  /** Multiply-adds per second of a matrix product that is large enough to fill the device. */
  private static double peak(NDArray input) {
    try (NDManager own = input.getManager().newSubManager(input.getDevice())) {
      for (long n = 512; ; n *= 2) {
        NDArray matrix = own.ones(new Shape(n, n), DataType.FLOAT32);
        double seconds = median(() -> wait(matrix.matMul(matrix)), 5, Verification.Progress.UNTOLD);
        matrix.close();
        if (seconds >= LONG_ENOUGH || n == LARGEST_MATRIX) {
          return (double) n * n * n / seconds;
        }
      }
    }
  }

  private static double median(Runnable work, int runs, Verification.Progress progress) {
    long[] nanos = new long[runs];
    for (int i = -Math.min(3, runs); i < runs; i++) {
      long start = System.nanoTime();
      work.run();
      nanos[Math.max(i, 0)] = System.nanoTime() - start;
      if (i >= 0) {
        progress.checked(i + 1, runs);
      }
    }
    Arrays.sort(nanos);
    double middle = (nanos[(runs - 1) / 2] + nanos[runs / 2]) / 2.0;
    return middle / TimeUnit.SECONDS.toNanos(1);
  }

  private static void wait(NDList results) {
    NDArray last = results.get(results.size() - 1);
    Scratch.close(results, new NDList(last));
    wait(last);
  }

  /**
   * A GPU answers before it has finished; reading one number waits for it. Flat, a channels-last
   * array would be a copy; and of what is read on a GPU DJL leaves one in its manager.
   */
  private static void wait(NDArray result) {
    try (result;
        NDManager own = result.getManager().newSubManager(result.getDevice())) {
      NDArray first = result.get(new long[result.getShape().dimension()]);
      first.attach(own);
      first.toByteBuffer();
    }
  }

  /** {@code median of 20 runs 1.93 ms, 0.94 G multiply-adds/s, 41 % of the peak of 2.3 G}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "median of %d runs %.3g ms, %.3g G multiply-adds/s, %.0f %% of the measured peak of %.3g G",
        runs,
        seconds * 1e3,
        macsPerSecond() / 1e9,
        share() * 100,
        peak / 1e9);
  }
}
