package io.github.convlens.notation;

import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Decimal;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the values of arguments: constants, tuples, layers, and sums and products of numbers. */
final class Expressions {
  private final Parser parser;
  private final Lexer lexer;
  private final Source source;

  Expressions(Parser parser) {
    this.parser = parser;
    this.lexer = parser.lexer;
    this.source = lexer.source;
  }

  /** A value; whole numbers may be joined by {@code + - * //}: {@code 16 * 5 * 5}. */
  Value value() {
    Value sum = product();
    while (lexer.at('+') || lexer.at('-')) {
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
    while (lexer.at('*') || lexer.at('/')) {
      char operator = lexer.at('*') ? '*' : '/';
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
            default -> Math.floorDiv(a.value(), b.value());
          });
    } catch (ArithmeticException e) {
      throw b.value() == 0
          ? source.error(position, "this divides by zero.", "Divide by another number.")
          : tooLarge(position);
    }
  }

  private Value signed() {
    boolean negative = false;
    while (lexer.at('-') || lexer.at('+')) {
      negative ^= lexer.at('-');
      lexer.advance();
    }
    int position = lexer.start;
    Value value = atom();
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
        Value decimal = new Decimal(Double.parseDouble(lexer.word()));
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

  /** A number without sign or point. */
  Value whole() {
    long number = 0;
    for (int i = lexer.start; i < lexer.end; i++) {
      int digit = source.text().charAt(i) - '0';
      if (number > (Long.MAX_VALUE - digit) / 10) {
        throw tooLarge(lexer.start);
      }
      number = number * 10 + digit;
    }
    lexer.advance();
    return new Whole(number);
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
    if (call && lexer.atName("torch.Size")) {
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
      case "inf" -> new Decimal(Double.POSITIVE_INFINITY);
      case "nan" -> new Decimal(Double.NaN);
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
