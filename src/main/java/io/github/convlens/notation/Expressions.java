package io.github.convlens.notation;

import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Decimal;
import io.github.convlens.notation.Value.Tuple;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the values of arguments: constants, tuples, layers, and sums and products of numbers. */
final class Expressions {
  /** The longest tuple that is computed. */
  private static final int MOST_ITEMS = 100;

  private final Parser parser;
  private final Lexer lexer;
  private final Source source;

  Expressions(Parser parser) {
    this.parser = parser;
    this.lexer = parser.lexer;
    this.source = lexer.source;
  }

  /**
   * A value; whole numbers may be joined by Python's {@code ** * // % + - << >>}: {@code 16 * 5 *
   * 5}; a tuple may be repeated and joined: {@code (3,) * 2}.
   */
  Value value() {
    Value value = sum();
    while ((lexer.at('<') || lexer.at('>')) && isDoubled()) {
      char operator = lexer.at('<') ? '<' : '>';
      int position = lexer.start;
      lexer.advance();
      lexer.advance();
      value = compute(operator, value, sum(), position);
    }
    parser.refusePython();
    return value;
  }

  /** Whether the current sign stands twice. */
  private boolean isDoubled() {
    char[] chars = source.chars();
    return lexer.end < chars.length && chars[lexer.end] == chars[lexer.start];
  }

  private Value sum() {
    Value sum = product();
    while (lexer.at('+') || (lexer.at('-') && !lexer.followedBy('>'))) {
      boolean minus = lexer.at('-');
      int position = lexer.start;
      lexer.advance();
      Value next = product();
      sum = minus ? compute('-', sum, next, position) : compute('+', sum, next, position);
    }
    return sum;
  }

  private Value product() {
    Value product = signed();
    while (lexer.at('*') || lexer.at('/') || lexer.at('%')) {
      char operator = lexer.at('*') ? '*' : lexer.at('/') ? '/' : '%';
      int position = lexer.start;
      lexer.advance();
      if (operator == '/' && !lexer.accept('/')) {
        throw source.error(position, "sizes are whole numbers.", "Divide with //.");
      }
      product = compute(operator, product, signed(), position);
    }
    return product;
  }

  private Value compute(char operator, Value left, Value right, int position) {
    if (left instanceof Tuple || right instanceof Tuple) {
      return computeTuple(operator, left, right, position);
    }
    if (!(left instanceof Whole a) || !(right instanceof Whole b)) {
      throw source.error(
          position, "only whole numbers can be computed with.", "Write the result instead.");
    }
    try {
      return new Whole(
          switch (operator) {
            case '+' -> Math.addExact(a.value(), b.value());
            case '-' -> Math.subtractExact(a.value(), b.value());
            case '*' -> Math.multiplyExact(a.value(), b.value());
            case '^' -> power(a.value(), b.value());
            case '<' -> Math.multiplyExact(a.value(), power(2, b.value()));
            case '>' -> b.value() > 63 ? a.value() >> 63 : a.value() >> b.value();
            case '%' -> Math.floorMod(a.value(), b.value());
            default -> Math.floorDiv(a.value(), b.value());
          });
    } catch (ArithmeticException e) {
      throw b.value() == 0 && (operator == '/' || operator == '%')
          ? source.error(position, "this divides by zero.", "Divide by another number.")
          : tooLarge(position);
    }
  }

  /** A tuple so many times, or two of them behind each other. */
  private Value computeTuple(char operator, Value left, Value right, int position) {
    Value number = left instanceof Tuple ? right : left;
    Tuple tuple = (Tuple) (left instanceof Tuple ? left : right);
    List<Value> items = new ArrayList<>();
    if (operator == '+' && left instanceof Tuple first && right instanceof Tuple second) {
      items.addAll(first.items());
      items.addAll(second.items());
    } else if (operator == '*' && number instanceof Whole times && times.value() <= MOST_ITEMS) {
      for (long i = 0; i < times.value(); i++) {
        items.addAll(tuple.items());
      }
    } else {
      throw source.error(
          position, "a tuple cannot be computed with so.", "Write the result instead.");
    }
    if (items.size() > MOST_ITEMS) {
      throw source.error(position, "this tuple is too long.", "Write the result instead.");
    }
    return new Tuple(items);
  }

  private Value powerOf(Value base) {
    int position = lexer.start;
    lexer.advance();
    lexer.advance();
    Value exponent = signed();
    if (exponent instanceof Whole whole && whole.value() < 0) {
      throw source.error(position, "sizes are whole numbers.", "Use an exponent of at least 0.");
    }
    return compute('^', base, exponent, position);
  }

  private static long power(long base, long exponent) {
    if (exponent < 0 || (exponent > 64 && Math.abs(base) > 1)) {
      throw new ArithmeticException();
    }
    long power = 1;
    for (long i = Math.min(exponent, 64 + (exponent & 1)); i > 0; i--) {
      power = Math.multiplyExact(power, base);
    }
    return power;
  }

