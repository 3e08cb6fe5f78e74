package io.github.convlens.notation;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What surrounds a network where it was copied from: prompts, quotes, fences, line numbers,
 * colours, the heads of log lines, figures of a profiler, other output. Each such character is
 * replaced by a blank, so that lines and columns stay those of the user's text, and full-width
 * signs by Python's. What is not plainly one of these stays and is the parser's, which names what
 * it cannot read.
 */
final class Paste {
  private final Source source;
  private final char[] chars;

  /** Where each line starts; one more behind the last. */
  private final int[] starts;

  /** The lines with which another result starts. */
  private final boolean[] results;

  private Paste(Source source) {
    this.source = source;
    this.chars = source.text().toCharArray();
    this.starts = starts(chars);
    this.results = new boolean[lines()];
  }

  /** The text without its surroundings. */
  static Source cleaned(Source source) {
    Paste paste = new Paste(source);
    String network = paste.network();
    return new Source(network, source.text(), paste.resultStarts());
  }

  /** What stands behind this line was printed for itself. */
  void startResult(int line) {
    results[line] = true;
  }

  private int[] resultStarts() {
    return IntStream.range(0, lines()).filter(line -> results[line]).map(this::start).toArray();
  }

  private String network() {
    new PasteCharacters(this).read();
    new PasteHeads(this).read();
    new PasteMargins(this).read();
    LogHead head = new LogHead(this);
    PasteLabels labels = new PasteLabels(this);
    int depth = 0;
    for (int line = 0; line < lines(); line++) {
      head.read(line, depth);
      labels.read(line, depth);
      depth = Math.max(0, depth + opened(start(line), end(line)));
    }
    new Transcript(this).read();
    new BesidePrint(this).read();
    return new String(chars);
  }

  Source source() {
    return source;
  }

  int length() {
    return chars.length;
  }

  int lines() {
    return starts.length - 1;
  }

  private static int[] starts(char[] chars) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] == '\n') {
        if (count + 1 >= starts.length) {
          starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[count++] = i + 1;
      }
    }
    starts[count] = chars.length + 1;
    return Arrays.copyOf(starts, count + 1);
  }

  int start(int line) {
    return starts[line];
  }

  /** Behind the last character of a line. */
  int end(int line) {
    return starts[line + 1] - 1;
  }

  /** The first character of a line that is no blank; its end if there is none. */
  int first(int line) {
    return skipBlank(start(line), end(line));
  }

  int skipBlank(int from, int end) {
    int i = from;
    while (i < end && (" \t\r".indexOf(chars[i]) >= 0 || chars[i] == Lexer.REMOVED)) {
      i++;
    }
    return i;
  }

  boolean isBlank(int line) {
    return first(line) == end(line);
  }

  /** The character at a position; a line end behind the text. */
  char at(int position) {
    return position < chars.length ? chars[position] : '\n';
  }

  boolean startsWith(int position, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (at(position + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  void blank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (chars[i] != '\n' && chars[i] != '\r') {
        chars[i] = ' ';
      }
    }
  }

  void blankLine(int line) {
    blank(start(line), end(line));
  }

  void set(int position, char c) {
    chars[position] = c;
  }

  String text(int from, int to) {
    return new String(chars, from, to - from);
  }

  int digitsEnd(int from) {
    int i = from;
    while (Source.isDigit(at(i))) {
      i++;
    }
    return i;
  }

  /** Brackets opened less those closed, strings and comments aside. */
  int opened(int from, int end) {
    int opened = 0;
    char quote = 0;
    for (int i = from; i < end; i++) {
      char c = at(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#') {
        return opened;
      } else if (c == '(' || c == '[' || c == '{') {
        opened++;
      } else if (c == ')' || c == ']' || c == '}') {
        opened--;
      }
    }
    return opened;
  }

  /** Behind the string that starts here; behind its quote if it does not end on its line. */
  int behindString(int quote) {
    int end = PythonString.end(source.text(), quote);
    return end > 0 ? end : quote + 1;
  }

  void remove(int from, int to) {
    Arrays.fill(chars, from, Math.min(to, chars.length), Lexer.REMOVED);
  }

  int behindName(int line) {
    int first = first(line);
    if (at(first) == '(') {
      for (int i = first; i < end(line); i++) {
        if (startsWith(i, "): ")) {
          return i;
        }
      }
    }
    return first;
  }

  boolean isPrompt(int i) {
    return startsWith(i, ">>>") && (at(i + 3) == ' ' || at(i + 3) == '\n' || at(i + 3) == '\r');
  }

  static boolean isNameStart(char c) {
    return Source.isWord(c) && !Source.isDigit(c);
  }

  boolean has(char c) {
    for (int line = 0; line < lines(); line++) {
      if (has(line, c)) {
        return true;
      }
    }
    return false;
  }

  boolean has(int line, char c) {
    for (int i = start(line); i < end(line); i++) {
      if (chars[i] == c) {
        return true;
      }
    }
    return false;
  }

  String word(int from) {
    int i = from;
    while (Source.isWord(at(i))) {
      i++;
    }
    return new String(chars, from, i - from);
  }
}
