package io.github.convlens.program;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the expressions of a line of a printed program: names, numbers, lists, calls. */
final class TextScanner {
  private static final Set<String> FORMATS =
      Set.of("contiguous_format", "preserve_format", "channels_last", "channels_last_3d");

  private final String text;
  private final long line;
  private int at;

  TextScanner(String text, long line) {
    this.text = text;
    this.line = line;
  }

  /** Whether nothing more comes. */
  boolean atEnd() {
    spaces();
    return at >= text.length();
  }

  /** Takes this, if it comes next. */
  boolean takes(String sign) {
    spaces();
    if (!text.startsWith(sign, at)) {
      return false;
    }
    at += sign.length();
    return true;
  }

  /** Whether this comes next. */
  boolean sees(String sign) {
    spaces();
    return text.startsWith(sign, at);
  }

  /** The letter that comes next; a space at the end. */
  char peek() {
    spaces();
    return at < text.length() ? text.charAt(at) : ' ';
  }

  void expect(String sign) {
    if (!takes(sign)) {
      throw unreadable();
    }
  }

  /** A name with dots: {@code torch.ops.aten.conv2d.default}. */
  String name() {
    spaces();
    int from = at;
    while (at < text.length() && isNameLetter(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw unreadable();
    }
    return text.substring(from, at);
  }

  private static boolean isNameLetter(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  /** What stands between quotes. */
  String quoted() {
    spaces();
    char quote = at < text.length() ? text.charAt(at) : ' ';
    if (quote != '"' && quote != '\'') {
      throw unreadable();
    }
    StringBuilder inside = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != quote; at++) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      inside.append(text.charAt(at));
    }
    if (at >= text.length()) {
      throw unreadable();
    }
    at++;
    return inside.toString();
  }

  /** The arguments of a call, up to its closing bracket. */
  List<Argument.Named> arguments() {
    List<Argument.Named> arguments = new ArrayList<>();
    while (!takes(")")) {
      int from = at;
      spaces();
      if (at < text.length() && Character.isLetter(text.charAt(at))) {
        String name = name();
        if (!sees("==") && takes("=")) {
          arguments.add(new Argument.Named(name, argument(), Argument.Passing.BY_NAME));
          takes(",");
          continue;
        }
        at = from;
      }
      arguments.add(new Argument.Named("", argument(), Argument.Passing.BY_PLACE));
      takes(",");
    }
    return arguments;
  }

  /** One argument. */
  Argument argument() {
    spaces();
    char c = at < text.length() ? text.charAt(at) : ' ';
    if (c == '\'' || c == '"') {
      return new Argument.Text(quoted());
    }
    if (takes("[")) {
      return items("]");
    }
    if (takes("(")) {
      return items(")");
    }
    return c == '-' || Character.isDigit(c) || c == '.' ? number() : word();
  }

  private Argument items(String end) {
    List<Argument> items = new ArrayList<>();
    while (!takes(end)) {
      items.add(argument());
      takes(",");
    }
    return new Argument.Items(items);
  }

  private Argument number() {
    int from = at;
    at++;
    while (at < text.length() && isNumberLetter(at)) {
      at++;
    }
    String number = text.substring(from, at);
    try {
      return number.chars().allMatch(c -> c == '-' || Character.isDigit(c))
          ? new Argument.Whole(Long.parseLong(number))
          : new Argument.Real(real(number));
    } catch (NumberFormatException e) {
      throw unreadable();
    }
  }

  private boolean isNumberLetter(int place) {
    char c = text.charAt(place);
    boolean sign = (c == '-' || c == '+') && "eE".indexOf(text.charAt(place - 1)) >= 0;
    return Character.isLetterOrDigit(c) || c == '.' || sign;
  }

  private static double real(String number) {
    return number.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(number);
  }

  private Argument word() {
    String word = name();
    switch (word) {
      case "None" -> {
        return Argument.NONE;
      }
      case "True", "False" -> {
        return new Argument.Truth(word.equals("True"));
      }
      case "inf" -> {
        return new Argument.Real(Double.POSITIVE_INFINITY);
      }
      case "nan" -> {
        return new Argument.Real(Double.NaN);
      }
      case "device" -> {
        expect("(");
        return device(arguments());
      }
      default -> {
        return word.startsWith("torch.")
            ? constant(word.substring(6))
            : new Argument.Reference(word);
      }
    }
  }

  private Argument device(List<Argument.Named> arguments) {
    String type = "cpu";
    OptionalInt index = OptionalInt.empty();
    for (Argument.Named each : arguments) {
      if (each.value() instanceof Argument.Text given) {
        type = given.value();
      } else if (each.value() instanceof Argument.Whole number) {
        index = OptionalInt.of((int) number.value());
      }
    }
    return new Argument.Device(type, index);
  }

  private Argument constant(String name) {
    if (FORMATS.contains(name)) {
      for (Argument.MemoryFormat format : Argument.MemoryFormat.values()) {
        if (format.torchName().equals(name)) {
          return format;
        }
      }
    }
    return ScalarType.ofTorch(name)
        .<Argument>map(Argument.Type::new)
        .orElseGet(() -> new Argument.Layout(name));
  }

  private void spaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  ProgramException unreadable() {
    String shown = text.length() > 160 ? text.substring(0, 160) + "..." : text;
    return new ProgramException(
        "line "
            + line
            + " of the printed program cannot be read, from column "
            + (at + 1)
            + " on: "
            + shown
            + "\nPaste the print whole and as it is: print(torch.export.export(model, (x,))).");
  }
}