  private Value signed() {
    boolean negative = false;
    while (lexer.at('-') || lexer.at('+')) {
      negative ^= lexer.at('-');
      lexer.advance();
    }
    int position = lexer.start;
    Value value = atom();
    if (lexer.at('*') && isDoubled()) {
      value = powerOf(value);
    }
    if (!negative) {
      return value;
    }
    if (value instanceof Whole whole) {
      return new Whole(-whole.value());
    }
    if (value instanceof Decimal decimal) {
      return new Decimal(-decimal.value());
    }
    throw source.error(position, "only a number can have a sign.", "Leave the sign out.");
  }

  private Value atom() {
    return switch (lexer.token) {
      case WHOLE -> whole();
      case DECIMAL -> {
        Value decimal = new Decimal(Double.parseDouble(lexer.word().replace("_", "")));
        lexer.advance();
        yield decimal;
      }
      case STRING -> {
        Value text = new Value.Text(lexer.quoted());
        lexer.advance();
        yield text;
      }
      case NAME -> name();
      case SYMBOL, END -> bracketed();
    };
  }

  private Value bracketed() {
    if (lexer.at('(')) {
      return tuple(')');
    }
    if (lexer.at('[')) {
      return tuple(']');
    }
    throw source.error(
        lexer.start,
        "a value is missing in front of " + lexer.describe() + ".",
        "Write a number, a tuple, a text in quotes, True, False or None.");
  }

  /** A number without sign or point: {@code 64}, {@code 1_000}, {@code 0x40}. */
  Value whole() {
    char[] chars = source.chars();
    int radix = 10;
    int first = lexer.start;
    if (lexer.end - first > 2 && Lexer.radix(chars[first + 1]) > 0) {
      radix = Lexer.radix(chars[first + 1]);
      first += 2;
    }
    long number = 0;
    try {
      for (int i = first; i < lexer.end; i++) {
        char c = chars[i];
        if (c != '_') {
          number = Math.addExact(Math.multiplyExact(number, radix), digit(c, radix));
        }
      }
    } catch (ArithmeticException e) {
      throw tooLarge(lexer.start);
    }
    lexer.advance();
    return new Whole(number);
  }

  private int digit(char c, int radix) {
    int digit = Lexer.digit(c, radix);
    if (digit < 0) {
      throw source.error(lexer.start, "this is not a number.", "Use digits below " + radix + ".");
    }
    return digit;
  }

  private NotationException tooLarge(int position) {
    return source.error(
        position, "this number passes 2^63 - 1 = 9223372036854775807.", "Use a smaller number.");
  }

  private Value name() {
    boolean call = lexer.followedBy('(');
    if (call && lexer.atName("float")) {
      return floatCall();
    }
    if (call && (lexer.atName("torch.Size") || lexer.atName("torch.device"))) {
      lexer.advance();
      return tuple(')');
    }
    if (call) {
      return new Value.Layer(parser.layer());
    }
    String word = lexer.word();
    lexer.advance();
    return switch (word) {
      case "True" -> Constant.TRUE;
      case "False" -> Constant.FALSE;
      case "None" -> Constant.NONE;
      case "inf", "math.inf", "torch.inf", "np.inf" -> new Decimal(Double.POSITIVE_INFINITY);
      case "nan", "math.nan", "torch.nan", "np.nan" -> new Decimal(Double.NaN);
      default -> new Value.Word(word);
    };
  }

  /** {@code float('inf')}: numbers that have no literal in Python. */
  private Value floatCall() {
    int position = lexer.start;
    lexer.advance();
    Value argument = tuple(')');
    String word = argument instanceof Value.Text text ? text.value() : "";
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> new Decimal(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> new Decimal(Double.NEGATIVE_INFINITY);
      case "nan" -> new Decimal(Double.NaN);
      default ->
          throw source.error(
              position, "float(...) is read with 'inf' or 'nan'.", "Write the number itself.");
    };
  }

  /** Values between brackets; a single one in parentheses without a comma is itself. */
  private Value tuple(char closing) {
    int open = lexer.start;
    parser.enter(open);
    lexer.advance();
    List<Value> items = new ArrayList<>(2);
    boolean comma = false;
    while (!lexer.at(closing)) {
      if (lexer.token == Lexer.Token.END) {
        throw source.error(
            open, "this bracket is never closed.", "Put a " + closing + " behind its last value.");
      }
      items.add(value());
      comma = lexer.accept(',');
      if (!comma && !lexer.at(closing) && lexer.token != Lexer.Token.END) {
        throw source.error(
            lexer.start,
            "a comma or " + closing + " is missing in front of " + lexer.describe() + ".",
            "Separate values by commas.");
      }
    }
    lexer.advance();
    parser.leave();
    return items.size() == 1 && !comma && closing == ')' ? items.get(0) : new Value.Tuple(items);
  }
}
