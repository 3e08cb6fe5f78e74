package io.github.convlens.notation;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into Python's tokens, one at a time and each character once. White space, comments
 * and line ends stand between tokens; {@link #lineBreak} tells whether a line ended in front of the
 * current one.
 */
final class Lexer {
  /** Kinds of tokens. */
  enum Token {
    NAME,
    WHOLE,
    DECIMAL,
    STRING,
    SYMBOL,
    END
  }

  final Source source;
  private final String text;

  /** The current token's kind. */
  Token token = Token.END;

  /** Where it starts. */
  int start;

  /** The position behind it. */
  int end;

  /** Whether a line ends between the token before and this one. */
  boolean lineBreak;

  /** The current token where it is a symbol. */
  private char symbol;

  private int childEnd;
  private String childName = "";

  /** Where the part of the current name behind its last dot starts. */
  private int lastName;

  Lexer(Source source) {
    this.source = source;
    this.text = source.text();
    advance();
  }

  /** Whether the current token is this symbol. */
  boolean at(char symbol) {
    return this.symbol == symbol;
  }

  /** Whether the current token is this name. */
  boolean atName(String name) {
    return token == Token.NAME && end - start == name.length() && text.startsWith(name, start);
  }

  /** Goes on if the current token is this symbol. */
  boolean accept(char symbol) {
    if (!at(symbol)) {
      return false;
    }
    advance();
    return true;
  }

  /** Whether the symbol stands directly behind the current token (spaces may lie between). */
  boolean followedBy(char symbol) {
    int i = end;
    while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i++;
    }
    return i < text.length()
        && text.charAt(i) == symbol
        && !(symbol == '=' && i + 1 < text.length() && text.charAt(i + 1) == '=');
  }

  /** The current token's text. */
  String word() {
    return text.substring(start, end);
  }

  /** The part of a dotted name behind the last dot. */
  String lastName() {
    return text.substring(lastName, end);
  }

  /**
   * Whether a child of a printed model starts here: {@code (name):}, or {@code ('name'):} with a
   * name in quotes. If so, {@link #childName} is its name and {@link #skipChild} goes behind it.
   * PyTorch allows all but dots in a name and quotes nothing: what stands first on its line may
   * hold brackets, commas, quotes and equals signs, up to the first {@code "): "}.
   */
  boolean atChild() {
    if (!at('(')) {
      return false;
    }
    return atQuotedChild() || atPlainChild() || (lineBreak && atRareChild());
  }

  private boolean atQuotedChild() {
    if (!is('\'', start + 1) && !is('"', start + 1)) {
      return false;
    }
    int close = PythonString.end(text, start + 1);
    return close > 0
        && is(')', close)
        && isChild(close, PythonString.value(text.substring(start + 2, close - 1)));
  }

  private boolean atPlainChild() {
    int i = start + 1;
    while (i < text.length() && "()\n,='\"[]".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return isChild(i, null);
  }

  private boolean atRareChild() {
    int i = start + 1;
    while (i < text.length() && "\n#".indexOf(text.charAt(i)) < 0) {
      if (text.startsWith("): ", i)) {
        return isChild(i, null);
      }
      i++;
    }
    return false;
  }

  /** Notes the child whose name ends here if a parenthesis and a colon follow. */
  private boolean isChild(int end, @Nullable String name) {
    if (!is(')', end) || !is(':', end + 1)) {
      return false;
    }
    childEnd = end;
    childName = name == null ? text.substring(start + 1, end) : name;
    return true;
  }

  private boolean is(char c, int position) {
    return position < text.length() && text.charAt(position) == c;
  }

  /** The name of the child that starts here. */
  String childName() {
    return childName;
  }

  /** Goes behind the colon of the child that starts here. */
  void skipChild() {
    jump(childEnd + 2);
  }

  /** A string's contents. */
  String quoted() {
    return PythonString.value(text.substring(start + 1, end - 1));
  }

  /** The current token as a user sees it in a message. */
  String describe() {
    if (token == Token.END) {
      return "the end of the text";
    }
    StringBuilder shown = new StringBuilder();
    for (int i = start; i < Math.min(end, start + 40); i++) {
      shown.append(Source.printable(text.charAt(i)));
    }
    return end - start > 40 ? shown + "..." : shown.toString();
  }

  /** Goes to the next token. */
  void advance() {
    skipBlank();
    start = end;
    symbol = 0;
    if (end >= text.length()) {
      token = Token.END;
      return;
    }
    char c = text.charAt(end);
    if (isNameStart(c)) {
      token = Token.NAME;
      readName();
    } else if (isDigit(c) || c == '.') {
      readNumber();
    } else if (c == '\'' || c == '"') {
      readString(c);
    } else {
      token = Token.SYMBOL;
      symbol = c;
      end++;
    }
  }

  /** Continues behind a position that lies at or after the current token's start. */
  void jump(int position) {
    end = position;
    advance();
  }

  /** Continues on the next line, whatever stands on this one. */
  void skipLine() {
    int newline = text.indexOf('\n', start);
    jump(newline < 0 ? text.length() : newline);
  }

  private void skipBlank() {
    lineBreak = end == 0;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '\n') {
        lineBreak = true;
      } else if (c == '#') {
        int newline = text.indexOf('\n', end);
        end = (newline < 0 ? text.length() : newline) - 1;
      } else if (c != ' ' && !isRareBlank(c)) {
        return;
      }
      end++;
    }
  }

  private static boolean isRareBlank(char c) {
    return c == '\t' || c == '\r' || c == '\f' || c == '\u00a0' || c == '\ufeff';
  }

  private void readName() {
    lastName = start;
    while (end < text.length()) {
      char c = text.charAt(end);
      boolean dot = c == '.' && end + 1 < text.length() && isNameStart(text.charAt(end + 1));
      if (!dot && !isNameStart(c) && !isDigit(c)) {
        return;
      }
      end++;
      if (dot) {
        lastName = end;
      }
    }
  }

  private void readNumber() {
    token = Token.WHOLE;
    skipDigits();
    if (end < text.length() && text.charAt(end) == '.') {
      token = Token.DECIMAL;
      end++;
      skipDigits();
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int digits = end + 1;
      if (digits < text.length() && (text.charAt(digits) == '-' || text.charAt(digits) == '+')) {
        digits++;
      }
      if (digits < text.length() && isDigit(text.charAt(digits))) {
        token = Token.DECIMAL;
        end = digits;
        skipDigits();
      }
    }
    if (end - start == 1 && text.charAt(start) == '.') {
      token = Token.SYMBOL;
      symbol = '.';
    }
  }

  private void skipDigits() {
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
  }

  private void readString(char quote) {
    token = Token.STRING;
    end = PythonString.end(text, start);
    if (end > 0) {
      return;
    }
    throw source.error(
        start, "this string does not end on its line.", "Close it with " + quote + ".");
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (c > 127 && Character.isLetter(c));
  }
}
