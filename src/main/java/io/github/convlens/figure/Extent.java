package io.github.convlens.figure;

import io.github.convlens.language.Language;

/**
 * Neighbouring positions on an axis.
 *
 * @param from the first one
 * @param to the one behind the last
 */
record Extent(long from, long to) {
  long size() {
    return to - from;
  }

  boolean contains(long position) {
    return from <= position && position < to;
  }

  /** The positions of both; empty, where they begin, if there are none. */
  Extent clip(Extent other) {
    long start = Math.max(from, other.from);
    return new Extent(start, Math.max(start, Math.min(to, other.to)));
  }

  /** The least extent that holds both. */
  Extent union(Extent other) {
    return new Extent(Math.min(from, other.from), Math.max(to, other.to));
  }

  /**
   * All positions if they are at most {@code most}; otherwise fewer, with {@code part} in their
   * middle as far as they go: {@code fewer}, or as many as the part has.
   */
  Extent around(Extent part, long most, long fewer) {
    if (size() <= most) {
      return this;
    }
    long length = Math.max(fewer, part.size());
    long start = part.from - (length - part.size()) / 2;
    long first = Math.max(from, Math.min(start, to - length));
    return new Extent(first, first + length);
  }

  /** {@code 3 to 7}, or {@code 3} for a single position. */
  String in(Language language) {
    return size() == 1 ? Long.toString(from) : language.say("%d to %d", from, to - 1);
  }

  @Override
  public String toString() {
    return in(Language.ENGLISH);
  }
}
