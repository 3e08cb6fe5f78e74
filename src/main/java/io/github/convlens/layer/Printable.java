package io.github.convlens.layer;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Text of other people's (names, values, arguments) made fit for a terminal, a table, a message, a
 * figure or a file. What would act instead of being read is written as its escape, {@code \u202e}
 * for U+202E: control and format characters (colours, titles, overrides of the writing direction,
 * invisible tags), line and paragraph separators, halves of surrogate pairs, and the code points
 * that are no characters. The joiners of Persian and of emoji (U+200C, U+200D) are letters here.
 *
 * <p>The escapes are also those of JSON, which has no other place for such characters than inside
 * its strings: {@link #lines} of a JSON text is the same data in safe bytes.
 */
public final class Printable {
  /** A line of a message is not longer, in UTF-16 units, what {@link #brief} adds not counted. */
  private static final int LONGEST_LINE = 1000;

  /** Line ends that may stay in a text. */
  private enum LineEnds {
    KEPT,
    ESCAPED
  }

  private Printable() {}

  /** The text on one line: line ends are written as escapes, too. */
  public static String line(String text) {
    return escaped(text, LineEnds.ESCAPED);
  }

  /** The text with its lines; a tab that begins or divides one stays as well. */
  public static String lines(String text) {
    return escaped(text, LineEnds.KEPT);
  }

  /**
   * A message: its lines, none much longer than 1,000 characters; {@code ... (4999000 more
   * characters)} stands for the rest of a longer one.
   */
  public static String message(String text) {
    return Arrays.stream(text.split("\n", -1))
        .map(line -> lines(brief(line, LONGEST_LINE)))
        .collect(Collectors.joining("\n"));
  }

  /**
   * The beginning of a text that is too long for a message, with the number of characters that are
   * left out.
   *
   * @param most UTF-16 units that are kept; a text with a few more is not cut either
   */
  public static String brief(String text, int most) {
    if (text.length() <= most + 40) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "... (" + (text.length() - end) + " more characters)";
  }

  /** Whether a code point can be shown as it is. */
  public static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> codePoint == 0x200c || codePoint == 0x200d;
      default -> (codePoint & 0xfffe) != 0xfffe && (codePoint < 0xfdd0 || codePoint > 0xfdef);
    };
  }

  private static String escaped(String text, LineEnds lineEnds) {
    int start = 0;
    while (start < text.length() && text.charAt(start) >= ' ' && text.charAt(start) < 0x7f) {
      start++;
    }
    if (start == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, start);
    for (int i = start; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int end = i + Character.charCount(codePoint);
      if (isPrintable(codePoint) || (lineEnds == LineEnds.KEPT && isLayout(text, i))) {
        shown.append(text, i, end);
      } else {
        for (int unit = i; unit < end; unit++) {
          shown.append("\\u").append(hex(text.charAt(unit)));
        }
      }
      i = end;
    }
    return shown.toString();
  }

  /** A line end, Windows's included, or a tab. */
  private static boolean isLayout(String text, int i) {
    char c = text.charAt(i);
    return c == '\n'
        || c == '\t'
        || (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n');
  }

  private static String hex(char unit) {
    String digits = Integer.toHexString(unit);
    return "0000".substring(digits.length()) + digits;
  }
}
