package io.github.convlens.program;

import io.github.convlens.program.Dim.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads sizes as a print shows them, {@code ((s39 - 1)//2) + 1}, and as sympy's {@code srepr}
 * writes them into files, {@code Mul(Integer(2), Symbol('s39', positive=True, integer=True))}.
 */
final class DimParser {
  private static final Map<String, Operator> FUNCTIONS =
      Map.ofEntries(
          Map.entry("Add", Operator.ADD),
          Map.entry("Mul", Operator.MULTIPLY),
          Map.entry("Pow", Operator.POWER),
          Map.entry("PowByNatural", Operator.POWER),
          Map.entry("FloorDiv", Operator.FLOOR_DIVIDE),
          Map.entry("CleanDiv", Operator.FLOOR_DIVIDE),
          Map.entry("Mod", Operator.REMAINDER),
          Map.entry("PythonMod", Operator.REMAINDER),
          Map.entry("Max", Operator.MAXIMUM),
          Map.entry("Min", Operator.MINIMUM),
          Map.entry("Eq", Operator.EQUAL),
          Map.entry("Equality", Operator.EQUAL),
          Map.entry("Ne", Operator.NOT_EQUAL),
          Map.entry("Unequality", Operator.NOT_EQUAL));

  private final String text;
  private int at;

  private DimParser(String text) {
    this.text = text;
  }

  static Dim parse(String text) {
    DimParser parser = new DimParser(text);
    Dim dim = parser.sum();
    parser.spaces();
    return dim != null && parser.at == text.length() ? dim : new Dim.Unknown(text);
  }

  private @Nullable Dim sum() {
    Dim left = product();
    while (left != null) {
      if (takes("+")) {
        left = joined(Operator.ADD, left, product());
      } else if (takes("-")) {
        left = joined(Operator.SUBTRACT, left, product());
      } else {
        return left;
      }
    }
    return null;
  }

  private @Nullable Dim product() {
    Dim left = power();
    while (left != null) {
      if (takes("//")) {
        left = joined(Operator.FLOOR_DIVIDE, left, power());
      } else if (takes("*")) {
        left = joined(Operator.MULTIPLY, left, power());
      } else if (takes("%")) {
        left = joined(Operator.REMAINDER, left, power());
      } else {
        return left;
      }
    }
    return null;
  }

  private @Nullable Dim power() {
    Dim base = atom();
    return base != null && takes("**") ? joined(Operator.POWER, base, power()) : base;
  }

  private static @Nullable Dim joined(Operator operator, Dim left, @Nullable Dim right) {
    return right == null ? null : new Dim.Operation(operator, List.of(left, right));
  }

  private @Nullable Dim atom() {
    if (takes("(")) {
      Dim inside = sum();
      return takes(")") ? inside : null;
    }
    if (takes("-")) {
      Dim negated = power();
      return negated == null ? null : joined(Operator.MULTIPLY, Dim.of(-1), negated);
    }
    String word = word();
    if (word.isEmpty()) {
      return null;
    }
    if (Character.isDigit(word.charAt(0))) {
      return number(word);
    }
    return takes("(") ? function(word) : new Dim.Symbol(word);
  }

  private static @Nullable Dim number(String word) {
    boolean digits = word.length() < 19 && word.chars().allMatch(Character::isDigit);
    return digits ? Dim.of(Long.parseLong(word)) : null;
  }

  private @Nullable Dim function(String name) {
    if (name.equals("Symbol")) {
      return symbol();
    }
    List<Dim> parts = new ArrayList<>();
    do {
      Dim part = sum();
      if (part == null) {
        return null;
      }
      parts.add(part);
    } while (takes(","));
    if (!takes(")")) {
      return null;
    }
    Operator operator = FUNCTIONS.get(name);
    if (name.equals("Integer") && parts.size() == 1) {
      return parts.get(0);
    }
    return operator == null || parts.size() < 2 ? null : new Dim.Operation(operator, parts);
  }

  /** {@code 's39', positive=True, integer=True)}. */
  private @Nullable Dim symbol() {
    int end = text.indexOf(')', at);
    int first = text.indexOf('\'', at);
    int last = first < 0 ? -1 : text.indexOf('\'', first + 1);
    if (last < 0 || end < last) {
      return null;
    }
    at = end + 1;
    return new Dim.Symbol(text.substring(first + 1, last));
  }

  private String word() {
    spaces();
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return text.substring(from, at);
  }

  /** Takes a sign, but not the first half of a longer one. */
  private boolean takes(String sign) {
    spaces();
    boolean longer =
        sign.length() == 1
            && "*/".contains(sign)
            && at + 1 < text.length()
            && text.charAt(at + 1) == sign.charAt(0);
    if (longer || !text.startsWith(sign, at)) {
      return false;
    }
    at += sign.length();
    return true;
  }

  private void spaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
