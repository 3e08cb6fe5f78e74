package io.github.convlens.file.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The files of this process that are not whole yet. Those that are left when it is told to end are
 * removed.
 */
final class PartialFiles {
  private static final Set<Path> OPEN = new HashSet<>();
  private static boolean ending;

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(PartialFiles::removeAll));
    } catch (IllegalStateException e) {
      ending = true;
    }
  }

  private PartialFiles() {}

  /** A name beside a file that nobody knows beforehand, and short where the file's own is long. */
  static Path beside(Path file) {
    return file.resolveSibling(".convlens-" + UUID.randomUUID() + ".part");
  }

  /** Creates a file that is not there yet; a link of its name is not followed. */
  static synchronized FileChannel create(Path partial) throws IOException {
    if (ending) {
      throw new IOException("the process is ending");
    }
    FileChannel channel =
        FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    OPEN.add(partial);
    return channel;
  }

  /** Removes a file, if it has not got its own name. */
  static synchronized void remove(Path partial) {
    if (OPEN.remove(partial)) {
      delete(partial);
    }
  }

  /** The file has got its own name. */
  static synchronized void moved(Path partial) {
    OPEN.remove(partial);
  }

  private static synchronized void removeAll() {
    ending = true;
    OPEN.forEach(PartialFiles::delete);
  }

  private static void delete(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // What was to be reported is why the file was not written, and not this.
    }
  }
}
