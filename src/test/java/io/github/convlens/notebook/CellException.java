package io.github.convlens.notebook;

/** A cell that cannot be run, or does not give what a notebook can keep; the message says why. */
public final class CellException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CellException(String message) {
    super(message);
  }
}
