package io.github.convlens.layer;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * Writes a layer as a call in PyTorch's notation, leaving out arguments that have their default.
 */
final class Call {
  private final StringBuilder text;
  private boolean empty = true;

  private Call(String type) {
    text = new StringBuilder(type).append('(');
  }

  static Call of(String type) {
    return new Call(type);
  }

  /** A positional argument. */
  Call with(Object value) {
    separate();
    text.append(python(value));
    return this;
  }

  /** A named argument. */
  Call with(String name, Object value) {
    separate();
    text.append(name).append('=').append(python(value));
    return this;
  }

  /** A named argument, left out where it has its default. */
  Call with(String name, Object value, Object defaultValue) {
    return value.equals(defaultValue) ? this : with(name, value);
  }

  /** A named size, left out where it is one number on every axis. */
  Call withUnlessAll(String name, Size size, long defaultValue) {
    return size.isAll(defaultValue) ? this : with(name, size);
  }

  /** A named argument, left out on a condition. */
  Call withUnless(boolean leftOut, String name, Object value) {
    return leftOut ? this : with(name, value);
  }

  /** A named argument in quotes, left out where it has its default. */
  Call withWord(String name, Object value, Object defaultValue) {
    return value.equals(defaultValue) ? this : with(name, "'" + value + "'");
  }

  /** {@code name=False}, where a switch that is usually on is off. */
  Call off(String name, boolean isOff) {
    return isOff ? with(name, false) : this;
  }

  @Override
  public String toString() {
    return text + ")";
  }

  private void separate() {
    if (!empty) {
      text.append(", ");
    }
    empty = false;
  }

  private static String python(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    return value instanceof Double number ? python(number.doubleValue()) : value.toString();
  }

  /** A float as Python prints it: {@code 0.1}, {@code 1e-05}. */
  static String python(double number) {
    String text = Double.toString(number);
    int e = text.indexOf('E');
    if (e < 0) {
      return Double.isInfinite(number) || Double.isNaN(number) ? "float('" + text + "')" : text;
    }
    int exponent = Integer.parseInt(text.substring(e + 1));
    if (exponent >= -4 && exponent < 16) {
      String plain = new BigDecimal(text).stripTrailingZeros().toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = text.substring(0, e);
    String mantissa = digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
    return String.format(
        Locale.ROOT, "%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
