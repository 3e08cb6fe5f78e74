package io.github.convlens.engine.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * A native library in a jar, and the file of the same content that DJL loads.
 *
 * @param source the jar's entry
 * @param target the file; it need not exist
 */
record NativeFile(URL source, Path target) {
  private static final int BUFFER = 1 << 16;

  /** Whether the file exists and has the entry's length. */
  boolean hasLength() {
    try {
      return Files.isRegularFile(target)
          && Files.size(target) == source.openConnection().getContentLengthLong();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the file's checksum is the jar's; reads all of it. */
  boolean hasContent() {
    try (InputStream in = Files.newInputStream(target)) {
      return checksum(in) == checksum();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes the entry into a new file and holds what it wrote against the jar's checksum.
   *
   * @param path not the target: that one must appear whole
   * @param cancelled asked again and again; true ends it
   * @throws InterruptedIOException if it was cancelled
   * @throws IOException if the file cannot be written, or the jar is damaged
   */
  void writeTo(Path path, BooleanSupplier cancelled) throws IOException {
    CheckedInputStream in = new CheckedInputStream(source.openStream(), new CRC32());
    try (in;
        OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
      byte[] buffer = new byte[BUFFER];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (cancelled.getAsBoolean()) {
          throw new InterruptedIOException();
        }
        out.write(buffer, 0, length);
      }
    }
    if (in.getChecksum().getValue() != checksum()) {
      throw new IOException(source + " is damaged.");
    }
  }

  private long checksum() throws IOException {
    URLConnection connection = source.openConnection();
    if (connection instanceof JarURLConnection jar) {
      return jar.getJarEntry().getCrc();
    }
    try (InputStream in = connection.getInputStream()) {
      return checksum(in);
    }
  }

  private static long checksum(InputStream in) throws IOException {
    CRC32 checksum = new CRC32();
    byte[] buffer = new byte[BUFFER];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      checksum.update(buffer, 0, length);
    }
    return checksum.getValue();
  }
}
