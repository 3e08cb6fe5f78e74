package io.github.convlens.lesson;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** One axis of a convolution, position by position: what the claims' arithmetic is held against. */
final class Loops {
  private Loops() {}

  /** How many places a window has: it is moved until it no longer fits. */
  static long places(long n, long k, long s, long before, long after) {
    long places = 0;
    for (long start = 0; start + k <= before + n + after; start += s) {
      places++;
    }
    return places;
  }

  /** The size behind 3x3 layers with padding 1 and these strides, the input's first. */
  static List<Long> sizes(long n, List<Long> strides) {
    List<Long> sizes = new ArrayList<>(List.of(n));
    for (long stride : strides) {
      sizes.add(places(sizes.get(sizes.size() - 1), 3, stride, 1, 1));
    }
    return sizes;
  }

  /** Which positions of the input one output of padded layers depends on. */
  static BitSet seen(long output, long kernel, List<Long> strides, List<Long> sizes) {
    BitSet seen = new BitSet();
    seen.set((int) output);
    for (int layer = strides.size() - 1; layer >= 0; layer--) {
      BitSet before = new BitSet();
      for (int position : seen.stream().toArray()) {
        for (long tap = 0; tap < kernel; tap++) {
          long at = position * strides.get(layer) + tap - (kernel - 1) / 2;
          if (at >= 0 && at < sizes.get(layer)) {
            before.set((int) at);
          }
        }
      }
      seen = before;
    }
    return seen;
  }

  /** How many pixels of an unpadded picture no kernel of the given size and stride touches. */
  static long untouched(int height, int width, int kernel, int stride) {
    boolean[][] touched = new boolean[height][width];
    for (int top = 0; top + kernel <= height; top += stride) {
      for (int left = 0; left + kernel <= width; left += stride) {
        for (int i = 0; i < kernel; i++) {
          for (int j = 0; j < kernel; j++) {
            touched[top + i][left + j] = true;
          }
        }
      }
    }
    long count = 0;
    for (boolean[] row : touched) {
      for (boolean one : row) {
        count += one ? 0 : 1;
      }
    }
    return count;
  }
}
