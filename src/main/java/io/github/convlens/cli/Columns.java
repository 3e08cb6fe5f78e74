package io.github.convlens.cli;

import java.util.OptionalInt;

/** How wide the terminal is. */
final class Columns {
  private Columns() {}

  /**
   * What {@code COLUMNS} says, which {@code bin/convlens} sets where standard output is a terminal;
   * empty where it says no number.
   */
  static OptionalInt given() {
    try {
      String columns = System.getenv("COLUMNS");
      return columns == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(columns));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
