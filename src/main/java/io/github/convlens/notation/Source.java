package io.github.convlens.notation;

import io.github.convlens.layer.Printable;
import io.github.convlens.layer.ShapeException;

/** The text that is read, and the messages that point into it. */
record Source(String text) {
  /** How much of a long line a message shows in front of the mark and behind it. */
  private static final int CONTEXT = 60;

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
    while (from > 0 && text.charAt(from - 1) != '\n' && position - from < CONTEXT) {
      from--;
    }
    int to = position;
    while (to < text.length() && text.charAt(to) != '\n' && to - position < CONTEXT) {
      to++;
    }
    if (from == 0 || text.charAt(from - 1) == '\n') {
      while (from < position && Character.isWhitespace(text.charAt(from))) {
        from++;
      }
    }
    StringBuilder shown = new StringBuilder("  ");
    for (int i = from; i < to; i++) {
      shown.append(printable(text.charAt(i)));
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
}
