package io.github.convlens.trace;

import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Printable;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Window2d;
import java.util.Arrays;
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
        Arrays.stream(Axis.values())
            .flatMap(axis -> formula(row, axis).map(text -> label(axis) + text).stream()));
  }

  private static String label(Axis axis) {
    return axis == Axis.HEIGHT ? "height: " : "width:  ";
  }

  /**
   * The formula of one axis of a layer with a window, and what its stride leaves unread: {@code
   * floor((8 + 0 + 0 - 3) / 3) + 1 = 2; 2 of 8 rows unread, all of them behind the last window}.
   */
  public static Optional<String> formula(Row row, Axis axis) {
    if (row.kind() != Row.Kind.LAYER || row.input().dimension() != 4) {
      return Optional.empty();
    }
    long size = axis.of(row.input());
    LayerSpec layer = row.layer();
    Optional<String> text = Optional.empty();
    if (layer instanceof Conv2dSpec conv) {
      text = formula(conv.window(), Rounding.FLOOR, axis, size);
    } else if (layer instanceof MaxPool2dSpec pool) {
      text = formula(pool.window(), pool.rounding(), axis, size);
    } else if (layer instanceof AvgPool2dSpec pool) {
      text = formula(pool.window(), pool.rounding(), axis, size);
    } else if (layer instanceof ConvTranspose2dSpec conv) {
      text = Optional.of(conv.explain(axis, size));
    }
    String unread = row.unread(axis).map(lines -> "; " + lines).orElse("");
    return text.map(formula -> formula + unread);
  }

  private static Optional<String> formula(
      Window2d window, Rounding rounding, Axis axis, long size) {
    return Optional.of(window.on(axis, size).explain(size, rounding));
  }
}
