package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Exact;
import java.util.Optional;

/**
 * Rows or columns of a layer's input that no window reads, since the stride steps over them or has
 * no room for another step. Padding does not count. 7 columns, kernel 2, stride 3: columns 2, 5 and
 * 6, of which 5 and 6 stand behind the last window.
 *
 * @param axis which axis
 * @param size the input's size
 * @param positions how many are unread; where positions x kernel pass four million, those at the
 *     end alone
 * @param atEnd how many of them stand behind the last window
 */
public record Unread(Axis axis, long size, long positions, long atEnd) {
  /** Beyond so many pairs of a position and a tap, only the end is looked at. */
  private static final long MOST_PAIRS = 1 << 22;

  /** What a convolution or pool leaves unread; empty if nothing, or if it is another layer. */
  static Optional<Unread> of(LayerSpec layer, Axis axis, Shape input) {
    return layer
        .windows()
        .map(window -> count(layer, window, axis, input))
        .filter(unread -> unread.positions > 0);
  }

  private static Unread count(LayerSpec layer, Windows windows, Axis axis, Shape input) {
    long size = axis.of(input);
    long places = axis.of(layer.output(input));
    Window window = windows.on(axis, size);
    long covered = Exact.add((places - 1) * window.stride(), window.span());
    long behind = Math.max(0, covered - window.padBefore());
    long atEnd = Math.max(0, size - behind);
    long between = 0;
    if (window.stride() > 1 && size <= MOST_PAIRS / window.kernel()) {
      long end = Math.min(size, behind);
      for (long position = 0; position < end; position++) {
        between += isRead(window, position + window.padBefore(), places) ? 0 : 1;
      }
    }
    return new Unread(axis, size, between + atEnd, atEnd);
  }

  /** Whether a tap of one of the windows falls on a position of the padded input. */
  private static boolean isRead(Window window, long position, long places) {
    for (long tap = 0; tap < window.kernel(); tap++) {
      long start = position - tap * window.dilation();
      if (start < 0) {
        return false;
      }
      if (start % window.stride() == 0 && start / window.stride() < places) {
        return true;
      }
    }
    return false;
  }

  /** {@code 3 of 7 columns unread, 2 of them behind the last window}. */
  @Override
  public String toString() {
    String many = atEnd == positions ? "all" : Long.toString(atEnd);
    String where = atEnd == 0 ? "" : ", " + many + " of them behind the last window";
    return positions + " of " + size + " " + axis.lines() + " unread" + where;
  }
}
