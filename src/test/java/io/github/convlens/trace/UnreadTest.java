package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What no window reads, against a walk over the padded row. */
class UnreadTest {
  /** Inputs without a gradient in PyTorch 2.13. */
  @Test
  void paddingShowsPositionsThatNoWindowStandsOn() {
    assertEquals("1 of 5 positions unread", text(5, 2, 3, 1, 1, PaddingMode.CIRCULAR));
    assertEquals(
        "1 of 5 positions unread, all of them behind the last window",
        text(5, 2, 3, 1, 1, PaddingMode.REFLECT));
    assertEquals("2 of 5 positions unread", text(5, 3, 1, 0, 2, PaddingMode.ZEROS));
    assertEquals("nothing", text(6, 3, 1, 0, 2, PaddingMode.ZEROS));
  }

  @Test
  void everySmallWindowLeavesWhatAWalkLeaves() {
    int cases = 0;
    int leaving = 0;
    for (PaddingMode mode : PaddingMode.values()) {
      for (int kernel = 1; kernel <= 3; kernel++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int padding = 0; padding <= 2; padding++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              for (int size = padding + 1; size <= 7; size++) {
                if (size + 2 * padding > dilation * (kernel - 1)) {
                  String expected = walked(size, kernel, stride, padding, dilation, mode);
                  assertEquals(expected, text(size, kernel, stride, padding, dilation, mode));
                  cases++;
                  leaving += expected.equals("nothing") ? 0 : 1;
                }
              }
            }
          }
        }
      }
    }
    assertEquals(2240, cases);
    assertEquals(1379, leaving);
  }

  /** Beyond four million pairs of a position and a tap the end alone is looked at. */
  @Test
  void ofALongRowTheEndAlone() {
    assertEquals(
        "2097152 of 4194304 positions unread, 1 of them behind the last window",
        text(1 << 22, 1, 2, 0, 1, PaddingMode.ZEROS));
    assertEquals(
        "1 of 4194306 positions unread, all of them behind the last window",
        text((1 << 22) + 2, 1, 2, 0, 1, PaddingMode.ZEROS));
    assertEquals(
        "699050 of 2097152 positions unread", text(1 << 21, 2, 3, 0, 1, PaddingMode.ZEROS));
    assertEquals(
        "1 of 2097153 positions unread, all of them behind the last window",
        text((1 << 21) + 1, 2, 3, 0, 1, PaddingMode.ZEROS));
  }

  @Test
  void whatHangsOverLeavesNothingAtTheEnd() {
    Windows pairs = Windows.of(new Size(3)).withStride(new Size(2));
    Shape row = new Shape(1, 1, 6);
    assertEquals(
        "1 of 6 positions unread, all of them behind the last window",
        text(Unread.of(new MaxPoolSpec(pairs, Rounding.FLOOR), Axis.LENGTH, row)));
    assertEquals(
        "nothing", text(Unread.of(new MaxPoolSpec(pairs, Rounding.CEIL), Axis.LENGTH, row)));
  }

  private static String text(
      long size, long kernel, long stride, long padding, long dilation, PaddingMode mode) {
    Windows windows =
        new Windows(
            new Size(kernel),
            new Size(stride),
            Padding.Explicit.symmetric(new Size(padding)),
            new Size(dilation));
    ConvSpec layer = new ConvSpec(1, 1, windows, 1, Bias.WITH, mode);
    return text(Unread.of(layer, Axis.LENGTH, new Shape(1, 1, size)));
  }

  private static String text(Optional<Unread> unread) {
    return unread.map(Unread::toString).orElse("nothing");
  }

  private static String walked(
      int size, int kernel, int stride, int padding, int dilation, PaddingMode mode) {
    List<Integer> row = row(size, padding, mode);
    TreeSet<Integer> unread = new TreeSet<>();
    for (int i = 0; i < size; i++) {
      unread.add(i);
    }
    int behind = 0;
    for (int start = 0; start + dilation * (kernel - 1) < row.size(); start += stride) {
      for (int tap = 0; tap < kernel; tap++) {
        unread.remove(row.get(start + tap * dilation));
        behind = start + tap * dilation - padding + 1;
      }
    }
    int atEnd = unread.tailSet(Math.max(0, behind)).size();
    String many = atEnd == unread.size() ? "all" : Integer.toString(atEnd);
    String where = atEnd == 0 ? "" : ", " + many + " of them behind the last window";
    return unread.isEmpty()
        ? "nothing"
        : unread.size() + " of " + size + " positions unread" + where;
  }

  /** The position whose value stands at each place; -1 for a zero. */
  private static List<Integer> row(int size, int padding, PaddingMode mode) {
    List<Integer> row = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      row.add(i);
    }
    for (int n = 1; n <= padding; n++) {
      row.add(
          0,
          switch (mode) {
            case ZEROS -> -1;
            case REFLECT -> n;
            case REPLICATE -> 0;
            case CIRCULAR -> size - n;
          });
      row.add(
          switch (mode) {
            case ZEROS -> -1;
            case REFLECT -> size - 1 - n;
            case REPLICATE -> size - 1;
            case CIRCULAR -> n - 1;
          });
    }
    return row;
  }
}
