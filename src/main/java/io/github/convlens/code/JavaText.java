package io.github.convlens.code;

import java.util.Locale;
import java.util.Set;

/** How names, numbers and strings are written in Java, and how long lines are broken. */
final class JavaText {
  /** The longest line, in columns. */
  static final int COLUMNS = 100;

  /** Where a line may be broken; it is not printed. */
  static final char BREAK = '\u0001';

  private static final int LONGEST_NAME = 40;
  private static final int LONGEST_LITERAL = 70;

  private static final Set<String> KEYWORDS =
      Set.of(
          ("abstract assert boolean break byte case catch char class const continue default do"
                  + " double else enum extends final finally float for goto if implements import"
                  + " instanceof int interface long native new package private protected public"
                  + " return short static strictfp super switch synchronized this throw throws"
                  + " transient try void volatile while true false null _ var record yield sealed"
                  + " permits")
              .split(" "));

  private JavaText() {}

  /** Whether a text can be a name in Java. */
  static boolean isName(String text) {
    return !text.isEmpty()
        && !KEYWORDS.contains(text)
        && Character.isJavaIdentifierStart(text.charAt(0))
        && text.chars().allMatch(Character::isJavaIdentifierPart)
        && text.chars().noneMatch(Character::isIdentifierIgnorable);
  }

  /** The words of a name joined: {@code layer1.0.conv_1} becomes {@code layer10Conv1}. */
  static String variable(String path, String ifNumber) {
    String joined = joined(path);
    boolean isNumber = joined.isEmpty() || Character.isDigit(joined.charAt(0));
    String name = isNumber ? ifNumber + joined : decapitalized(joined);
    return KEYWORDS.contains(name) ? name + "Block" : name;
  }

  /** The same for a class. */
  static String type(String name) {
    String joined = joined(name);
    return joined.isEmpty() || Character.isDigit(joined.charAt(0))
        ? "Block" + joined
        : joined.substring(0, 1).toUpperCase(Locale.ROOT) + joined.substring(1);
  }

  private static String joined(String name) {
    StringBuilder joined = new StringBuilder();
    boolean isStart = false;
    for (int i = 0; i < name.length() && joined.length() < LONGEST_NAME; i++) {
      char letter = name.charAt(i);
      boolean isPart =
          (letter >= 'a' && letter <= 'z')
              || (letter >= 'A' && letter <= 'Z')
              || (letter >= '0' && letter <= '9');
      if (isPart) {
        joined.append(isStart && !joined.isEmpty() ? Character.toUpperCase(letter) : letter);
      }
      isStart = !isPart;
    }
    return joined.toString();
  }

  private static String decapitalized(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  /** A name that is not taken yet, which it then is: {@code conv}, {@code conv2}. */
  static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      boolean endsInDigit = Character.isDigit(name.charAt(name.length() - 1));
      unique = name + (endsInDigit ? "_" : "") + i;
    }
    return unique;
  }

  static String literal(long number) {
    return (int) number == number ? Long.toString(number) : number + "L";
  }

  /** A float as Java writes it. */
  static String real(double value) {
    float rounded = (float) value;
    if (Float.isFinite(rounded)) {
      return rounded + "f";
    }
    return Double.isNaN(value)
        ? "Float.NaN"
        : value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
  }

  /** A string's literal; a long one is put together from several. */
  static String quoted(String text) {
    StringBuilder literal = new StringBuilder("\"");
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      String next = escaped(text.charAt(i));
      length += next.length();
      if (length > LONGEST_LITERAL) {
        literal.append("\"").append(BREAK).append(" + \"");
        length = next.length();
      }
      literal.append(next);
    }
    return literal.append('"').toString();
  }

  private static String escaped(char letter) {
    return switch (letter) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> isPlain(letter) ? String.valueOf(letter) : "\\u" + hexadecimal(letter);
    };
  }

  private static boolean isPlain(char letter) {
    return letter >= ' ' && letter <= '~';
  }

  private static String hexadecimal(char letter) {
    String digits = Integer.toHexString(letter);
    return "0".repeat(4 - digits.length()) + digits;
  }

  /**
   * A name as it stands in a comment behind {@code //}: what is not plain is shown as an escape,
   * whose backslash is doubled because the compiler reads escapes in comments, too.
   */
  static String comment(String text) {
    StringBuilder comment = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '\\') {
        comment.append("\\\\");
      } else {
        comment.append(isPlain(letter) ? String.valueOf(letter) : "\\\\u" + hexadecimal(letter));
      }
    }
    return comment.toString();
  }

  /** A text as it stands in a Javadoc comment. */
  static String javadoc(String text) {
    StringBuilder javadoc = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '\n') {
        javadoc.append(' ');
      } else if (letter == '\\' || !isPlain(letter)) {
        javadoc.append("&#").append((int) letter).append(';');
      } else {
        javadoc.append(
            switch (letter) {
              case '&' -> "&amp;";
              case '<' -> "&lt;";
              case '>' -> "&gt;";
              case '@' -> "&#64;";
              case '{' -> "&#123;";
              case '}' -> "&#125;";
              case '/' -> i > 0 && text.charAt(i - 1) == '*' ? "&#47;" : "/";
              default -> String.valueOf(letter);
            });
      }
    }
    return javadoc.toString();
  }

  /** A text without the marks of {@link #BREAK}. */
  static String flat(String code) {
    return code.replace(String.valueOf(BREAK), "");
  }

  /** Appends a line of code, broken where it is too long; the rest stands four columns further. */
  static void appendCode(String code, int indent, StringBuilder to) {
    String line = " ".repeat(indent);
    for (String next : code.split(String.valueOf(BREAK), -1)) {
      boolean isFull = !line.isBlank() && (line + next).stripTrailing().length() > COLUMNS;
      if (isFull) {
        to.append(line.stripTrailing()).append('\n');
        line = " ".repeat(indent + 4) + next.stripLeading();
      } else {
        line += next;
      }
    }
    to.append(line.stripTrailing()).append('\n');
  }

  /**
   * Appends words, each line with something in front; a word that is too long is cut into several.
   */
  static void appendWords(String text, String front, StringBuilder to) {
    int room = COLUMNS - front.length();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      String rest = word;
      if (!line.isEmpty() && line.length() + 1 + rest.length() > room) {
        to.append(front).append(line).append('\n');
        line.setLength(0);
      }
      while (rest.length() > room) {
        to.append(front).append(rest, 0, room).append('\n');
        rest = rest.substring(room);
      }
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    to.append((front + line).stripTrailing()).append('\n');
  }
}
