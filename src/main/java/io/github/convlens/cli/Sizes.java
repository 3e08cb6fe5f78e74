package io.github.convlens.cli;

import io.github.convlens.layer.Size;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes on the command line: {@code 3} for both axes, or {@code 3x5}, height first. */
final class Sizes implements ITypeConverter<Size> {
  @Override
  public Size convert(String text) {
    String[] parts = text.split("x", -1);
    if (parts.length > 2) {
      throw wrong(text);
    }
    long height = number(text, parts[0]);
    return new Size(height, parts.length == 1 ? height : number(text, parts[1]));
  }

  /** The same where another option decides that the text is a size. */
  static Size of(String option, String text) {
    try {
      return new Sizes().convert(text);
    } catch (TypeConversionException e) {
      throw new RequestException("option " + option + ": " + e.getMessage());
    }
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
