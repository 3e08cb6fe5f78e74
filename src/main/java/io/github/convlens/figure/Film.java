package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LayerSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The window at each output position, as figures of one size. */
final class Film {
  /** Frames. */
  private static final long MOST = 64;

  private Film() {}

  static List<Figure> of(LayerSpec spec, Shape input) {
    WindowLayer layer = WindowLayer.of(spec, input);
    WindowFigure.checkSpan(layer);
    long rows = layer.height().output().size();
    long columns = layer.width().output().size();
    boolean isLonger = Math.multiplyHigh(rows, columns) != 0 || rows * columns > MOST;
    List<String> notes =
        isLonger
            ? List.of("Shown are the first " + MOST + " of " + rows + "x" + columns + " steps.")
            : List.of();
    long number = isLonger ? MOST : rows * columns;
    Set<Role> used = EnumSet.noneOf(Role.class);
    for (long i = 0; i < number; i++) {
      used.addAll(WindowFigure.roles(layer, i / columns, i % columns));
    }
    List<Drawing> frames = new ArrayList<>();
    for (long i = 0; i < number; i++) {
      frames.add(WindowFigure.frame(layer, i / columns, i % columns, used, notes));
    }
    int width = frames.stream().mapToInt(Drawing::width).max().orElse(0);
    int height = frames.stream().mapToInt(Drawing::height).max().orElse(0);
    return frames.stream().map(frame -> (Figure) frame.sized(width, height)).toList();
  }
}
