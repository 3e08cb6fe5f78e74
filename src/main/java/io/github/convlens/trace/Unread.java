package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Exact;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Rows or columns of a layer's input that no window reads, since the stride steps over them or has
 * no room for another step, and whose values do not stand in the padding that one reads. 7 columns,
 * kernel 2, stride 3: columns 2, 5 and 6, of which 5 and 6 stand behind the last window.
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
    long behind = Math.min(size, Math.max(0, covered - window.padBefore()));
    Set<Long> copied = copied(layer.reach(axis, input).orElseThrow(), window, size, places);
    long atEnd = size - behind - copied.stream().filter(position -> position >= behind).count();
    long between = 0;
    boolean holes = window.stride() > 1 || window.dilation() > places;
    if (holes && size <= MOST_PAIRS / window.kernel()) {
      for (long position = 0; position < behind; position++) {
        boolean read = isRead(window, position + window.padBefore(), places);
        between += read || copied.contains(position) ? 0 : 1;
      }
    }
    return new Unread(axis, size, between + atEnd, atEnd);
  }

  /** The positions whose values stand in the padding that a window reads. */
  private static Set<Long> copied(Reach reach, Window window, long size, long places) {
    Set<Long> copied = new HashSet<>();
    if (reach.outside() != PaddingMode.ZEROS) {
      long most = MOST_PAIRS / window.kernel();
      for (long i = 1; i <= Math.min(most, window.padBefore()); i++) {
        copy(reach, -i, window, size, places, copied);
      }
      for (long i = 0; i < Math.min(most, window.padAfter()); i++) {
        copy(reach, size + i, window, size, places, copied);
      }
    }
    return copied;
  }

  private static void copy(
      Reach reach, long position, Window window, long size, long places, Set<Long> copied) {
    if (isRead(window, position + window.padBefore(), places)) {
      reach.inside(position, size).ifPresent(copied::add);
    }
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
