package io.github.convlens.cli;

import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads large numbers: {@code 2000000}, {@code 500k}, {@code 1.5M}, {@code 2G}, {@code 1T}. */
final class Quantity implements ITypeConverter<Long> {
  private static final String SUFFIXES = "kMGT";

  @Override
  public Long convert(String text) {
    int suffix = text.isEmpty() ? -1 : SUFFIXES.indexOf(text.charAt(text.length() - 1));
    String digits = suffix < 0 ? text : text.substring(0, text.length() - 1);
    try {
      return new BigDecimal(digits).scaleByPowerOfTen(3 * (suffix + 1)).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a count. Use a whole number, or one such as 500k, 1.5M, 2G.");
    }
  }
}
