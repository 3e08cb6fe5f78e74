package io.github.convlens.notation;

import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Printable;
import org.jspecify.annotations.Nullable;

/** The text that is read, and the messages that point into it. */
final class Source {
  /** How much of a long line a message shows in front of the mark and behind it. */
  private static final int CONTEXT = 60;

  /** What starts as a layer does, and is printed of an array or a device. */
  private static final String[] OUTPUTS = {"torch.Size(", "tensor(", "array(", "device("};

  private final String text;
  private final String original;
  private final String name;

  /** Made when it is first asked for: of most files of recipes no character is read. */
  private volatile char @Nullable [] chars;

  /** Where results of a session start, and what a label says is another. */
  private final int[] results;

  Source(String text) {
    this(text, text);
  }

  /** A text, and the user's own, which messages show; as long as the other. */
  Source(String text, String original) {
    this(text, original, "", new int[0]);
  }

  /** The same, with the places where something else is printed, in their order. */
  Source(String text, String original, int[] results) {
    this(text, original, "", results);
  }

  private Source(String text, String original, String name, int[] results) {
    this.text = text;
    this.original = original;
    this.name = name;
    this.results = results;
  }

  /** A text with a name, such as its file's, which messages begin with. */
  static Source named(String name, String text) {
    return new Source(text, text, name, new int[0]);
  }

  /** Whether two places of the text are of two results, each printed for itself. */
  boolean isOther(int from, int to) {
    for (int start : results) {
      if (start > from && start <= to) {
        return true;
      }
    }
    return false;
  }

  /** What is read. */
  String text() {
    return text;
  }

  /** The user's text. */
  String original() {
    return original;
  }

  /** What stands in front of a place, such as the file; often nothing. */
  String name() {
    return name;
  }

  /** Its characters, which none may change: an array is read faster than a String. */
  char[] chars() {
    char[] made = chars;
    if (made == null) {
      made = text.toCharArray();
      chars = made;
    }
    return made;
  }

  /** A mistake at a position: rule and remedy are sentences. */
  NotationException error(int position, String rule, String remedy) {
    Place place = place(position);
    String message = name + place.prefix() + rule + "\n" + excerpt(position) + "\n" + remedy;
    return new NotationException(message, place.line, place.column);
  }

  /** Numbers that no layer can have: the layer's own message, with its place. */
  NotationException error(int position, ShapeException reason) {
    Place place = place(position);
    String message = name + place.prefix() + reason.getMessage() + "\n" + excerpt(position);
    return new NotationException(message, place.line, place.column, reason);
  }

  /** The line of a position, from 1. */
  int line(int position) {
    return place(position).line;
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

  /**
   * Whether nothing rare is in the text, and every line starts as lines of networks do, behind
   * comments at the head.
   */
  boolean isPlain() {
    char[] chars = chars();
    int head = headEnd();
    if (head < 0 || head == chars.length) {
      return false;
    }
    for (int i = head; i < chars.length; i++) {
      while (i < chars.length && (chars[i] == ' ' || chars[i] == '\t' || chars[i] == '\r')) {
        i++;
      }
      if (i < chars.length && chars[i] != '\n' && !startsPlainly(i)) {
        return false;
      }
      i = plainEnd(i);
      if (i < 0) {
        return false;
      }
    }
    return true;
  }

  /** Where the comments at the head end; -1 if there is something rare in them. */
  private int headEnd() {
    char[] chars = chars();
    int i = 0;
    while (i < chars.length && chars[i] == '#') {
      int end = plainEnd(i);
      if (end < 0) {
        return -1;
      }
      i = Math.min(end + 1, chars.length);
    }
    return i;
  }

  /** Where the line ends; -1 if there is something rare in front. Every text is read by this. */
  private int plainEnd(int from) {
    char[] line = chars();
    int i = from;
    while (i < line.length && line[i] != '\n') {
      if (isRare(line[i])) {
        return -1;
      }
      i++;
    }
    return i;
  }

  private static boolean isRare(char c) {
    return c > '%' ? c == '`' || c > 126 : c == '%' || c == '\u001b';
  }

  private boolean startsPlainly(int start) {
    char[] chars = chars();
    char c = chars[start];
    if (!isWord(c)) {
      return c == '(' ? !text.startsWith("(Pdb)", start) : c == ')' || c == ']';
    }
    int end = start;
    while (end < chars.length && (isWord(chars[end]) || chars[end] == '.')) {
      end++;
    }
    while (end < chars.length && chars[end] == ' ') {
      end++;
    }
    String behind = isDigit(c) ? "," : "(=,);";
    boolean plain = end < chars.length && behind.indexOf(chars[end]) >= 0;
    return plain && (c < 'a' || !isOutput(start));
  }

  private boolean isOutput(int start) {
    for (String output : OUTPUTS) {
      if (text.startsWith(output, start)) {
        return true;
      }
    }
    return false;
  }

  /** A letter, a digit or an underscore. */
  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
