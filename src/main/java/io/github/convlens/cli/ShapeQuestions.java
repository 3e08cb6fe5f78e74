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
 * @param next what is known of the line behind them
 * @param fault why there is none, if that is not the end of the text
 */
record ShapeQuestions(
    long first, List<String> lines, int length, Next next, @Nullable RuntimeException fault) {
  /** The line behind those that were read. */
  enum Next {
    /** It is there. */
    READY,
    /** Whoever writes the text may wait for answers before going on. */
    AWAITED,
    /** No line can be read. */
    NONE
  }

  /** So many lines are enough work to hand over. */
  private static final int MOST_LINES = 256;

  /** So many characters are, too; a line may have many more. */
  private static final int ENOUGH = 1 << 16;

  /** Reads the lines from the one with this number on, and waits for none but the first. */
  static ShapeQuestions read(TextFile.Lines text, long first) {
    List<String> lines = new ArrayList<>(MOST_LINES);
    int length = 0;
    try {
      boolean isReady;
      do {
        String line = text.next();
        if (line == null) {
          return new ShapeQuestions(first, lines, length, Next.NONE, null);
        }
        lines.add(line);
        length += line.length();
        isReady = text.isReady();
      } while (isReady && lines.size() < MOST_LINES && length < ENOUGH);
      return new ShapeQuestions(first, lines, length, isReady ? Next.READY : Next.AWAITED, null);
    } catch (RuntimeException e) {
      return new ShapeQuestions(first, lines, length, Next.NONE, e); // what is in front is answered
    }
  }

  /** Whether there is a line so long that its answer takes much memory. */
  boolean areLong() {
    return length > 2 * ENOUGH;
  }
}
