package io.github.convlens.program;

/**
 * A file or a text that is no exported program, or one that cannot be read or run: what it is, and
 * why.
 */
public final class ProgramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message that says what to do, too. */
  public ProgramException(String message) {
    super(message);
  }

  /** The same with what it follows from. */
  public ProgramException(String message, Throwable cause) {
    super(message, cause);
  }
}
