package io.github.convlens.program;

import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A size of a program: a number, or an expression of sizes that its inputs decide. */
public sealed interface Dim {
  /**
   * Its value.
   *
   * @param symbols the values of the symbols
   * @throws ShapeException if a symbol has none, or the expression cannot be worked out
   */
  long of(Map<String, Long> symbols);

  /** The symbols in it. */
  default Set<String> symbols() {
    return Set.of();
  }

  /** Whether it is a straight line of each of its symbols, so that a value tells the symbol's. */
  default boolean isStraight() {
    return true;
  }

  /** A number. */
  static Dim of(long value) {
    return new Constant(value);
  }

  /** Reads {@code 2*s39 + 1}, or what a file has for it, {@code Mul(Integer(2), Symbol('s39'))}. */
  static Dim parse(String text) {
    return DimParser.parse(text);
  }

  /** A number. */
  record Constant(long value) implements Dim {
    @Override
    public long of(Map<String, Long> symbols) {
      return value;
    }

    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /** A size that an input decides, {@code s77}. */
  record Symbol(String name) implements Dim {
    @Override
    public long of(Map<String, Long> symbols) {
      Long value = symbols.get(name);
      if (value == null) {
        throw ShapeException.of(
            "a size is not known",
            "It is " + name + ", and no input has it.",
            "Export the program with that size as one of an input's.");
      }
      return value;
    }

    @Override
    public Set<String> symbols() {
      return Set.of(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** An operation of two sizes, or of more. */
  record Operation(Operator operator, List<Dim> parts) implements Dim {
    /** Takes a copy of the list. */
    public Operation {
      parts = List.copyOf(parts);
    }

    @Override
    public long of(Map<String, Long> symbols) {
      long value = parts.get(0).of(symbols);
      for (Dim part : parts.subList(1, parts.size())) {
        value = operator.apply(value, part.of(symbols));
      }
      return value;
    }

    @Override
    public Set<String> symbols() {
      Set<String> all = new TreeSet<>();
      parts.forEach(part -> all.addAll(part.symbols()));
      return all;
    }

    @Override
    public boolean isStraight() {
      return switch (operator) {
        case ADD, SUBTRACT -> parts.stream().allMatch(Dim::isStraight);
        case MULTIPLY ->
            parts.stream().allMatch(Dim::isStraight)
                && parts.stream().filter(part -> !part.symbols().isEmpty()).count() < 2;
        default -> symbols().isEmpty();
      };
    }

    @Override
    public String toString() {
      return operator.isFunction()
          ? parts.stream()
              .map(Dim::toString)
              .collect(Collectors.joining(", ", operator.sign + "(", ")"))
          : parts.stream()
              .map(part -> part instanceof Operation ? "(" + part + ")" : part.toString())
              .collect(Collectors.joining(operator.sign));
    }
  }

  /** An expression of a kind that is not known. */
  record Unknown(String text) implements Dim {
    @Override
    public long of(Map<String, Long> symbols) {
      throw ShapeException.of(
          "a size of the program is an expression of an unknown kind",
          "It is " + text + ".",
          "Export the program for one size, without dynamic_shapes.");
    }

    @Override
    public Set<String> symbols() {
      return Set.of(text);
    }

    @Override
    public boolean isStraight() {
      return false;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** What is done with sizes. */
  enum Operator {
    /** The sum. */
    ADD(" + "),
    /** The difference. */
    SUBTRACT(" - "),
    /** The product. */
    MULTIPLY("*"),
    /** The quotient, rounded down. */
    FLOOR_DIVIDE("//"),
    /** The rest of that. */
    REMAINDER(" % "),
    /** The power. */
    POWER("**"),
    /** The larger. */
    MAXIMUM("Max"),
    /** The smaller. */
    MINIMUM("Min"),
    /** 1 if they are equal, else 0. */
    EQUAL(" == "),
    /** 1 if they differ. */
    NOT_EQUAL(" != "),
    /** 1 if the first is smaller. */
    LESS(" < "),
    /** 1 if the first is not larger. */
    LESS_OR_EQUAL(" <= "),
    /** 1 if the first is larger. */
    GREATER(" > "),
    /** 1 if the first is not smaller. */
    GREATER_OR_EQUAL(" >= ");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    private boolean isFunction() {
      return this == MAXIMUM || this == MINIMUM;
    }

    long apply(long a, long b) {
      return switch (this) {
        case ADD -> Exact.add(a, b);
        case SUBTRACT -> Exact.add(a, Exact.multiply(-1, b));
        case MULTIPLY -> Exact.multiply(a, b);
        case FLOOR_DIVIDE -> Math.floorDiv(a, divisor(b));
        case REMAINDER -> Math.floorMod(a, divisor(b));
        case POWER -> power(a, b);
        case MAXIMUM -> Math.max(a, b);
        case MINIMUM -> Math.min(a, b);
        case EQUAL -> a == b ? 1 : 0;
        case NOT_EQUAL -> a != b ? 1 : 0;
        case LESS -> a < b ? 1 : 0;
        case LESS_OR_EQUAL -> a <= b ? 1 : 0;
        case GREATER -> a > b ? 1 : 0;
        case GREATER_OR_EQUAL -> a >= b ? 1 : 0;
      };
    }

    private static long divisor(long b) {
      if (b == 0) {
        throw ShapeException.of(
            "a size of the program is divided by 0", "The divisor is 0.", "Use a larger input.");
      }
      return b;
    }

    private static long power(long base, long exponent) {
      if (exponent < 0 || exponent > Long.SIZE) {
        throw ShapeException.of(
            "a size of the program has a power that is no size",
            "It is " + base + "**" + exponent + ".",
            "Use another input.");
      }
      long power = 1;
      for (long i = 0; i < exponent; i++) {
        power = Exact.multiply(power, base);
      }
      return power;
    }
  }
}
