package io.github.convlens.notation;

/**
 * What stands in front of every line of a text, or on lines around it: the signs of a quote, a
 * diff, a comment and a list, drawn lines, code fences and line numbers.
 */
final class PasteMargins {
  private static final String BORDERS =
      "-=_*~+|#\u2500\u2501\u2550\u2502\u2503\u250c\u2510\u2514"
          + "\u2518\u251c\u2524\u252c\u2534\u253c\u256d\u256e\u2570\u256f";

  private final Paste paste;

  PasteMargins(Paste paste) {
    this.paste = paste;
  }

  /** Blanks it out. */
  void read() {
    quotes();
    rules();
    diff();
    markers();
    fences();
    lineNumbers();
  }

  /** {@code > } of a quote, as often as it is quoted; {@code >>> } is a prompt. */
  private void quotes() {
    for (int line = 0; line < paste.lines(); line++) {
      int i = paste.first(line);
      while (paste.at(i) == '>' && !paste.isPrompt(i)) {
        paste.set(i, ' ');
        i = paste.skipBlank(i, paste.end(line));
      }
    }
  }

  /** Lines that are drawn, {@code -----}, and the quotes of a text of several lines. */
  private void rules() {
    for (int line = 0; line < paste.lines(); line++) {
      int i = paste.first(line);
      int from = i;
      while (i < paste.end(line) && (BORDERS.indexOf(paste.at(i)) >= 0 || paste.at(i) == ' ')) {
        i++;
      }
      if (paste.startsWith(from, "\"\"\"") || paste.startsWith(from, "'''")) {
        i = from + 3;
      }
      if (paste.skipBlank(i, paste.end(line)) == paste.end(line) && i - from >= 3) {
        paste.blankLine(line);
      }
    }
  }

  /** The new lines of a diff; one that takes lines out, too, shows two networks. */
  private void diff() {
    int added = -1;
    int removed = -1;
    boolean all = true;
    for (int line = 0; line < paste.lines(); line++) {
      int i = paste.start(line);
      boolean marked = isDiffMark(i) && (paste.at(i) == '+' || isCode(i + 1, paste.end(line)));
      added = added < 0 && marked && paste.at(i) == '+' ? line : added;
      removed = removed < 0 && marked && paste.at(i) == '-' ? line : removed;
      all &= marked || paste.isBlank(line) || isDiffHead(i);
    }
    if (removed >= 0 && (added >= 0 || !all)) {
      throw paste
          .source()
          .error(
              paste.start(removed),
              "this line is marked with -, as a diff marks what it takes out, and others are not.",
              "Leave such lines out, or give them alone.");
    }
    for (int line = 0; (added >= 0 || removed >= 0) && line < paste.lines(); line++) {
      if (isDiffMark(paste.start(line))) {
        paste.set(paste.start(line), ' ');
      } else if (isDiffHead(paste.start(line))) {
        paste.blankLine(line);
      }
    }
  }

  /** Whether a layer, a child, a closing bracket or an assignment starts here: no item of prose. */
  private boolean isCode(int from, int end) {
    int first = paste.skipBlank(from, end);
    int i = first;
    while (i < end && (Source.isWord(paste.at(i)) || paste.at(i) == '.')) {
      i++;
    }
    int behind = paste.skipBlank(i, end);
    char c = paste.at(i);
    return i == first ? c == '(' || c == ')' || i == end : c == '(' || paste.at(behind) == '=';
  }

  private boolean isDiffMark(int i) {
    char next = paste.at(i + 1);
    return (paste.at(i) == '+' || paste.at(i) == '-')
        && (next == ' ' || next == '\t' || next == '(' || next == ')' || Paste.isNameStart(next));
  }

  private boolean isDiffHead(int i) {
    return paste.startsWith(i, "@@ ")
        || paste.startsWith(i, "+++ ")
        || paste.startsWith(i, "--- ")
        || paste.startsWith(i, "diff --git ")
        || paste.startsWith(i, "index ");
  }

