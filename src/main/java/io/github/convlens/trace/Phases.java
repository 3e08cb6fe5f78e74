package io.github.convlens.trace;

import io.github.convlens.layer.Exact;
import io.github.convlens.layer.Ratio;

/**
 * What each position of a map sees of the network's input on one axis: position {@code i} sees
 * {@code first(i)} to {@code last(i)}. Positions repeat: {@code first(i + period) = first(i) +
 * advance}. Without enlarging layers the period is 1; behind an upsampling by 2 it is 2, since only
 * every other position sees something new. Keeping every phase is what makes sizes exact there.
 *
 * <p>Both functions never decrease, so a window's field runs from the first of its first position
 * to the last of its last one.
 */
final class Phases {
  /** More phases than this are merged into one that sees what any of them sees. */
  static final int MOST_PHASES = 1024;

  /** The network's input: each position sees itself. */
  static final Phases INPUT = new Phases(1, new long[] {0}, new long[] {0});

  private final long advance;
  private final long[] firsts;
  private final long[] lasts;
  private final ReceptiveField.OnAxis field;

  private Phases(long advance, long[] firsts, long[] lasts) {
    this.advance = advance;
    this.firsts = firsts;
    this.lasts = lasts;
    field = widest();
  }

  long first(long position) {
    return at(firsts, position);
  }

  long last(long position) {
    return at(lasts, position);
  }

  private long at(long[] each, long position) {
    long periods = Math.floorDiv(position, each.length);
    int phase = Math.floorMod(position, each.length);
    return Exact.add(each[phase], Exact.multiply(periods, advance));
  }

  /**
   * What is seen behind a layer that reads this map.
   *
   * @param reading which positions the layer reads
   * @param positions the map's size
   */
  Phases through(Reading reading, long positions) {
    if (reading.equals(Reading.ITSELF)) {
      return this;
    }
    long factor = firsts.length / Exact.gcd(firsts.length, reading.advance());
    if (reading.period() > MOST_PHASES / factor) {
      return whole(positions);
    }
    int period = Math.toIntExact(reading.period() * factor);
    long[] newFirsts = new long[period];
    long[] newLasts = new long[period];
    for (int o = 0; o < period; o++) {
      newFirsts[o] = first(reading.first().applyAsLong(o));
      newLasts[o] = last(reading.last().applyAsLong(o));
    }
    long periods = Exact.multiply(reading.advance(), factor) / firsts.length;
    return new Phases(Exact.multiply(periods, advance), newFirsts, newLasts);
  }

  /** What is seen behind a layer whose every output reads all {@code positions} of this map. */
  Phases whole(long positions) {
    return new Phases(0, new long[] {first(0)}, new long[] {last(positions - 1)});
  }

  /**
   * What is seen on a map that joins this one and another. Where both have the same stride, each
   * position sees the union; otherwise the stride is this one's, and the field is as large as the
   * first and the last position need.
   *
   * @param positions the map's size
   */
  Phases union(Phases other, long positions) {
    long factor = other.firsts.length / Exact.gcd(firsts.length, other.firsts.length);
    long period = firsts.length * factor;
    if (!stride().equals(other.stride())) {
      return covering(other, positions);
    }
    if (period > MOST_PHASES) {
      return whole(positions).union(other.whole(positions), positions);
    }
    long[] newFirsts = new long[(int) period];
    long[] newLasts = new long[(int) period];
    for (int i = 0; i < period; i++) {
      newFirsts[i] = Math.min(first(i), other.first(i));
      newLasts[i] = Math.max(last(i), other.last(i));
    }
    return new Phases(Exact.multiply(advance, factor), newFirsts, newLasts);
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

  private Ratio stride() {
    return new Ratio(advance, firsts.length);
  }

  /** The largest field of any position, the mean stride, and where position 0 starts. */
  ReceptiveField.OnAxis field() {
    return field;
  }

  private ReceptiveField.OnAxis widest() {
    long size = 1;
    for (int i = 0; i < firsts.length; i++) {
      size = Math.max(size, Exact.add(Exact.add(lasts[i], -firsts[i]), 1));
    }
    return new ReceptiveField.OnAxis(size, stride(), firsts[0]);
  }
}
