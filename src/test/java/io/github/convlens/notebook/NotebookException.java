package io.github.convlens.notebook;

import java.nio.file.Path;

/**
 * A notebook that cannot be read or run; the message names the file and, if it is one, the cell.
 */
final class NotebookException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotebookException(Path file, String message) {
    super(file + ": " + message);
  }

  NotebookException(Path file, Cell cell, String message) {
    this(file, cell + " " + message);
  }
}
