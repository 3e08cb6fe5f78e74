package io.github.convlens.trace;

import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.internal.Exact;
import java.util.PrimitiveIterator;

/**
 * From where to where each position of a map sees the network's input on one axis: position {@code
 * i} sees {@code first(i)} to {@code last(i)}. Positions repeat: {@code first(i + period) =
 * first(i) + advance}. Without enlarging layers the period is 1; behind an upsampling by 2 it is 2,
 * since only every other position sees something new. Keeping every phase is what makes sizes exact
 * there.
 *
 * <p>A position that sees nothing, between the taps of a transposed convolution, has its last in
 * front of its first.
 */
final class Phases {
  /** More phases than this are merged into one that sees what any of them sees. */
  static final int MOST_PHASES = 1024;

  /** Beyond so many positions only the ends of a window are looked at. */
  private static final long MOST_POSITIONS = 1 << 16;

  /** The network's input: each position sees itself. */
  static final Phases INPUT = new Phases(1, new long[] {0}, new long[] {0});

  private final long advance;
  private final long[] firsts;
  private final long[] lasts;
  private final boolean merged;
  private final boolean increasing;

  private Phases(long advance, long[] firsts, long[] lasts) {
    this(advance, firsts, lasts, false);
  }

  private Phases(long advance, long[] firsts, long[] lasts, boolean merged) {
    this.merged = merged;
    this.advance = advance;
    this.firsts = firsts;
    this.lasts = lasts;
    increasing = isIncreasing();
  }

  private boolean isIncreasing() {
    for (int i = 0; i < firsts.length; i++) {
      if (firsts[i] > lasts[i] || first(i + 1) < firsts[i] || last(i + 1) < lasts[i]) {
        return false;
      }
    }
    return true;
  }

  long first(long position) {
    return at(firsts, position);
  }

  long last(long position) {
    return at(lasts, position);
  }

  private long at(long[] each, long position) {
    if (each.length == 1) {
      return Exact.add(each[0], Exact.multiply(position, advance));
    }
    long periods = Math.floorDiv(position, each.length);
    int phase = Math.floorMod(position, each.length);
    return Exact.add(each[phase], Exact.multiply(periods, advance));
  }

  /**
   * What is seen behind a layer that reads this map.
   *
   * @param reach which positions the layer reads
   * @param positions the map's size
   */
  Phases through(Reach reach, long positions) {
    if (reach.equals(Reach.POINT)) {
      return this;
    }
    long factor = firsts.length / Exact.gcd(firsts.length, reach.advance());
    if (reach.period() > MOST_PHASES / factor) {
      return merged(positions);
    }
    int period = Math.toIntExact(reach.period() * factor);
    long[] newFirsts = new long[period];
    long[] newLasts = new long[period];
    for (int o = 0; o < period; o++) {
      see(reach.at(o), o, newFirsts, newLasts);
    }
    long periods = Exact.multiply(reach.advance(), factor) / firsts.length;
    return new Phases(Exact.multiply(periods, advance), newFirsts, newLasts);
  }

  private void see(Reach.Run run, int output, long[] newFirsts, long[] newLasts) {
    newLasts[output] = -1;
    if (run.count() == 0) {
      return;
    }
    if (increasing || run.count() > MOST_POSITIONS) {
      newFirsts[output] = first(run.least());
      newLasts[output] = last(run.greatest());
      return;
    }
    boolean any = false;
    for (PrimitiveIterator.OfLong read = run.positions().iterator(); read.hasNext(); ) {
      long position = read.nextLong();
      long first = first(position);
      long last = last(position);
      if (first <= last) {
        newFirsts[output] = any ? Math.min(newFirsts[output], first) : first;
        newLasts[output] = any ? Math.max(newLasts[output], last) : last;
        any = true;
      }
    }
  }

  /** What is seen behind a layer whose every output reads all {@code positions} of this map. */
  Phases whole(long positions) {
    return whole(positions, false);
  }

  private Phases merged(long positions) {
    return whole(positions, true);
  }

