package io.github.convlens.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Standard output, which fails aloud: a {@link PrintWriter} keeps an {@link IOException} to itself,
 * but lets this stream's exceptions pass, so that every command ends at the first byte that cannot
 * be written.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private boolean failed;

  private StandardOutput() {}

  /** A writer in UTF-8; what is printed through it reaches the system when it is flushed. */
  static PrintWriter writer() {
    return new PrintWriter(new StandardOutput(), false, StandardCharsets.UTF_8);
  }

  /** Whoever read the answer has gone, as {@code head} does after its lines: nobody to tell. */
  static final class ReaderGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a shell reports of a program that SIGPIPE ended: 128 + 13. */
    static final int EXIT_CODE = 141;

    ReaderGoneException(IOException cause) {
      super(cause);
    }
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  /** What comes after a failure, from a buffer, is dropped: it fails once. */
  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (failed) {
      return;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failed = true;
      throw isPipe(e) ? new ReaderGoneException(e) : unwritable(e);
    }
  }

  /** For a writer that only says that something failed, and not what. */
  static MachineException unwritable(IOException e) {
    return MachineException.of(
        "standard output cannot be written", e, "Check that there is room where it goes.");
  }

  /**
   * Whether a pipe or a socket failed, which they do when nobody reads. The words of the exception
   * are in the system's language, so the kind of file is asked where there is one to ask.
   */
  private static boolean isPipe(IOException e) {
    try {
      int mode = (int) Files.getAttribute(Path.of("/dev/stdout"), "unix:mode");
      int type = mode & 0170000;
      return type == 0010000 || type == 0140000;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }
  }
}
