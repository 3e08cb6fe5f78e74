package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.language.Language;
import io.github.convlens.layer.LayerSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The window at each output position, as figures of one size. */
final class Film {
  /** Frames. */
  private static final long MOST = 64;

  private Film() {}

  /** Each language's film is made once, whichever of its frames is asked for. */
  static List<Figure> of(LayerSpec spec, Shape input) {
    Map<Language, List<Drawing>> films = new ConcurrentHashMap<>();
    Function<Language, List<Drawing>> film =
        language -> films.computeIfAbsent(language, in -> frames(in, spec, input));
    List<Figure> frames = new ArrayList<>();
    for (int i = 0; i < film.apply(Language.ENGLISH).size(); i++) {
      int frame = i;
      frames.add(Drawing.of(language -> film.apply(language).get(frame)));
    }
    return List.copyOf(frames);
  }

  private static List<Drawing> frames(Language language, LayerSpec spec, Shape input) {
    WindowLayer layer = WindowLayer.of(spec, input);
    WindowFigure.checkSpan(layer);
    long rows = layer.height().output().size();
    long columns = layer.width().output().size();
    boolean isLonger = Math.multiplyHigh(rows, columns) != 0 || rows * columns > MOST;
    List<String> notes =
        isLonger
            ? List.of(language.say("Shown are the first %d of %dx%d steps.", MOST, rows, columns))
            : List.of();
    long number = isLonger ? MOST : rows * columns;
    Set<Role> used = EnumSet.noneOf(Role.class);
    for (long i = 0; i < number; i++) {
      used.addAll(WindowFigure.roles(layer, i / columns, i % columns));
    }
    List<Drawing> frames = new ArrayList<>();
    for (long i = 0; i < number; i++) {
      frames.add(WindowFigure.frame(language, layer, i / columns, i % columns, used, notes));
    }
    int width = frames.stream().mapToInt(Drawing::width).max().orElse(0);
    int height = frames.stream().mapToInt(Drawing::height).max().orElse(0);
    return frames.stream().map(frame -> frame.sized(width, height)).toList();
  }
}
