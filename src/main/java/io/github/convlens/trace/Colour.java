package io.github.convlens.trace;

/** Whether a table is coloured. */
public enum Colour {
  /** Plain text. */
  NONE,
  /** The escape sequences of ANSI X3.64, which terminals understand. */
  ANSI;

  private static final String ESCAPE = "\u001b[";

  /** How a piece of text stands out. */
  enum Shade {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    YELLOW("33");

    private final String code;

    Shade(String code) {
      this.code = code;
    }
  }

  String paint(Shade shade, String text) {
    return this == NONE || shade == Shade.PLAIN
        ? text
        : ESCAPE + shade.code + "m" + text + ESCAPE + "0m";
  }
}
