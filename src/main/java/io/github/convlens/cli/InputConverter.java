package io.github.convlens.cli;

import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.NotationException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an input's size on the command line: {@code 8x8}, {@code 3x224x224}. */
final class InputConverter implements ITypeConverter<InputSize> {
  @Override
  public InputSize convert(String text) {
    try {
      return InputSize.parse(text);
    } catch (NotationException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
