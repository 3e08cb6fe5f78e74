package io.github.convlens.notation;

/** Python's string literals on one line, by "String and Bytes literals" of its reference. */
final class PythonString {
  private static final String ESCAPES = "\\'\"abfnrtv";
  private static final String MEANINGS = "\\'\"\u0007\b\f\n\r\t\u000b";

  private PythonString() {}

  /** The position behind the literal that opens at {@code start}; -1 if it ends on no quote. */
  static int end(String text, int start) {
    char quote = text.charAt(start);
    for (int i = start + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
      if (text.charAt(i) == quote) {
        return i + 1;
      }
      if (text.charAt(i) == '\\' && i + 1 < text.length() && text.charAt(i + 1) != '\n') {
        i++;
      }
    }
    return -1;
  }

  /** What stands between the quotes, with its escapes replaced; others stay, as in Python. */
  static String value(String quoted) {
    int next = quoted.indexOf('\\');
    if (next < 0) {
      return quoted;
    }
    StringBuilder value = new StringBuilder();
    int from = 0;
    while (next >= 0 && next + 1 < quoted.length()) {
      value.append(quoted, from, next);
      from = escape(quoted, next, value);
      next = quoted.indexOf('\\', from);
    }
    return value.append(quoted, from, quoted.length()).toString();
  }

  /** Appends what the escape at a backslash means; answers the position behind it. */
  private static int escape(String quoted, int backslash, StringBuilder value) {
    char kind = quoted.charAt(backslash + 1);
    int simple = ESCAPES.indexOf(kind);
    if (simple >= 0) {
      value.append(MEANINGS.charAt(simple));
      return backslash + 2;
    }
    int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    int end = backslash + 2 + digits;
    int codePoint = digits == 0 || end > quoted.length() ? -1 : hex(quoted, end - digits, end);
    if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT) {
      value.append(quoted, backslash, backslash + 2);
      return backslash + 2;
    }
    value.appendCodePoint(codePoint);
    return end;
  }

  private static int hex(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || number > Character.MAX_CODE_POINT) {
        return -1;
      }
      number = number * 16 + digit;
    }
    return number;
  }
}
