package io.github.convlens.page;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;

/**
 * What the page's script can call of ConvLens. TeaVM compiles this class, and all that it reaches,
 * to JavaScript; its methods are the exports of that module.
 */
public final class Exports {
  private static @Nullable Explorer last;

  private Exports() {}

  /** The answer to a question, as {@link Explorer#answer} writes it. */
  @JSExport
  public static String answer(String layers, String input) {
    Explorer explorer = new Explorer(layers, input);
    last = explorer;
    return explorer.answer();
  }

  /** What an element of the last answer's layers reads, as {@link Explorer#look} writes it. */
  @JSExport
  public static String look(int layer, int row, int column) {
    return last == null ? "{}" : last.look(layer, row, column);
  }
}
