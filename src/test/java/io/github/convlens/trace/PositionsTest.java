package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.trace.Seen.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sets of positions as ranges, against sets of their elements. */
class PositionsTest {
  private static final int SIZE = 6;

  /** The positions whose bits are set. */
  private static TreeSet<Long> elements(int bits) {
    TreeSet<Long> elements = new TreeSet<>();
    for (long i = 0; i < SIZE; i++) {
      if ((bits >> i & 1) == 1) {
        elements.add(i);
      }
    }
    return elements;
  }

  private static Positions positions(TreeSet<Long> elements) {
    Positions all = Positions.NONE;
    for (long element : elements) {
      all = all.union(Positions.of(element, element + 1));
    }
    return all;
  }

  @Test
  void setsOfPositions() {
    for (int bits = 0; bits < 1 << SIZE; bits++) {
      TreeSet<Long> elements = elements(bits);
      Positions positions = positions(elements);
      assertEquals(elements.isEmpty(), positions.isEmpty());
      assertEquals(elements.size(), positions.count());
      if (!elements.isEmpty()) {
        assertEquals(elements.first(), positions.first());
        assertEquals(elements.last(), positions.last());
      }
      for (long i = -1; i <= SIZE; i++) {
        assertEquals(elements.contains(i), positions.contains(i), positions + " has " + i);
      }
      for (long from = -1; from <= SIZE; from++) {
        for (long to = from; to <= SIZE + 1; to++) {
          TreeSet<Long> inside = new TreeSet<>(elements.subSet(from, to));
          assertEquals(positions(inside), positions.within(from, to));
        }
      }
    }
  }

  @Test
  void pairsOfSets() {
    for (int one = 0; one < 1 << SIZE; one++) {
      for (int other = 0; other < 1 << SIZE; other++) {
        TreeSet<Long> both = elements(one | other);
        Positions left = positions(elements(one));
        Positions right = positions(elements(other));
        assertEquals(positions(both), left.union(right));
        assertEquals((one | other) == one, left.containsAll(right), left + " has all " + right);
      }
    }
  }

  @Test
  void rangesThatTouchAreOne() {
    assertEquals(List.of(new Positions.Range(2, 5)), positions(elements(0b011100)).ranges());
    assertEquals(Positions.NONE, Positions.of(3, 3));
    assertEquals(List.of(new Positions.Range(3, 4)), Positions.of(3, 4).ranges());
  }

  /** Windows of every small kind over every set of outputs, position by position. */
  @Test
  void whatWindowsRead() {
    for (PaddingMode mode : List.of(PaddingMode.ZEROS, PaddingMode.REPLICATE)) {
      for (int kernel = 1; kernel <= 3; kernel++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int padding = 0; padding <= 1; padding++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              Windows windows =
                  Windows.of(new Size(kernel))
                      .withStride(new Size(stride))
                      .withPadding(new Size(padding))
                      .withDilation(new Size(dilation));
              ConvSpec layer = new ConvSpec(1, 1, windows, 1, Bias.WITH, mode);
              compare(layer, kernel, stride, padding, dilation, mode);
            }
          }
        }
      }
    }
  }

  private static void compare(
      ConvSpec layer, int kernel, int stride, int padding, int dilation, PaddingMode mode) {
    long size = 12;
    Reach reach = layer.reach(Axis.LENGTH, new Shape(1, 1, size)).orElseThrow();
    for (int bits = 0; bits < 1 << 4; bits++) {
      TreeSet<Long> read = new TreeSet<>();
      for (long output : elements(bits)) {
        for (int tap = 0; tap < kernel; tap++) {
          long position = output * stride - padding + (long) tap * dilation;
          boolean isInside = position >= 0 && position < size;
          if (mode == PaddingMode.REPLICATE) {
            read.add(Math.max(0, Math.min(size - 1, position)));
          } else if (isInside) {
            read.add(position);
          }
        }
      }
      assertEquals(
          positions(read),
          Positions.through(reach, positions(elements(bits)), size, new Positions.Range(0, size)),
          layer + " from " + elements(bits));
    }
  }

  @Test
  void aPointReadsItself() {
    Positions some = Positions.of(2, 4);
    assertSame(some, Positions.through(Reach.POINT, some, 9, new Positions.Range(0, 9)));
  }

  /** Boxes that overlap are counted once, and the padding is left out. */
  @Test
  void positionsInBoxes() {
    List<Axis> axes = Axis.of(2);
    Shape input = new Shape(1, 1, 5, 7);
    for (int n = 0; n < 3; n++) {
      List<List<Positions>> boxes = new ArrayList<>();
      boxes.add(List.of(Positions.of(-1, 3), Positions.of(2, 5)));
      if (n > 0) {
        boxes.add(List.of(Positions.of(1, 9), Positions.of(4, 9)));
      }
      if (n > 1) {
        boxes.add(List.of(Positions.of(0, 1), Positions.of(0, 1).union(Positions.of(4, 6))));
      }
      Seen seen = new Seen(axes, boxes, true);
      long count = 0;
      for (long row = 0; row < 5; row++) {
        for (long column = 0; column < 7; column++) {
          boolean first = row < 3 && column >= 2 && column < 5;
          boolean second = n > 0 && row >= 1 && column >= 4;
          boolean third = n > 1 && row == 0 && (column == 0 || column == 4 || column == 5);
          assertEquals(first || second || third, seen.reads(List.of(row, column)));
          count += first || second || third ? 1 : 0;
        }
      }
      assertEquals(count, seen.count(input));
    }
    assertEquals(0, new Seen(axes, List.of(), true).count(input));
    assertFalse(new Seen(axes, List.of(), true).reads(List.of(0L, 0L)));
  }
}
