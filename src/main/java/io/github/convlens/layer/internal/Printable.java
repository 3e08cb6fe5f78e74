package io.github.convlens.layer.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** Signs that no line ends with. */
  private static final String OPENING = "\uff08\u201c\u300a(";

  /** Signs that no line begins with. */
  private static final String CLOSING = "\uff0c\u3002\u3001\uff1b\uff1a\uff09\u201d\u300b)%,.;:";

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

  /**
   * The columns that a text takes in a terminal: two for Chinese, Japanese and Korean letters and
   * for emoji, none for marks that stand on a letter. {@code width("池化 a")} is 6. Source: Unicode
   * Annex 11, East Asian Width, W and F.
   */
  public static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      width += width(codePoint);
      i += Character.charCount(codePoint);
    }
    return width;
  }

  private static int width(int codePoint) {
    if (codePoint < 0x300) {
      return 1;
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int c) {
    if (c < 0x1100) {
      return false;
    }
    return c <= 0x115f // Hangul Jamo that begin a syllable
        || (c >= 0x2e80 && c <= 0x303e) // radicals, punctuation
        || (c >= 0x3041 && c <= 0xa4cf && c != 0x303f) // kana, ideographs, Yi
        || (c >= 0xa960 && c <= 0xa97c) // Hangul Jamo
        || (c >= 0xac00 && c <= 0xd7a3) // Hangul syllables
        || (c >= 0xf900 && c <= 0xfaff) // ideographs for compatibility
        || (c >= 0xfe10 && c <= 0xfe19)
        || (c >= 0xfe30 && c <= 0xfe6b)
        || (c >= 0xff01 && c <= 0xff60) // full-width forms
        || (c >= 0xffe0 && c <= 0xffe6)
        || (c >= 0x16fe0 && c <= 0x18d08) // Tangut
        || (c >= 0x1b000 && c <= 0x1b2fb) // more kana
        || (c >= 0x1f300 && c <= 0x1f64f) // emoji
        || (c >= 0x1f680 && c <= 0x1f6ff)
        || (c >= 0x1f900 && c <= 0x1faff)
        || (c >= 0x20000 && c <= 0x3fffd); // ideographs
  }

  /** The text with spaces in front of it until it takes so many columns of a terminal. */
  public static String paddedInFront(String text, int width) {
    return " ".repeat(Math.max(0, width - width(text))) + text;
  }

  /** The text with spaces behind it until it takes so many columns of a terminal. */
  public static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - width(text)));
  }

  /**
   * The parts of a word between which a line may end: Chinese has no spaces, and a line may end
   * behind any of its letters, but none begins with a comma or ends with an opening bracket.
   */
  public static List<String> pieces(String word) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < word.length(); i++) {
      char before = word.charAt(i - 1);
      char behind = word.charAt(i);
      boolean mayEnd = isWide(before) || isWide(behind);
      if (mayEnd && OPENING.indexOf(before) < 0 && CLOSING.indexOf(behind) < 0) {
        pieces.add(word.substring(start, i));
        start = i;
      }
    }
    pieces.add(word.substring(start));
    return pieces;
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
