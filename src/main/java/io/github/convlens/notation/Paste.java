package io.github.convlens.notation;

import java.util.Arrays;
import java.util.Set;

/**
 * What surrounds a network where it was copied from: prompts, quotes, fences, line numbers,
 * colours, the heads of log lines, figures of a profiler. Each such character is replaced by a
 * blank, so that lines and columns stay those of the user's text, and full-width signs by Python's.
 * What is not plainly one of these stays and is the parser's, which names what it cannot read.
 */
final class Paste {
  private static final char ESCAPE = '\u001b';
  private static final String BORDERS =
      "-=_*~+|#\u2500\u2501\u2550\u2502\u2503\u250c\u2510\u2514"
          + "\u2518\u251c\u2524\u252c\u2534\u253c\u256d\u256e\u2570\u256f";
  private static final Set<String> LEVELS =
      Set.of("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL", "TRACE", "NOTICE");
  private static final Set<String> MEASURES =
      Set.of("Params", "params", "MACs", "Macs", "FLOPs", "FLOPS", "latency");
  private static final Set<String> KEYWORDS =
      Set.of("class", "def", "if", "elif", "else", "for", "while", "with", "try", "finally");

  private final Source source;
  private final char[] chars;

  /** Where each line starts; one more behind the last. */
  private final int[] starts;

  private Paste(Source source) {
    this.source = source;
    this.chars = source.text().toCharArray();
    this.starts = starts(chars);
  }

  /** The text without its surroundings. */
  static Source cleaned(Source source) {
    return new Source(new Paste(source).network(), source.text());
  }

