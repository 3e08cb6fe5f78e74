package io.github.convlens.notation;

import io.github.convlens.layer.Printable;
import io.github.convlens.layer.ShapeException;

/**
 * The text that is read, and the messages that point into it.
 *
 * @param text what is read
 * @param original the user's text, which messages show; as long as the other
 */
record Source(String text, String original) {
  /** How much of a long line a message shows in front of the mark and behind it. */
  private static final int CONTEXT = 60;

  Source(String text) {
    this(text, text);
  }

  /** A mistake at a position: rule and remedy are sentences. */
  NotationException error(int position, String rule, String remedy) {
    Place place = place(position);
    String message = place.prefix() + rule + "\n" + excerpt(position) + "\n" + remedy;
    return new NotationException(message, place.line, place.column);
  }

  /** Numbers that no layer can have: the layer's own message, with its place. */
  NotationException error(int position, ShapeException reason) {
    Place place = place(position);
    String message = place.prefix() + reason.getMessage() + "\n" + excerpt(position);
    return new NotationException(message, place.line, place.column, reason);
  }

  private record Place(int line, int column) {
    String prefix() {
      return "line " + line + ", column " + column + ": ";
    }
  }

  private Place place(int position) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Place(line, position - lineStart + 1);
  }

  /** The line around a position, and a line with a mark under it. */
  private String excerpt(int position) {
    int from = position;
    while (from > 0 && original.charAt(from - 1) != '\n' && position - from < CONTEXT) {
      from--;
    }
    int to = position;
    while (to < original.length() && original.charAt(to) != '\n' && to - position < CONTEXT) {
      to++;
    }
    if (from == 0 || original.charAt(from - 1) == '\n') {
      while (from < position && Character.isWhitespace(original.charAt(from))) {
        from++;
      }
    }
    StringBuilder shown = new StringBuilder("  ");
    for (int i = from; i < to; i++) {
      shown.append(printable(original.charAt(i)));
    }
    return shown.toString().stripTrailing() + "\n  " + " ".repeat(position - from) + "^";
  }

  /** The character, or a question mark for one that would disturb a terminal. */
  static char printable(char c) {
    if (c == '\t' || c == '\r') {
      return ' ';
    }
    return Printable.isPrintable(c) && Character.isDefined(c) ? c : '?';
  }

  /** Whether every line starts as lines of networks do and nothing rare is in the text. */
  boolean isPlain() {
    boolean lineStart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        lineStart = true;
      } else if (c > 126 || c == '\u001b' || c == '`' || c == '%') {
        return false;
      } else if (lineStart && c != ' ' && c != '\t' && c != '\r') {
        if (!startsPlainly(text, i)) {
          return false;
        }
        lineStart = false;
      }
    }
    return true;
  }

  private static boolean startsPlainly(String text, int start) {
    char c = text.charAt(start);
    if (!isWord(c)) {
      return c == '(' ? !text.startsWith("(Pdb)", start) : c == ')' || c == ']';
    }
    int end = start;
    while (end < text.length() && (isWord(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    while (end < text.length() && text.charAt(end) == ' ') {
      end++;
    }
    String behind = isDigit(c) ? "," : "(=,);";
    return end < text.length() && behind.indexOf(text.charAt(end)) >= 0;
  }

  /** A letter, a digit or an underscore. */
  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
