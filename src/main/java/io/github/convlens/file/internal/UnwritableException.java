package io.github.convlens.file.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file or folder could not be written; the message names it, and why in the system's words. */
public final class UnwritableException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean misplaced;

  UnwritableException(Path path, IOException cause) {
    super("'" + path + "' cannot be written: " + reason(cause) + ".", cause);
    misplaced =
        cause instanceof AccessDeniedException
            || cause instanceof NoSuchFileException
            || cause instanceof FileAlreadyExistsException
            || isReadOnly(path);
  }

  /** The place is taken by something else. */
  UnwritableException(Path path, String why) {
    super("'" + path + "' cannot be written: " + why + ".");
    misplaced = true;
  }

  private static boolean isReadOnly(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return folder != null && Files.isDirectory(folder) && !Files.isWritable(folder);
  }

  /**
   * Whether nothing can be written at this place, so that another must be chosen; if not, the
   * machine failed: a full disk, a limit, a broken device.
   */
  public boolean isMisplaced() {
    return misplaced;
  }

  /**
   * Why a file could not be read or written.
   *
   * @return the system's words, such as {@code No space left on device}, without a full stop
   */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it is a file, not a folder";
    }
    String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
