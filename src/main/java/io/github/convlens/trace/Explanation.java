package io.github.convlens.trace;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The formulas behind a shape, with their numbers: a line for each axis of a layer with a window.
 */
public final class Explanation {
  private Explanation() {}

  /** The lines for a layer, or for each layer of a network. */
  public static Stream<String> of(Trace trace) {
    return trace.rows().stream().flatMap(Explanation::lines);
  }

  private static Stream<String> lines(Row row) {
    String name = Printable.line(row.path() + ", " + row.notation()) + ": ";
    Stream<String> title =
        row.path().isEmpty() ? Stream.empty() : Stream.of(name + ShapeText.listed(row.output()));
    return Stream.concat(
        title,
        Axis.in(row.input()).stream()
            .flatMap(axis -> formula(row, axis).map(text -> label(axis) + text).stream()));
  }

  private static String label(Axis axis) {
    return axis + ": " + " ".repeat(6 - axis.toString().length());
  }

  /**
   * The formula of one axis of a layer with a window, and what its stride leaves unread: {@code
   * floor((8 + 0 + 0 - 3) / 3) + 1 = 2; 2 of 8 rows unread, all of them behind the last window}.
   */
  public static Optional<String> formula(Row row, Axis axis) {
    if (row.kind() != Row.Kind.LAYER || !Axis.in(row.input()).contains(axis)) {
      return Optional.empty();
    }
    String unread = row.unread(axis).map(lines -> "; " + lines).orElse("");
    return row.layer().formula(axis, row.input()).map(formula -> formula + unread);
  }
}