  private Phases whole(long positions, boolean isMerged) {
    long from = 0;
    long to = positions - 1;
    for (int i = 1; i < firsts.length; i++) { // of the positions at an end, one sees something
      from += seesNothing(from) ? 1 : 0;
      to -= seesNothing(to) ? 1 : 0;
    }
    return new Phases(0, new long[] {first(from)}, new long[] {last(to)}, isMerged);
  }

  private boolean seesNothing(long position) {
    return first(position) > last(position);
  }

  /** Whether there were too many phases, and each is said to see what any of them sees. */
  boolean isMerged() {
    return merged;
  }

  /**
   * What is seen on a map that joins this one and another. Where both have the same stride, each
   * position sees the union, and where all of one see what the other can, that; otherwise the
   * stride is this one's, and the field is as large as the first and the last position need.
   *
   * @param positions the map's size
   */
  Phases union(Phases other, long positions) {
    if (other == this) {
      return this;
    }
    long factor = other.firsts.length / Exact.gcd(firsts.length, other.firsts.length);
    long period = firsts.length * factor;
    if (!stride().equals(other.stride())) {
      return covers(other, positions)
          ? this
          : other.covers(this, positions) ? other : covering(other, positions);
    }
    if (period > MOST_PHASES) {
      return whole(positions).union(other.whole(positions), positions).merged(positions);
    }
    long[] newFirsts = new long[(int) period];
    long[] newLasts = new long[(int) period];
    for (int i = 0; i < period; i++) {
      boolean here = !seesNothing(i);
      boolean there = !other.seesNothing(i);
      newFirsts[i] =
          here && there ? Math.min(first(i), other.first(i)) : here ? first(i) : other.first(i);
      newLasts[i] =
          here && there ? Math.max(last(i), other.last(i)) : here ? last(i) : other.last(i);
    }
    return new Phases(Exact.multiply(advance, factor), newFirsts, newLasts);
  }

  /** Whether every position sees the same, and with it all that any of the other's sees. */
  private boolean covers(Phases other, long positions) {
    Phases all = other.whole(positions);
    return advance == 0
        && firsts.length == 1
        && firsts[0] <= all.firsts[0]
        && lasts[0] >= all.lasts[0];
  }

  private Phases covering(Phases other, long positions) {
    long end = positions - 1;
    long before = Math.max(0, Math.max(first(0) - other.first(0), first(end) - other.first(end)));
    long behind = Math.max(0, Math.max(other.last(0) - last(0), other.last(end) - last(end)));
    long[] newFirsts = firsts.clone();
    long[] newLasts = lasts.clone();
    for (int i = 0; i < newFirsts.length; i++) {
      newFirsts[i] = Exact.add(newFirsts[i], -before);
      newLasts[i] = Exact.add(newLasts[i], behind);
    }
    return new Phases(advance, newFirsts, newLasts);
  }

  /**
   * How far the centres of another map's positions lie behind those of this one, on the mean over
   * {@code positions}; 0 where one of them sees nothing anywhere.
   */
  double meanOffset(Phases other, long positions) {
    if (other == this) {
      return 0;
    }
    long most = Math.min(positions, MOST_PHASES);
    double sum = 0;
    long counted = 0;
    for (long i = 0; i < most; i++) {
      // Of a large map as many positions at both ends tell the mean.
      long position = i < (most + 1) / 2 ? i : positions - most + i;
      if (!seesNothing(position) && !other.seesNothing(position)) {
        counted++;
        sum += other.first(position) - first(position) + other.last(position) - last(position);
      }
    }
    return counted == 0 ? 0 : sum / (2.0 * counted);
  }

  private Ratio stride() {
    return new Ratio(advance, firsts.length);
  }

  /**
   * The largest field of any position, the mean stride, and where position 0 starts.
   *
   * @param positions the map's size: of a small one not all phases are there
   */
  ReceptiveField.OnAxis field(long positions) {
    long size = 0;
    for (int i = 0; i < Math.min(firsts.length, positions); i++) {
      size = Math.max(size, Exact.add(Exact.add(lasts[i], -firsts[i]), 1));
    }
    return new ReceptiveField.OnAxis(size, stride(), firsts[0]);
  }
}
