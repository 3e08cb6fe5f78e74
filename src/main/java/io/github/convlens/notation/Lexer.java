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

  /** Stands for a character that was taken out of the text; a blank that belongs to no name. */
  static final char REMOVED = '\ufeff';

  final Source source;
  private final String text;
  private final char[] chars;

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
    this.chars = source.chars();
    advance();
  }

  /** One that stands in front of a place: {@link #advance} reads its first token. */
  Lexer(Source source, int position) {
    this.source = source;
    this.text = source.text();
    this.chars = source.chars();
    end = position;
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
    while (i < chars.length && (chars[i] == ' ' || chars[i] == '\t')) {
      i++;
    }
    return i < chars.length
        && chars[i] == symbol
        && !(symbol == '=' && i + 1 < chars.length && chars[i + 1] == '=');
  }

  /** The current token's text. */
  String word() {
    return text.substring(start, end);
  }

  /** Whether the current token is a name with a dot in it. */
  boolean isDotted() {
    return token == Token.NAME && lastName > start;
  }

  /** The part of a dotted name behind the last dot. */
  String lastName() {
    return text.substring(lastName, end);
  }

  /**
   * Whether a child of a printed model starts here: {@code (name):}, or {@code ('name'):} with a
   * name in quotes. If so, {@link #childName} is its name and {@link #skipChild} goes behind it.
   * PyTorch allows all but dots in a name and quotes nothing: what stands first on its line may
   * hold brackets, commas, quotes and equals signs, up to the first {@code "): "} with a layer
   * behind it.
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
    while (i < chars.length && "()\n,='\"[]".indexOf(chars[i]) < 0) {
      i++;
    }
    return isChild(i, null)
        && (!lineBreak || isLayer(childEnd + 1) || !atRareChild() || childName.indexOf('(') < 0);
  }

  private boolean atRareChild() {
    for (int i = start + 1; i < chars.length && chars[i] != '\n'; i++) {
      if (text.startsWith("): ", i) && isLayer(i + 3)) {
        return isChild(i, null);
      }
    }
    return false;
  }

  /** Whether a name and a parenthesis stand here, as of a layer, perhaps with {@code 3 x }. */
  private boolean isLayer(int position) {
    int i = position;
    while (i < chars.length && isDigit(chars[i])) {
      i++;
    }
    i += i > position && text.startsWith(" x ", i) ? 3 : 0;
    int name = i;
    while (i < chars.length && (isNameStart(chars[i]) || isDigit(chars[i]))) {
      i++;
    }
    return i > name && (is('(', i) || text.startsWith(" (", i) || text.startsWith("None", name));
  }

  /** Notes the child whose name ends here if a parenthesis and a colon follow. */
  private boolean isChild(int end, @Nullable String name) {
    int colon = end + 1;
    while (is(REMOVED, colon)) {
      colon++;
    }
    if (!is(')', end) || !is(':', colon)) {
      return false;
    }
    if (end - start == 4 && text.startsWith("...", start + 1)) {
      return false;
    }
    childEnd = colon + 1;
    childName = name == null ? text.substring(start + 1, end) : name;
    if (name == null && childName.indexOf(REMOVED) >= 0) {
      childName = childName.replace(String.valueOf(REMOVED), "");
    }
    return true;
  }

  private boolean is(char c, int position) {
    return position < chars.length && chars[position] == c;
  }

  /** The name of the child that starts here. */
  String childName() {
    return childName;
  }

  /** Goes behind the colon of the child that starts here. */
  void skipChild() {
    jump(childEnd);
  }

  /** Whether the parenthesis that starts here opens with a child. */
  boolean childFollows() {
    char next = afterParenthesis();
    return (next == '(' || next == '#') && behindParenthesis().atChild();
  }

  /** Whether the parenthesis that starts here opens with an argument: not with a child, or a ). */
  boolean argumentFollows() {
    char next = afterParenthesis();
    if (next != '(' && next != '#') {
      return next != ')';
    }
    Lexer inside = behindParenthesis();
    return !inside.atChild() && !inside.at(')');
  }

  /** The first character in the parenthesis that starts here which is no blank. */
  private char afterParenthesis() {
    int i = end;
    while (i < chars.length && (chars[i] <= ' ' || isRareBlank(chars[i]))) {
      i++;
    }
    return i < chars.length ? chars[i] : ' ';
  }

  /** Whether the text from here on, behind a parenthesis, starts with a child. */
  boolean startsWithChild() {
    advance();
    return atChild();
  }

  private Lexer behindParenthesis() {
    Lexer inside = new Lexer(source, end);
    inside.advance();
    return inside;
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
      shown.append(Source.printable(chars[i]));
    }
    return end - start > 40 ? shown + "..." : shown.toString();
  }

  /** Goes to the next token. */
  void advance() {
    skipBlank();
    start = end;
    symbol = 0;
    if (end >= chars.length) {
      token = Token.END;
      return;
    }
    char c = chars[end];
    if (isNameStart(c)) {
      token = Token.NAME;
      readName();
    } else if (c == '\u2026' || (c == '.' && text.startsWith("...", end))) {
      throw elided();
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

  private NotationException elided() {
    return elided(end);
  }

  /** Dots, which stand where something is cut out. */
  NotationException elided(int position) {
    return source.error(
        position,
        "something is cut out here, and an answer without it would be that of another network.",
        "Paste all that print(model) shows, or write the layers that are missing.");
  }

  /** Continues behind a position that lies at or after the current token's start. */
  void jump(int position) {
    end = position;
    advance();
  }

  /** Continues behind a statement, at its semicolon or on the next line, whatever stands in it. */
  void skipStatement() {
    int i = start;
    int open = 0;
    while (i < chars.length && "#;".indexOf(chars[i]) < 0) {
      char c = chars[i];
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == '\n' && open <= 0) {
        break;
      }
      i++;
    }
    jump(i);
  }

  /**
   * Continues behind the bracket that closes the one at the current token, whatever stands in it.
   */
  void skipBracket() {
    int open = 0;
    for (int i = start; i < chars.length; i++) {
      char c = chars[i];
      open += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (open == 0) {
        jump(i + 1);
        return;
      }
      int string = c == '\'' || c == '"' ? PythonString.end(text, i) : -1;
      i = string > 0 ? string - 1 : i;
    }
    throw source.error(start, "this bracket is never closed.", "Put a ) behind its last value.");
  }

  private void skipBlank() {
    lineBreak = end == 0;
    while (end < chars.length) {
      char c = chars[end];
      if (c == '\n') {
        lineBreak = true;
      } else if (c == '#') {
        refuseDots(end + 1);
        int newline = text.indexOf('\n', end);
        end = (newline < 0 ? chars.length : newline) - 1;
      } else if (c != ' ' && !isRareBlank(c) && !(c == '\\' && isLineEnd(end + 1))) {
        return;
      }
      end++;
    }
  }

  /** A comment that starts with dots says that something is cut out. */
  private void refuseDots(int position) {
    int i = position;
    while (i < chars.length && chars[i] == ' ') {
      i++;
    }
    if (text.startsWith("...", i) || is('\u2026', i)) {
      end = i;
      throw elided();
    }
  }

  private boolean isLineEnd(int position) {
    return is('\n', position) || (is('\r', position) && is('\n', position + 1));
  }

  private static boolean isRareBlank(char c) {
    return c == '\t' || c == '\r' || c == '\f' || c == '\u00a0' || c == REMOVED;
  }

  private void readName() {
    lastName = start;
    while (end < chars.length) {
      char c = chars[end];
      boolean dot = c == '.' && end + 1 < chars.length && isNameStart(chars[end + 1]);
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
    if (chars[end] == '0' && end + 1 < chars.length && radix(chars[end + 1]) > 0) {
      end += 2;
      skipNumber(16);
      return;
    }
    skipNumber(10);
    if (end < chars.length && chars[end] == '.') {
      token = Token.DECIMAL;
      end++;
      skipDigits();
    }
    if (end < chars.length && (chars[end] == 'e' || chars[end] == 'E')) {
      int digits = end + 1;
      if (digits < chars.length && (chars[digits] == '-' || chars[digits] == '+')) {
        digits++;
      }
      if (digits < chars.length && isDigit(chars[digits])) {
        token = Token.DECIMAL;
        end = digits;
        skipDigits();
      }
    }
    if (end - start == 1 && chars[start] == '.') {
      token = Token.SYMBOL;
      symbol = '.';
    }
  }

  /** The base that a letter behind a 0 says; 0 for another letter. */
  static int radix(char letter) {
    return switch (letter) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 0;
    };
  }

  /** What a digit counts; -1 for another character. Most are plain, and asked for at once. */
  static int digit(char c, int radix) {
    return c > '9' ? Character.digit(c, radix) : c >= '0' && c - '0' < radix ? c - '0' : -1;
  }

  private void skipNumber(int radix) {
    while (end < chars.length && (digit(chars[end], radix) >= 0 || chars[end] == '_')) {
      end++;
    }
  }

  private void skipDigits() {
    while (end < chars.length && isDigit(chars[end])) {
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
