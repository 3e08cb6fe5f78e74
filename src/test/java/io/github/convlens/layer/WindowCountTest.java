package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Windows against counting: a padded row is laid out, and every place is tried tap by tap. */
class WindowCountTest {
  private static final int PADDING = 0;
  private static final int INPUT = 1;

  @Test
  void everySmallWindowTakesThePlacesThatAWalkFinds() {
    int fitting = 0;
    int rejected = 0;
    for (Window window : smallWindows()) {
      for (int input = 1; input <= 9; input++) {
        List<TreeSet<Integer>> places = places(window, input, Rounding.FLOOR);
        if (places.isEmpty()) {
          int size = input;
          assertThrows(ShapeException.class, () -> window.outputSize(size));
          rejected++;
        } else {
          String text = window + " on " + input;
          assertEquals(places.size(), window.outputSize(input), text);
          assertEquals(places.size(), window.outputSize(input, Rounding.FLOOR), text);
          fitting++;
        }
      }
    }
    assertEquals(5 * 4 * 4 * 4 * 3 * 9, fitting + rejected);
    assertEquals(6740, fitting);
  }

  @Test
  void ceilCountsALastWindowThatStartsInsideTheInputOrItsFrontPadding() {
    int more = 0;
    int cases = 0;
    for (Window window : smallWindows()) {
      for (int input = 1; input <= 9; input++) {
        int places = places(window, input, Rounding.CEIL).size();
        cases++;
        if (places == 0) {
          int size = input;
          assertThrows(ShapeException.class, () -> window.outputSize(size, Rounding.CEIL));
        } else {
          assertEquals(
              places, window.outputSize(input, Rounding.CEIL), window + " on " + input + ", ceil");
          more += places > places(window, input, Rounding.FLOOR).size() ? 1 : 0;
        }
      }
    }
    assertEquals(5 * 4 * 4 * 4 * 3 * 9, cases);
    assertEquals(1994, more);
  }