  /** Comment signs, bullets and borders that stand in front of every line. */
  private void markers() {
    for (int level = 0; level < 3; level++) {
      int length = paste.has('(') && everyLine("#") ? 1 : everyLine("//") ? 2 : 0;
      for (String marker : new String[] {"- ", "* ", "+ ", "\u2022 ", "|", "\u2502", "\u2503"}) {
        length = length == 0 && everyLine(marker) ? 1 : length;
      }
      if (length == 0) {
        return;
      }
      for (int line = 0; line < paste.lines(); line++) {
        unmark(line, length);
      }
    }
  }

  private boolean everyLine(String marker) {
    boolean some = false;
    for (int line = 0; line < paste.lines(); line++) {
      if (!paste.isBlank(line)) {
        int first = paste.first(line);
        boolean bare = marker.length() == 1 || first + 1 == paste.end(line);
        if (!paste.startsWith(first, marker) && !(bare && paste.at(first) == marker.charAt(0))) {
          return false;
        }
        some = true;
      }
    }
    return some;
  }

  private void unmark(int line, int length) {
    int first = paste.first(line);
    if (first == paste.end(line)) {
      return;
    }
    char marker = paste.at(first);
    paste.blank(first, first + length);
    int last = paste.end(line) - 1;
    while (last > first && (paste.at(last) == ' ' || paste.at(last) == '\r')) {
      last--;
    }
    if (paste.at(last) == marker && BORDERS.indexOf(marker) > 4) {
      paste.set(last, ' ');
    }
  }

  /** Code fences, and prose around them that has no parenthesis. */
  private void fences() {
    int fences = 0;
    for (int line = 0; line < paste.lines(); line++) {
      fences += isFenceLine(line) ? 1 : 0;
    }
    boolean outside = fences > 1;
    for (int line = 0; line < paste.lines(); line++) {
      if (isFenceLine(line)) {
        paste.blankLine(line);
        outside = fences > 1 && !outside;
      } else if (outside && !paste.has(line, '(')) {
        paste.blankLine(line);
      }
      for (int i = paste.behindName(line); i < paste.end(line); i++) {
        if (paste.at(i) == '\'' || paste.at(i) == '"') {
          i = paste.behindString(i) - 1;
        } else if (paste.at(i) == '`') {
          paste.set(i, ' ');
        }
      }
    }
  }

  private boolean isFenceLine(int line) {
    int first = paste.first(line);
    return (paste.startsWith(first, "```") || paste.startsWith(first, "~~~"))
        && !paste.has(line, '(');
  }

  /** Numbers in front of all lines, each at least the one before. */
  private void lineNumbers() {
    long last = -1;
    boolean some = false;
    for (int line = 0; line < paste.lines(); line++) {
      if (!paste.isBlank(line)) {
        long number = lineNumber(line, some ? last : -1);
        if (number < 0) {
          return;
        }
        last = number;
        some = true;
      }
    }
    for (int line = 0; some && line < paste.lines(); line++) {
      paste.blank(
          paste.start(line),
          paste.isBlank(line) ? paste.start(line) : behindNumber(paste.first(line)));
    }
  }

  /** A line's number if it may come behind the last one, else -1. */
  private long lineNumber(int line, long last) {
    int first = paste.first(line);
    int end = paste.digitsEnd(first);
    int behind = behindNumber(first);
    boolean bare = (behind == end && end != paste.end(line)) || Source.isDigit(paste.at(behind));
    if (end == first || end - first > 9 || bare) {
      return -1;
    }
    long number = Long.parseLong(paste.text(first, end));
    boolean signed = paste.skipBlank(end, paste.end(line)) != behind;
    boolean follows = number > last && (signed || paste.lines() > 1);
    return follows || (number == last && signed) ? number : -1;
  }

  /** The position behind a number and its sign, {@code 12:}, {@code 12 |}, {@code 12}. */
  private int behindNumber(int first) {
    int end = paste.digitsEnd(first);
    int i = end;
    while (paste.at(i) == ' ' || paste.at(i) == '\t') {
      i++;
    }
    if (":|\u2502\u2192".indexOf(paste.at(i)) >= 0
        || ((paste.at(i) == '.' || paste.at(i) == ')')
            && (paste.at(i + 1) == ' ' || paste.at(i + 1) == '\t'))) {
      return i + 1;
    }
    return i;
  }
}
