package io.github.convlens.file.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that appear whole or not at all. Each is written under a new name beside its place and put
 * on the disk; {@link #publish} then gives all of them their names. Until then, what was there
 * stays. What has no name yet is removed by {@link #close}, and when the process is told to end.
 *
 * <pre>{@code
 * try (WholeFiles files = new WholeFiles()) {
 *   files.add(Path.of("a.txt"), out -> out.write(1));
 *   files.add(Path.of("b.txt"), out -> out.write(2));
 *   files.publish();
 * }
 * }</pre>
 */
public final class WholeFiles implements AutoCloseable {
  private final Map<Path, Path> partials = new LinkedHashMap<>();

  /** What is written into a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it; the stream is buffered, and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes one file; one that is there is replaced.
   *
   * @throws UnwritableException if that fails; then the old file, or none, is there
   */
  public static void write(Path file, Content content) throws UnwritableException {
    try (WholeFiles files = new WholeFiles()) {
      files.add(file, content);
      files.publish();
    }
  }

  /**
   * Makes a folder and those above it, if they are missing.
   *
   * @throws UnwritableException if that fails, or a file is in its place
   */
  public static void makeFolder(Path folder) throws UnwritableException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UnwritableException(folder, e);
    }
  }

  /**
   * Refuses a place that is taken by what is no file: a folder, a device, a pipe. A file would take
   * their place.
   *
   * @throws UnwritableException if it is
   */
  public static void check(Path file) throws UnwritableException {
    if (Files.isDirectory(file)) {
      throw new UnwritableException(file, "it is a folder");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new UnwritableException(file, "it is no file, but a device or a pipe");
    }
  }

  /**
   * Writes a file, not under its own name yet. A link to a file stays, and the file is written.
   *
   * @throws UnwritableException if that fails, or the place is taken by what is no file
   */
  public void add(Path file, Content content) throws UnwritableException {
    check(file);
    Path place = behindLink(file);
    Path partial = PartialFiles.beside(place);
    try (FileChannel channel = PartialFiles.create(partial)) {
      Path earlier = partials.put(place, partial);
      if (earlier != null) {
        PartialFiles.remove(earlier);
      }
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      content.writeTo(out);
      out.flush();
      channel.force(true); // on the disk before it has its name, for the day the power fails
    } catch (IOException e) {
      throw new UnwritableException(file, e);
    }
  }

  private static Path behindLink(Path file) throws UnwritableException {
    try {
      return Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file;
    } catch (IOException e) {
      throw new UnwritableException(file, e);
    }
  }

  /**
   * Gives the files their names, in the order in which they were written.
   *
   * @throws UnwritableException if that fails; those before it have their names
   */
  public void publish() throws UnwritableException {
    for (Map.Entry<Path, Path> entry : partials.entrySet()) {
      try {
        move(entry.getValue(), entry.getKey());
      } catch (IOException e) {
        throw new UnwritableException(entry.getKey(), e);
      }
      PartialFiles.moved(entry.getValue());
    }
  }

  private static void move(Path partial, Path file) throws IOException {
    try {
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() {
    partials.values().forEach(PartialFiles::remove);
  }
}
