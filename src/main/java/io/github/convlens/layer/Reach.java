package io.github.convlens.layer;

import io.github.convlens.layer.internal.Exact;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which positions of its input each output position of a layer reads on one axis, exactly, with the
 * holes between them. What output {@code o} reads, output {@code o + period} reads {@code advance}
 * positions further on.
 *
 * <p>A convolution with kernel 3, stride 2, padding 1: period 1, advance 2, and output 0 reads -1
 * (padding), 0 and 1. Behind an enlarging by 2, outputs 0 and 1 read position 0: period 2, advance
 * 1.
 *
 * @param period after how many outputs the pattern repeats, at least 1
 * @param advance how many input positions further it repeats
 * @param runs what an output reads; positions below 0 and behind the end are outside of the input
 * @param outside what stands outside of the input
 */
public record Reach(long period, long advance, LongFunction<Run> runs, PaddingMode outside) {
  /** A layer that reads nothing but the position itself: activations, normalisations, 1x1. */
  public static final Reach POINT = shifted(0, PaddingMode.ZEROS);

  // as a record's own, which take long to link when the first is called

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Reach reach
        && reach.period == period
        && reach.advance == advance
        && reach.runs.equals(runs)
        && reach.outside == outside;
  }

  @Override
  public int hashCode() {
    return Objects.hash(period, advance, runs, outside);
  }

  /**
   * Positions in equal steps, in the order of the kernel's taps that meet them.
   *
   * @param first the position under the first of these taps
   * @param step from one position to the next; negative where they go down
   * @param count how many; 0 where an output reads nothing
   * @param tap the number of the first tap
   * @param tapStep from one tap to the next
   */
  public record Run(long first, long step, long count, long tap, long tapStep) {
    /** Nothing is read. */
    public static final Run NONE = new Run(0, 1, 0, 0, 1);

    /** Positions under the taps 0, 1, 2 and so on. */
    public static Run of(long first, long step, long count) {
      return new Run(first, step, count, 0, 1);
    }

    /** The smallest position; meaningful where there is one. */
    public long least() {
      return step < 0 ? end() : first;
    }

    /** The largest position; meaningful where there is one. */
    public long greatest() {
      return step < 0 ? first : end();
    }

    /** Those of the positions that lie from 0 to {@code size}, exclusive, with their taps. */
    public Run within(long size) {
      if (count == 0 || greatest() < 0 || least() >= size) {
        return NONE;
      }
      long pace = Math.abs(step);
      long low = Math.max(0, -Math.floorDiv(least(), pace)); // so many lie below 0
      long high = Math.max(0, -Math.floorDiv(size - 1 - greatest(), pace)); // and behind the end
      long skipped = step < 0 ? high : low;
      long left = count - low - high;
      return left <= 0
          ? NONE
          : new Run(first + skipped * step, step, left, tap + skipped * tapStep, tapStep);
    }

    private long end() {
      return Exact.add(first, Exact.multiply(count - 1, step));
    }

    /** The position with this place among them, from 0. */
    public long at(long place) {
      return first + place * step;
    }

    /** The number of the tap over the position with this place among them, from 0. */
    public long tapAt(long place) {
      return tap + place * tapStep;
    }

    /** The positions, in the order of the taps. */
    public LongStream positions() {
      return LongStream.range(0, count).map(this::at);
    }
  }

  /** What one output position reads. */
  public Run at(long output) {
    return runs.apply(output);
  }

  /**
   * The position of the input whose value is read where the layer reads a position; empty where
   * that is outside and stands for no position.
   *
   * @param size the input's size on the axis
   */
  public OptionalLong inside(long position, long size) {
    return outside.source(position, size);
  }

  /** The mean distance of what neighbouring outputs read. */
  public Ratio stride() {
    return new Ratio(advance, period);
  }

  /**
   * How many positions further on each output reads its one position: 0 for a point; empty where
   * outputs read in another way.
   */
  public OptionalLong shift() {
    Run run = at(0);
    boolean one = period == 1 && advance == 1 && run.count == 1 && outside == PaddingMode.ZEROS;
    return one ? OptionalLong.of(run.first) : OptionalLong.empty();
  }

  /** Each output reads one position: its own, so many positions further on. */
  static Reach shifted(long by, PaddingMode outside) {
    return new Reach(1, 1, o -> Run.of(o + by, 1, 1), outside);
  }

  /** Every output reads all of so many positions. */
  static Reach all(long size) {
    return new Reach(1, 0, o -> Run.of(0, 1, size), PaddingMode.ZEROS);
  }

  /** Output {@code o} reads position {@code o x size / target}, rounded down. */
  static Reach nearest(long size, long target) {
    Ratio step = new Ratio(size, target);
    return new Reach(
        step.denominator(),
        step.numerator(),
        o -> Run.of(step.times(o).floor(), 1, 1),
        PaddingMode.REPLICATE);
  }

  /** A sliding window. */
  static Reach of(Window window, PaddingMode outside) {
    return new Reach(
        1,
        window.stride(),
        o ->
            Run.of(
                Exact.add(Exact.multiply(o, window.stride()), -window.padBefore()),
                window.dilation(),
                window.kernel()),
        outside);
  }
}