  @Test
  void whatSameAddsIsTheLeastThatKeepsOrDividesTheSize() {
    int cases = 0;
    for (int kernel = 1; kernel <= 6; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int dilation = 1; dilation <= 3; dilation++) {
          for (int input = 1; input <= 9; input++) {
            cases++;
            int wanted = 0; // the multiples of stride among 0 .. input - 1
            for (int i = 0; i < input; i += stride) {
              wanted++;
            }
            int total = 0;
            while (places(new Window(kernel, stride, 0, total, dilation), input, Rounding.FLOOR)
                    .size()
                < wanted) {
              total++;
            }
            int odd = total - total / 2;
            assertEquals(
                new Window(kernel, stride, total / 2, odd, dilation),
                Padding.Automatic.SAME_UPPER.window(Axis.WIDTH, input, kernel, stride, dilation));
            assertEquals(
                new Window(kernel, stride, odd, total / 2, dilation),
                Padding.Automatic.SAME_LOWER.window(Axis.HEIGHT, input, kernel, stride, dilation));
            if (stride == 1) {
              assertEquals(
                  new Window(kernel, 1, total / 2, odd, dilation),
                  Padding.Automatic.SAME.window(Axis.WIDTH, input, kernel, 1, dilation));
            }
            assertEquals(
                new Window(kernel, stride, 0, 0, dilation),
                Padding.Automatic.VALID.window(Axis.WIDTH, input, kernel, stride, dilation));
          }
        }
      }
    }
    assertEquals(6 * 4 * 3 * 9, cases);
  }

  @Test
  void transposedConvolutionsReachAsFarAsTheirTapsScatter() {
    int cases = 0;
    int empty = 0;
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int padding = 0; padding <= 3; padding++) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            for (int more = 0; more < Math.max(stride, dilation); more++) {
              for (int input = 1; input <= 6; input++) {
                cases++;
                int last = 0;
                for (int i = 0; i < input; i++) {
                  for (int tap = 0; tap < kernel; tap++) {
                    last = Math.max(last, i * stride + tap * dilation);
                  }
                }
                int left = 0; // positions 0 .. last, lengthened, then cut at both ends
                for (int at = padding; at < last + 1 + more - padding; at++) {
                  left++;
                }
                ConvTransposeSpec layer = transposed(kernel, stride, padding, more, dilation);
                int size = input;
                if (left == 0) {
                  empty++;
                  assertThrows(ShapeException.class, () -> layer.outputSize(Axis.HEIGHT, size));
                } else {
                  assertEquals(left, layer.outputSize(Axis.HEIGHT, size), layer + " on " + size);
                  assertEquals(left, layer.outputSize(Axis.WIDTH, size), layer + " on " + size);
                }
              }
            }
          }
        }
      }
    }
    assertEquals(4080, cases);
    assertEquals(312, empty);
  }

  @Test
  void adaptivePoolsCoverTheirInputInOrder() {
    // PyTorch's definition: o of n covers floor(o size / n) to ceil((o + 1) size / n), by counting.
    for (int size = 1; size <= 12; size++) {
      for (int places = 1; places <= 12; places++) {
        for (int o = 0; o < places; o++) {
          int start = 0;
          while ((start + 1) * places <= o * size) {
            start++;
          }
          int end = 0;
          while (end * places < (o + 1) * size) {
            end++;
          }
          assertEquals(start, AdaptivePoolSpec.start(o, size, places));
          assertEquals(end, AdaptivePoolSpec.end(o, size, places));
        }
      }
    }
    // torch: AdaptiveAvgPool1d(3) of 0..6 is the means of 0 1 2, 2 3 4, 4 5 6.
    assertEquals(
        List.of(0L, 3L, 2L, 5L, 4L, 7L),
        List.of(
            AdaptivePoolSpec.start(0, 7, 3),
            AdaptivePoolSpec.end(0, 7, 3),
            AdaptivePoolSpec.start(1, 7, 3),
            AdaptivePoolSpec.end(1, 7, 3),
            AdaptivePoolSpec.start(2, 7, 3),
            AdaptivePoolSpec.end(2, 7, 3)));
  }

  /** Kernel 1 to 5, stride 1 to 4, padding 0 to 3 at each end, dilation 1 to 3. */
  static List<Window> smallWindows() {
    List<Window> windows = new ArrayList<>();
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int before = 0; before <= 3; before++) {
          for (int after = 0; after <= 3; after++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              windows.add(new Window(kernel, stride, before, after, dilation));
            }
          }
        }
      }
    }
    return windows;
  }

  static ConvTransposeSpec transposed(
      int kernel, int stride, int padding, int outputPadding, int dilation) {
    return new ConvTransposeSpec(
        2,
        3,
        Size.square(kernel),
        Size.square(stride),
        Size.square(padding),
        Size.square(outputPadding),
        1,
        Bias.WITHOUT,
        Size.square(dilation));
  }

  /**
   * The positions of the padded row that each place of the window reads.
   *
   * <p>With {@link Rounding#CEIL} the row goes on behind its end for less than one step; a place
   * that needs that counts unless it begins in the padding behind the input.
   */
  private static List<TreeSet<Integer>> places(Window window, int input, Rounding rounding) {
    int[] row = new int[(int) (window.padBefore() + input + window.padAfter())];
    for (int i = 0; i < input; i++) {
      row[(int) window.padBefore() + i] = INPUT;
    }
    int room = row.length + (rounding == Rounding.CEIL ? (int) window.stride() - 1 : 0);
    List<TreeSet<Integer>> places = new ArrayList<>();
    for (int start = 0; start < room; start += (int) window.stride()) {
      TreeSet<Integer> read = new TreeSet<>();
      for (int tap = 0; tap < window.kernel(); tap++) {
        read.add(start + tap * (int) window.dilation());
      }
      boolean fits = read.last() < row.length;
      if (fits || (read.last() < room && startsInFront(row, start))) {
        places.add(read);
      }
    }
    return places;
  }

  /** Whether a position lies in the input or in front of it. */
  private static boolean startsInFront(int[] row, int start) {
    for (int i = start; i < row.length; i++) {
      if (row[i] != PADDING) {
        return true;
      }
    }
    return false;
  }
}
