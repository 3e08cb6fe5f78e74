package io.github.convlens.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A cell of an output, as {@code --at 1,2} names it.
 *
 * @param row from 0
 * @param column from 0
 */
record OutputCell(long row, long column) {
  static final OutputCell FIRST = new OutputCell(0, 0);

  /** For picocli. */
  static final class Converter implements ITypeConverter<OutputCell> {
    @Override
    public OutputCell convert(String text) {
      String[] parts = text.split(",", -1);
      try {
        if (parts.length == 2) {
          return new OutputCell(Long.parseLong(parts[0].strip()), Long.parseLong(parts[1].strip()));
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new TypeConversionException(
          "'" + text + "' is not a cell. Use ROW,COLUMN from 0, such as 1,2.");
    }
  }
}
