package io.github.convlens.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Sizes in a row, both ends included.
 *
 * @param first the smallest
 * @param last the largest
 */
public record SizeRange(long first, long last) {
  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if the range is empty
   */
  public SizeRange {
    if (first > last) {
      throw new IllegalArgumentException("no size lies between " + first + " and " + last);
    }
  }

  /** Whether a size lies in the range. */
  public boolean contains(long size) {
    return first <= size && size <= last;
  }

  /** {@code last - first + 1}. */
  public long count() {
    return last - first + 1;
  }

  /** {@code 193 to 224}, or the one size. */
  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + " to " + last;
  }

  /** The fewest ranges that hold exactly these sizes, which are in ascending order. */
  public static List<SizeRange> of(List<Long> sizes) {
    List<SizeRange> ranges = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= sizes.size(); i++) {
      if (i == sizes.size() || sizes.get(i) != sizes.get(i - 1) + 1) {
        ranges.add(new SizeRange(sizes.get(from), sizes.get(i - 1)));
        from = i;
      }
    }
    return ranges;
  }
}
