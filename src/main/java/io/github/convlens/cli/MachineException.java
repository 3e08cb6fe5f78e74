package io.github.convlens.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * The machine cannot do what is asked of it: a disk is full, or broken, or may not be written. The
 * message says where, why, and what to look at; neither the request nor the program is to blame.
 */
final class MachineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private MachineException(String message, IOException cause) {
    super(message, cause);
  }

  /**
   * A failure and what it stopped.
   *
   * @param what what cannot be done, without a full stop
   * @param e why
   * @param remedy what to look at, a sentence
   */
  static MachineException of(String what, IOException e, String remedy) {
    return new MachineException(what + ": " + reason(e) + ".\n" + remedy, e);
  }

  /** Of a failure that nobody on its way up knew more about. */
  static MachineException of(Exception e) {
    IOException root = root(e);
    String file = root instanceof FileSystemException known ? known.getFile() : null;
    return of(
        file == null ? "a file cannot be read or written" : "'" + file + "' cannot be used",
        root,
        "Check that its disk has room, works, and may be read and written.");
  }

  /** Some libraries wrap what the system said into words that say less. */
  private static IOException root(Exception e) {
    Throwable root = e;
    while (root.getCause() instanceof IOException cause) {
      root = cause;
    }
    return root instanceof IOException known ? known : new IOException(e);
  }

  private static String reason(IOException e) {
    IOException root = root(e);
    if (root instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (root instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (root instanceof FileAlreadyExistsException) {
      return "there is another file of this name";
    }
    if (root instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    if (root instanceof FileNotFoundException) {
      String said = String.valueOf(root.getMessage()); // x.txt (No such device or address)
      return said.substring(said.lastIndexOf('(') + 1).replaceFirst("\\)$", "");
    }
    String said = root instanceof FileSystemException known ? known.getReason() : root.getMessage();
    return said == null ? root.getClass().getSimpleName() : said.strip().replaceFirst("\\.$", "");
  }
}
