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

  /**
   * What an element of the last answer's layers reads, as {@link Explorer#look} writes it. Row and
   * column are digits: JavaScript's whole numbers go further than an int.
   */
  @JSExport
  public static String look(int layer, String row, String column) {
    return last == null ? "{}" : last.look(layer, Long.parseLong(row), Long.parseLong(column));
  }
}
