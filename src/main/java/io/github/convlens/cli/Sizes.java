package io.github.convlens.cli;

import io.github.convlens.layer.Size;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes on the command line: {@code 3} for all axes, or {@code 3x5}, height first. */
final class Sizes implements ITypeConverter<Size> {
  private static final int PICTURE = 2;
  private static final int MOST_AXES = 3;

  @Override
  public Size convert(String text) {
    return size(text, PICTURE, PICTURE);
  }

  /** The same where another option decides that the text is a size. */
  static Size of(String option, String text) {
    return of(option, text, PICTURE, PICTURE);
  }

  /**
   * The size of an array with so many axes; where it has a number for each of others, the layers
   * say what is wrong.
   */
  static Size of(String option, String text, int axes) {
    return of(option, text, axes, MOST_AXES);
  }

  private static Size of(String option, String text, int axes, int most) {
    try {
      return size(text, axes, most);
    } catch (TypeConversionException e) {
      throw new RequestException("option " + option + ": " + e.getMessage());
    }
  }

  private static Size size(String text, int axes, int most) {
    String[] parts = text.split("x", -1);
    if (parts.length > most) {
      throw wrong(text);
    }
    long[] numbers = Arrays.stream(parts).mapToLong(part -> number(text, part)).toArray();
    return numbers.length == 1 ? Size.all(axes, numbers[0]) : new Size(numbers);
  }

  private static long number(String text, String part) {
    try {
      return Long.parseLong(part);
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException(
        "'" + text + "' is not a size. Use a number or HEIGHTxWIDTH, such as 3 or 3x5.");
  }
}