  private String network() {
    colours();
    foldSigns();
    quotes();
    rules();
    diff();
    markers();
    fences();
    lineNumbers();
    int depth = 0;
    for (int line = 0; line < lines(); line++) {
      logHead(line, depth);
      if (depth == 0) {
        label(line);
      }
      figures(line);
      depth = Math.max(0, depth + opened(start(line), end(line)));
    }
    new Transcript(this).read();
    return new String(chars);
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

  int wordEnd(int from) {
    int i = from;
    while (Source.isWord(at(i)) || at(i) == '.' || at(i) == '-') {
      i++;
    }
    return i;
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

  /** A terminal's escape sequences, and what is left of a colour where the escape was lost. */
  private void colours() {
    for (int line = 0; line < lines(); line++) {
      int behindName = behindName(line);
      for (int i = start(line); i < end(line); i++) {
        if (i >= behindName && (chars[i] == '\'' || chars[i] == '"')) {
          i = behindString(i) - 1;
        } else if (chars[i] == ESCAPE) {
          remove(i, escapeEnd(i));
        } else if (chars[i] == '[' && Source.isDigit(at(i + 1))) {
          colourWithoutEscape(i);
        }
      }
    }
  }

  private void colourWithoutEscape(int bracket) {
    int end = bracket + 1;
    while (Source.isDigit(at(end)) || at(end) == ';') {
      end++;
    }
    if (at(end) == 'm') {
      remove(bracket, end + 1);
    }
  }

  /** Behind the string that starts here; behind its quote if it does not end on its line. */
  private int behindString(int quote) {
    int end = PythonString.end(source.text(), quote);
    return end > 0 ? end : quote + 1;
  }

  private void remove(int from, int to) {
    Arrays.fill(chars, from, Math.min(to, chars.length), Lexer.REMOVED);
  }

  private int escapeEnd(int escape) {
    int i = escape + 1;
    if (at(i) == ']') {
      while (i < chars.length && chars[i] != '\u0007' && chars[i] != '\n') {
        i++;
      }
      return at(i) == '\n' ? i : i + 1;
    }
    if (at(i) != '[') {
      return at(i) == '\n' ? i : i + 1;
    }
    i++;
    while (at(i) >= ' ' && at(i) < '@') {
      i++;
    }
    return at(i) == '\n' ? i : i + 1;
  }

  /** Full-width and typographic signs, but in a child's name and in a string. */
  private void foldSigns() {
    for (int line = 0; line < lines(); line++) {
      char quote = 0;
      for (int i = behindName(line); i < end(line); i++) {
        char c = chars[i];
        if (quote != 0) {
          quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
          quote = c;
        } else if (c > 126) {
          chars[i] = folded(c);
        }
      }
    }
  }

  private int behindName(int line) {
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

  private static char folded(char c) {
    if (c >= '\uff01' && c <= '\uff5e') {
      return (char) (c - 0xfee0);
    }
    return switch (c) {
      case '\u3000', '\u00a0', '\u00ad', '\u2009', '\u200b', '\u200e', '\u202f', '\u2060' -> ' ';
      case '\u3001' -> ',';
      case '\u2018', '\u2019' -> '\'';
      case '\u201c', '\u201d' -> '"';
      case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212' -> '-';
      default -> c;
    };
  }

  /** {@code > } of a quote, as often as it is quoted; {@code >>> } is a prompt. */
  private void quotes() {
    for (int line = 0; line < lines(); line++) {
      int i = first(line);
      while (at(i) == '>' && !isPrompt(i)) {
        chars[i] = ' ';
        i = skipBlank(i, end(line));
      }
    }
  }

  boolean isPrompt(int i) {
    return startsWith(i, ">>>") && (at(i + 3) == ' ' || at(i + 3) == '\n' || at(i + 3) == '\r');
  }

  /** Lines that are drawn, {@code -----}, and the quotes of a text of several lines. */
  private void rules() {
    for (int line = 0; line < lines(); line++) {
      int i = first(line);
      int from = i;
      while (i < end(line) && (BORDERS.indexOf(chars[i]) >= 0 || chars[i] == ' ')) {
        i++;
      }
      if (startsWith(from, "\"\"\"") || startsWith(from, "'''")) {
        i = from + 3;
      }
      if (skipBlank(i, end(line)) == end(line) && i - from >= 3) {
        blankLine(line);
      }
    }
  }

  /** The new lines of a diff; one that takes lines out, too, shows two networks. */
  private void diff() {
    int added = -1;
    int removed = -1;
    boolean all = true;
    for (int line = 0; line < lines(); line++) {
      int i = start(line);
      boolean marked = isDiffMark(i);
      added = added < 0 && marked && at(i) == '+' ? line : added;
      removed = removed < 0 && marked && at(i) == '-' ? line : removed;
      all &= marked || isBlank(line) || isDiffHead(i);
    }
    if (removed >= 0 && (added >= 0 || !all)) {
      throw source.error(
          start(removed),
          "this line is marked with -, as a diff marks what it takes out, and others are not.",
          "Leave such lines out, or give them alone.");
    }
    for (int line = 0; (added >= 0 || removed >= 0) && line < lines(); line++) {
      if (isDiffMark(start(line))) {
        chars[start(line)] = ' ';
      } else if (isDiffHead(start(line))) {
        blankLine(line);
      }
    }
  }

  private boolean isDiffMark(int i) {
    char next = at(i + 1);
    return (at(i) == '+' || at(i) == '-')
        && (next == ' ' || next == '\t' || next == '(' || next == ')' || isNameStart(next));
  }

  private static boolean isNameStart(char c) {
    return Source.isWord(c) && !Source.isDigit(c);
  }

  private boolean isDiffHead(int i) {
    return startsWith(i, "@@ ")
        || startsWith(i, "+++ ")
        || startsWith(i, "--- ")
        || startsWith(i, "diff --git ")
        || startsWith(i, "index ");
  }

  /** Comment signs, bullets and borders that stand in front of every line. */
  private void markers() {
    for (int level = 0; level < 3; level++) {
      int length = has('(') && everyLine("#") ? 1 : everyLine("//") ? 2 : 0;
      for (String marker : new String[] {"- ", "* ", "+ ", "\u2022 ", "|", "\u2502", "\u2503"}) {
        length = length == 0 && everyLine(marker) ? 1 : length;
      }
      if (length == 0) {
        return;
      }
      for (int line = 0; line < lines(); line++) {
        unmark(line, length);
      }
    }
  }

  private boolean everyLine(String marker) {
    boolean some = false;
    for (int line = 0; line < lines(); line++) {
      if (!isBlank(line)) {
        int first = first(line);
        boolean bare = marker.length() == 1 || first + 1 == end(line);
        if (!startsWith(first, marker) && !(bare && at(first) == marker.charAt(0))) {
          return false;
        }
        some = true;
      }
    }
    return some;
  }

  private void unmark(int line, int length) {
    int first = first(line);
    if (first == end(line)) {
      return;
    }
    char marker = chars[first];
    blank(first, first + length);
    int last = end(line) - 1;
    while (last > first && (chars[last] == ' ' || chars[last] == '\r')) {
      last--;
    }
    if (chars[last] == marker && BORDERS.indexOf(marker) > 4) {
      chars[last] = ' ';
    }
  }

  /** Code fences, and prose around them that has no parenthesis. */
  private void fences() {
    int fences = 0;
    for (int line = 0; line < lines(); line++) {
      fences += isFenceLine(line) ? 1 : 0;
    }
    boolean outside = fences > 1;
    for (int line = 0; line < lines(); line++) {
      if (isFenceLine(line)) {
        blankLine(line);
        outside = fences > 1 && !outside;
      } else if (outside && !has(line, '(')) {
        blankLine(line);
      }
      for (int i = behindName(line); i < end(line); i++) {
        if (chars[i] == '\'' || chars[i] == '"') {
          i = behindString(i) - 1;
        } else if (chars[i] == '`') {
          chars[i] = ' ';
        }
      }
    }
  }

  private boolean isFenceLine(int line) {
    int first = first(line);
    return (startsWith(first, "```") || startsWith(first, "~~~")) && !has(line, '(');
  }

  private boolean has(char c) {
    for (int line = 0; line < lines(); line++) {
      if (has(line, c)) {
        return true;
      }
    }
    return false;
  }

  private boolean has(int line, char c) {
    for (int i = start(line); i < end(line); i++) {
      if (chars[i] == c) {
        return true;
      }
    }
    return false;
  }

  /** Numbers in front of all lines, each at least the one before. */
  private void lineNumbers() {
    long last = -1;
    boolean some = false;
    for (int line = 0; line < lines(); line++) {
      if (!isBlank(line)) {
        long number = lineNumber(line, some ? last : -1);
        if (number < 0) {
          return;
        }
        last = number;
        some = true;
      }
    }
    for (int line = 0; some && line < lines(); line++) {
      blank(start(line), isBlank(line) ? start(line) : behindNumber(first(line)));
    }
  }

  /** A line's number if it may come behind the last one, else -1. */
  private long lineNumber(int line, long last) {
    int first = first(line);
    int end = digitsEnd(first);
    int behind = behindNumber(first);
    boolean bare = (behind == end && end != end(line)) || Source.isDigit(at(behind));
    if (end == first || end - first > 9 || bare) {
      return -1;
    }
    long number = Long.parseLong(new String(chars, first, end - first));
    boolean signed = skipBlank(end, end(line)) != behind;
    boolean follows = number > last && (signed || lines() > 1);
    return follows || (number == last && signed) ? number : -1;
  }

  /** The position behind a number and its sign, {@code 12:}, {@code 12 |}, {@code 12}. */
  private int behindNumber(int first) {
    int end = digitsEnd(first);
    int i = end;
    while (at(i) == ' ' || at(i) == '\t') {
      i++;
    }
    if (":|\u2502\u2192".indexOf(at(i)) >= 0
        || ((at(i) == '.' || at(i) == ')') && (at(i + 1) == ' ' || at(i + 1) == '\t'))) {
      return i + 1;
    }
    return i;
  }

  /** Time, level and name of a logger, in whatever order, in front of a line. */
  private void logHead(int line, int depth) {
    int from = first(line);
    int i = from;
    boolean strong = false;
    while (i < end(line)) {
      int next = timeOrLevel(i, end(line));
      strong |= next > i;
      if (next == i && strong) {
        next = loggerName(i, end(line));
      }
      if (next == i) {
        break;
      }
      i = skipSigns(next, end(line));
    }
    if (strong && (depth == 0 || i < end(line))) {
      blank(from, i);
    }
  }

  private int skipSigns(int from, int end) {
    int i = from;
    while (i < end && (" \t:|]>-\u2502".indexOf(chars[i]) >= 0)) {
      i++;
    }
    return i;
  }

  private int timeOrLevel(int i, int end) {
    int time = timeEnd(i);
    if (time > i) {
      return time;
    }
    if (at(i) == '[') {
      return bracketEnd(i, end);
    }
    int word = i;
    while (at(word) >= 'A' && at(word) <= 'Z') {
      word++;
    }
    boolean level = LEVELS.contains(new String(chars, i, word - i));
    if (level && " :|]-\n\r\t".indexOf(at(word)) >= 0) {
      return word;
    }
    return glogEnd(i);
  }

  /** {@code I0605 13:54:43.123456 12345 train.py:10]}: the head of glog and absl. */
  private int glogEnd(int i) {
    if ("IWEF".indexOf(at(i)) < 0 || digitsEnd(i + 1) != i + 5 || at(i + 5) != ' ') {
      return i;
    }
    int time = timeEnd(i + 6);
    return time > i + 6 ? time : i;
  }

  /** A date, a time, or both. */
  private int timeEnd(int from) {
    int date = dateEnd(from);
    int i = date > from && (at(date) == ' ' || at(date) == 'T') ? date + 1 : from;
    int time = clockEnd(i);
    if (time > i) {
      return time;
    }
    boolean whole = date > from && digitsEnd(from) == from + 4;
    return whole ? date : from;
  }

  private int dateEnd(int from) {
    int i = digitsEnd(from);
    char sign = at(i);
    if ((i - from != 2 && i - from != 4) || (sign != '-' && sign != '/' && sign != '.')) {
      return from;
    }
    int second = digitsEnd(i + 1);
    if (second - i != 3) {
      return from;
    }
    int third = at(second) == sign ? digitsEnd(second + 1) : second;
    return third > second + 1 ? third : i - from == 2 ? second : from;
  }

  private int clockEnd(int from) {
    int i = digitsEnd(from);
    if (i == from || i - from > 2 || at(i) != ':' || digitsEnd(i + 1) != i + 3) {
      return from;
    }
    i += 3;
    if (at(i) != ':' || digitsEnd(i + 1) != i + 3) {
      return from;
    }
    i += 3;
    if ((at(i) == '.' || at(i) == ',') && Source.isDigit(at(i + 1))) {
      i = digitsEnd(i + 1);
    }
    if (at(i) == 'Z') {
      i++;
    } else if (at(i) == '+' && Source.isDigit(at(i + 1))) {
      i = digitsEnd(i + 1);
      i = at(i) == ':' ? digitsEnd(i + 1) : i;
    }
    return i;
  }

  /** {@code [INFO]}, {@code [02/10 16:09:27 d2]}: words or a time, no list of numbers. */
  private int bracketEnd(int open, int end) {
    boolean word = false;
    boolean colon = false;
    boolean list = false;
    for (int i = open + 1; i < end; i++) {
      char c = chars[i];
      if (c == ']') {
        char next = at(i + 1);
        boolean head = word && (!list || colon) && " :|-[\n\r\t".indexOf(next) >= 0;
        return head ? i + 1 : open;
      }
      if ("(['\"=*".indexOf(c) >= 0) {
        return open;
      }
      word |= Source.isWord(c) && (colon || !Source.isDigit(c) || at(i + 1) == ']');
      colon |= c == ':';
      list |= c == ',';
    }
    return open;
  }

  /** A dotted name, a file with its line, a number of a process: what a sign ends. */
  private int loggerName(int from, int end) {
    int i = from;
    while (i < end && (Source.isWord(chars[i]) || ".<>/".indexOf(chars[i]) >= 0)) {
      i++;
    }
    if (i == from || at(i) == '(') {
      return from;
    }
    int behind = skipBlank(i, end);
    boolean number = digitsEnd(from) == i;
    boolean sign = behind < end && ":|]".indexOf(chars[behind]) >= 0;
    boolean dash = behind > i && at(behind) == '-' && at(behind + 1) == ' ';
    return sign || dash || (number && behind > i) ? i : from;
  }

  /** {@code Model:} on a line of its own, or several words and a colon in front of a layer. */
  private void label(int line) {
    int first = first(line);
    if (!isNameStart(at(first)) || KEYWORDS.contains(word(first))) {
      return;
    }
    int i = first;
    boolean several = false;
    boolean unit = false;
    while (i < end(line) && (Source.isWord(chars[i]) || " .-_'()".indexOf(chars[i]) >= 0)) {
      several |= chars[i] == ' ';
      unit |= chars[i] == '(';
      i++;
    }
    if (at(i) != ':') {
      return;
    }
    int behind = skipBlank(i + 1, end(line));
    if (isFigure(behind, end(line))) {
      blankLine(line);
    } else if (!unit && (behind == end(line) || (several && startsLayer(behind)))) {
      blank(first, i + 1);
    }
  }

  private String word(int from) {
    int i = from;
    while (Source.isWord(at(i))) {
      i++;
    }
    return new String(chars, from, i - from);
  }

  private boolean startsLayer(int i) {
    int end = i;
    while (Source.isWord(at(end)) || at(end) == '.') {
      end++;
    }
    return end > i && !Source.isDigit(at(i)) && (at(end) == '(' || startsWith(end, " ("));
  }

  /** A number and at most a unit: {@code Total params: 11,689,512}. */
  private boolean isFigure(int from, int end) {
    int i = from;
    while (i < end && (Source.isDigit(chars[i]) || chars[i] == ',' || chars[i] == '.')) {
      i++;
    }
    if (i == from) {
      return false;
    }
    i = skipBlank(i, end);
    int unit = i;
    while (i < end && (Source.isWord(chars[i]) || chars[i] == '%')) {
      i++;
    }
    return i - unit < 6 && skipBlank(i, end) == end;
  }

  /** What a profiler puts in front of a layer's arguments, and a notebook's own commands. */
  private void figures(int line) {
    int first = first(line);
    if ((at(first) == '%' && isNameStart(at(first + 1))) || at(first) == '!') {
      blankLine(line);
      return;
    }
    int last = -1;
    for (int i = first; i < end(line); i++) {
      if (chars[i] == '%' && at(i + 1) == ' ' && MEASURES.contains(word(i + 2))) {
        last = i;
      }
    }
    if (last < 0) {
      return;
    }
    int from = last;
    while (from > first && chars[from - 1] != '(') {
      from--;
    }
    int to = itemEnd(last, end(line));
    while (isSpeed(to, end(line))) {
      to = itemEnd(to, end(line));
    }
    blank(from, to);
  }

  /** Behind the comma that ends an argument, or at the parenthesis. */
  private int itemEnd(int from, int end) {
    int i = from;
    while (i < end && chars[i] != ',' && chars[i] != ')') {
      i++;
    }
    return i < end && chars[i] == ',' ? i + 1 : i;
  }

  /** {@code 231.94 GFLOPS}. */
  private boolean isSpeed(int from, int end) {
    int i = skipBlank(from, end);
    while (Source.isDigit(at(i)) || at(i) == '.') {
      i++;
    }
    return at(i) == ' ' && word(i + 1).endsWith("FLOPS");
  }
}
