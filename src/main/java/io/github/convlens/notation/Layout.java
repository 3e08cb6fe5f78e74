package io.github.convlens.notation;

import java.util.Arrays;

/**
 * How a print lies on its lines: whether its brackets agree with its indentation, and whether it
 * was cut. Only a text of several lines with a child in front of one of them is a print here; what
 * somebody typed may be indented as it likes.
 */
final class Layout {
  /** The indentation of a line in front of which something was taken off. */
  private static final int UNKNOWN = -1;

  private final Source source;
  private final String text;

  /** The brackets that are open, the first character of the line of each, and its indentation. */
  private int[] opens = new int[16];

  private int[] openLines = new int[16];
  private int[] openIndents = new int[16];
  private int depth;

  /** The first closing bracket that closes nothing. */
  private int unmatched = -1;

  /** Brackets opened less those closed, behind the first line. */
  private int balance;

  private boolean isPrint;

  /** Whether some child stands further right than what it is in. */
  private boolean isIndented;

  /** The first line that is not indented as its brackets have it, and what it is in. */
  private int strange = -1;

  private int strangeIn;

  /** The first character of the line that is asked for, where no bracket is open. */
  private int outside = -1;

  /** Goes over the lines; {@code asked} is one of them, from 1. */
  private Layout(Source source, int asked) {
    this.source = source;
    this.text = source.text();
    int line = 0;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      outside = ++line == asked && depth == 0 ? start : outside;
      line(start, end);
      start = end + 1;
    }
  }

  /** Rejects prints that are mixed line by line: by their brackets one is inside the other. */
  static void refuseMixed(Source source) {
    if (source.text().indexOf('\n') < 0) {
      return;
    }
    Layout layout = new Layout(source, 0);
    if (layout.isPrint && layout.isIndented && layout.strange >= 0) {
      throw source.error(
          layout.strange,
          "by its brackets this line is inside "
              + layout.nameAt(layout.strangeIn)
              + ", and it is not indented so: two prints are mixed, as of two processes that print at"
              + " once, or a line is missing in front of it.",
          "Paste one print alone, as it is: let one process print it. If nothing is missing, indent"
              + " this line as what it is in, and two blanks more.");
    }
  }

  /**
   * Why a text is not a network: that it was cut, where it was, else what was found.
   *
   * @param atEnd whether the text was read to its end
   */
  static NotationException explained(Source source, NotationException found, boolean atEnd) {
    if (source.text().indexOf('\n') < 0) {
      return found;
    }
    Layout layout = new Layout(source, found.line());
    if (!layout.isPrint) {
      return found;
    }
    int last = layout.last();
    if (layout.depth > 0 && (atEnd || found.line() == layout.lineOf(last))) {
      return source.error(
          last,
          "the print stops here, in front of the ) of "
              + layout.nameAt(layout.opens[0])
              + ": it seems to be cut short.",
          "Paste all that print(model) shows.");
    }
    if (layout.outside >= 0 && layout.isOther()) {
      return layout.other();
    }
    boolean atFault = found.line() == 1 || found.line() == layout.lineOf(layout.unmatched);
    return layout.unmatched >= 0 && layout.balance < 0 && atFault ? layout.unopened() : found;
  }

  /** A line that is not the print's, or starts it with what is not. */
  private NotationException other() {
    int first = skipBlank(outside);
    int bracket = lineEnd(first) - 1;
    while (bracket > first && isBlank(text.charAt(bracket))) {
      bracket--;
    }
    int name = bracket;
    while (name > first && Source.isWord(text.charAt(name - 1))) {
      name--;
    }
    boolean opens = text.charAt(bracket) == '(' && name < bracket;
    String print = text.substring(name, bracket) + "(";
    return source.error(
        first,
        opens
            ? "what stands in front of " + print + " is no part of the print."
            : "this line is no part of the print.",
        opens
            ? "Delete it, and give the print alone, from " + print + " to its )."
            : "Delete it, and give the print alone.");
  }

  /** Whether the line outside is neither a layer, a child, a closing bracket nor a statement. */
  private boolean isOther() {
    int first = skipBlank(outside);
    int last = lineEnd(first) - 1;
    while (last > first && isBlank(text.charAt(last))) {
      last--;
    }
    int i = first;
    while (i < last && (Source.isWord(text.charAt(i)) || text.charAt(i) == '.')) {
      i++;
    }
    if (i == first) {
      return ")]}(".indexOf(text.charAt(first)) < 0;
    }
    boolean call = text.charAt(i) == '(' && "(,);".indexOf(text.charAt(last)) >= 0;
    return !call && text.charAt(i) != '=' && !text.startsWith(" =", i);
  }

  private NotationException unopened() {
    int first = skipBlank(0);
    boolean cut = behindName(first, lineEnd(first)) > first || unmatched < lineEnd(first);
    return source.error(
        unmatched,
        cut
            ? "this ) closes nothing that is in the text: the print seems to be cut at its beginning."
            : "this ) closes nothing: a line of the print is missing in front of it, or it is one too"
                + " many.",
        cut
            ? "Paste all that print(model) shows, from the name of its class on."
            : "Paste all that print(model) shows, as it is.");
  }

  private void line(int start, int end) {
    int first = start;
    boolean untouched = true;
    while (first < end && isBlank(text.charAt(first))) {
      untouched &= isBlank(source.original().charAt(first));
      first++;
    }
    if (first == end) {
      return;
    }
    int indent = untouched ? first - start : UNKNOWN;
    int name = behindName(first, end);
    isPrint |= name > first && start > 0;
    if (depth > 0) {
      compare(first, indent, name > first);
    }
    int before = depth;
    int closed = brackets(name, end);
    for (int i = depth - 1; i >= 0 && opens[i] >= first; i--) {
      openLines[i] = first;
      openIndents[i] = indent;
    }
    balance += start == 0 ? 0 : depth - before - closed;
  }

  /** Compares the indentation of a line with that of the line around it. */
  private void compare(int first, int indent, boolean isChild) {
    int outer = openIndents[depth - 1];
    if (indent == UNKNOWN || outer == UNKNOWN) {
      return;
    }
    boolean further = indent > outer;
    isIndented |= isChild && further;
    boolean isStrange = depth > 1 ? isChild || isClass(first) : isSameLine(first, openLines[0]);
    if (strange < 0 && !further && isStrange) {
      strange = first;
      strangeIn = opens[depth - 1];
    }
  }

  /** Whether a line starts with all that is in another. */
  private boolean isSameLine(int first, int other) {
    int i = 0;
    while (first + i < text.length()
        && text.charAt(first + i) != '\n'
        && text.charAt(first + i) == text.charAt(other + i)) {
      i++;
    }
    return other + i < first && isLineEnd(other + i);
  }

  /** Whether a class's name and its bracket are all that is on this line. */
  private boolean isClass(int first) {
    int i = first;
    while (i < text.length() && Source.isWord(text.charAt(i))) {
      i++;
    }
    return i > first && i + 1 < text.length() && text.charAt(i) == '(' && isLineEnd(i + 1);
  }

  private boolean isLineEnd(int position) {
    return text.charAt(position) == '\n' || text.charAt(position) == '\r';
  }

  /** Follows a line's brackets; the answer is how many it closes that are not open. */
  private int brackets(int from, int end) {
    int closed = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c == '#') {
        return closed;
      } else if (c == '\'' || c == '"') {
        int behind = PythonString.end(text, i);
        i = behind < 0 ? end : behind - 1;
      } else if (c == '(' || c == '[' || c == '{') {
        open(i);
      } else if (c == ')' || c == ']' || c == '}') {
        closed += depth == 0 ? 1 : 0;
        unmatched = depth == 0 && unmatched < 0 ? i : unmatched;
        depth = Math.max(0, depth - 1);
      }
    }
    return closed;
  }

  private void open(int bracket) {
    if (depth == opens.length) {
      opens = Arrays.copyOf(opens, 2 * depth);
      openLines = Arrays.copyOf(openLines, 2 * depth);
      openIndents = Arrays.copyOf(openIndents, 2 * depth);
    }
    opens[depth++] = bracket;
  }

  /** Behind the name of the child that starts here; the same place if none does. */
  private int behindName(int first, int end) {
    if (first >= end || text.charAt(first) != '(') {
      return first;
    }
    char c = first + 1 < end ? text.charAt(first + 1) : ' ';
    int quoted = c == '\'' || c == '"' ? PythonString.end(text, first + 1) : -1;
    for (int i = Math.max(first, quoted); i < end; i++) {
      if (text.startsWith("):", i)) {
        return i + 2;
      }
    }
    return first;
  }

  private int lineEnd(int position) {
    int end = text.indexOf('\n', position);
    return end < 0 ? text.length() : end;
  }

  private int lineOf(int position) {
    return 1 + (int) text.chars().limit(Math.max(0, position)).filter(c -> c == '\n').count();
  }

  /** The last character that is no blank. */
  private int last() {
    int last = text.length() - 1;
    while (last > 0 && (isBlank(text.charAt(last)) || text.charAt(last) == '\n')) {
      last--;
    }
    return last;
  }

  private int skipBlank(int from) {
    int i = from;
    while (i < text.length() - 1 && (isBlank(text.charAt(i)) || text.charAt(i) == '\n')) {
      i++;
    }
    return i;
  }

  /** {@code Net( in line 1}. */
  private String nameAt(int bracket) {
    int from = bracket;
    while (from > 0 && Source.isWord(text.charAt(from - 1))) {
      from--;
    }
    String name = Arguments.shortened(text.substring(from, bracket));
    return name + text.charAt(bracket) + " in line " + lineOf(bracket);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == Lexer.REMOVED;
  }
}
