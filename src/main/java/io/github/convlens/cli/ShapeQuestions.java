package io.github.convlens.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of a batch.
 *
 * @param first the number of the first, from 1
 * @param lines the lines; there may be none
 * @param length how many characters they have
 * @param isLast whether no line can be read behind them
 * @param fault why, if that is not the end of the text
 */
record ShapeQuestions(
    long first, List<String> lines, int length, boolean isLast, @Nullable RuntimeException fault) {
  /** So many lines are enough work to hand over. */
  private static final int MOST_LINES = 256;

  /** So many characters are, too; a line may have many more. */
  private static final int ENOUGH = 1 << 16;

  /** Reads the lines from the one with this number on. */
  static ShapeQuestions read(TextFile.Lines text, long first) {
    List<String> lines = new ArrayList<>(MOST_LINES);
    int length = 0;
    try {
      while (lines.size() < MOST_LINES && length < ENOUGH) {
        String line = text.next();
        if (line == null) {
          return new ShapeQuestions(first, lines, length, true, null);
        }
        lines.add(line);
        length += line.length();
      }
      return new ShapeQuestions(first, lines, length, false, null);
    } catch (RuntimeException e) {
      return new ShapeQuestions(first, lines, length, true, e); // what is in front is answered
    }
  }

  /** Whether there is a line so long that its answer takes much memory. */
  boolean areLong() {
    return length > 2 * ENOUGH;
  }
}
