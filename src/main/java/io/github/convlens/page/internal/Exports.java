package io.github.convlens.page.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;

/**
 * What the page's script can call of ConvLens. TeaVM compiles this class, and all that it reaches,
 * to JavaScript; its methods are the exports of that module.
 */
public final class Exports {
  private static @Nullable Explorer last;
  private static @Nullable Explorer left;
  private static @Nullable Explorer right;

  private Exports() {}

  /** The answer to a question, as {@link Explorer#answer} writes it. */
  @JSExport
  public static String answer(String layers, String input) {
    Explorer explorer = new Explorer(layers, input);
    last = explorer;
    return explorer.answer();
  }

  /** Takes numbers for the input and the kernel of the last answer, as {@link Numbers} reads. */
  @JSExport
  public static void numbers(String x, String kernel) {
    if (last != null) {
      last.take(x, kernel);
    }
  }

  /** What is drawn of one of the last answer's layers, as {@link Explorer#scene} writes it. */
  @JSExport
  public static String scene(int layer, String out, String first) {
    return last == null ? "{}" : last.scene(layer, Long.parseLong(out), Long.parseLong(first));
  }

  /**
   * What an element of the last answer's layers reads, as {@link Explorer#look} writes it. Numbers
   * are digits: JavaScript's whole numbers go further than an int.
   */
  @JSExport
  public static String look(int layer, String row, String column, String out, String first) {
    return last == null
        ? "{}"
        : last.look(
            layer,
            Long.parseLong(row),
            Long.parseLong(column),
            Long.parseLong(out),
            Long.parseLong(first));
  }

  /** The numbers of a part of a large input and output, as {@link Explorer#near} writes them. */
  @JSExport
  public static String near(int layer, String out, String first, String places) {
    return last == null
        ? "{}"
        : last.near(layer, Long.parseLong(out), Long.parseLong(first), Part.of(places));
  }

  /** The last answer's network as boxes and ways, as {@link Explorer#graph} writes it. */
  @JSExport
  public static String graph() {
    return last == null ? "{}" : last.graph();
  }

  /** What an element of a layer's output sees, as {@link Explorer#sees} writes it. */
  @JSExport
  public static String sees(int layer, String row, String column) {
    return last == null ? "{}" : last.sees(layer, Long.parseLong(row), Long.parseLong(column));
  }

  /** Two questions side by side, as {@link Comparison#answer} writes it. */
  @JSExport
  public static String compare(String layers, String input, String otherLayers, String otherInput) {
    Explorer one = new Explorer(layers, input);
    Explorer other = new Explorer(otherLayers, otherInput);
    left = one;
    right = other;
    return new Comparison(one, other).answer();
  }

  /** {@link #scene} for a side of the last comparison, 0 the left and 1 the right. */
  @JSExport
  public static String sceneOf(int side, int layer) {
    Explorer asked = side == 0 ? left : right;
    return asked == null ? "{}" : asked.scene(layer, 0, 0);
  }

  /** {@link #look} for a side of the last comparison. */
  @JSExport
  public static String lookOf(int side, int layer, String row, String column) {
    Explorer asked = side == 0 ? left : right;
    return asked == null
        ? "{}"
        : asked.look(layer, Long.parseLong(row), Long.parseLong(column), 0, 0);
  }

  /** What "same" padding means to whom, as {@link Comparison#samePaddings} writes it. */
  @JSExport
  public static String samePaddings(int kernel, int stride, int input) {
    return Comparison.samePaddings(kernel, stride, input);
  }

  /** The records of an archive that are needed, as {@link OpenedFiles#needed} tells them. */
  @JSExport
  public static String neededRecords(String file, String[] records) {
    return OpenedFiles.needed(file, List.of(records));
  }

  /** Opens a program's archive: {@link OpenedFiles#open}. */
  @JSExport
  public static String openProgram(String file, String[] records) {
    return OpenedFiles.open(file, List.of(records));
  }
}
