package io.github.convlens.engine.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Puts native libraries where DJL looks for them. A folder or file appears whole or not at all; one
 * process unpacks while others wait for it; what an interrupted process left is removed.
 */
final class Unpacking {
  private static final String PREFIX = "unpacking";

  /** DJL's own unpacking, in other programs, takes no lock: that old, nobody is at it any more. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private volatile boolean cancelled;

  private Unpacking() {}

  /**
   * Puts files into a folder of the cache, unless another process has just done so.
   *
   * @param folder a folder in {@code cache}, which is made; if it is there, it is replaced
   * @param files what belongs into it
   * @throws InterruptedIOException if the process is told to end meanwhile; nothing is left then
   * @throws IOException if they cannot be written
   */
  static void whole(Path cache, Path folder, List<NativeFile> files) throws IOException {
    createFolders(cache);
    Unpacking unpacking = new Unpacking();
    try (FileChannel channel = channel(cache)) {
      lock(channel);
      if (files.stream().allMatch(NativeFile::hasLength)) {
        return;
      }
      unpacking.guarded(cache, partial -> unpacking.replace(folder, files, partial));
    }
  }

  /** The same for one file of a folder that is there. */
  static void single(Path cache, NativeFile file) throws IOException {
    Unpacking unpacking = new Unpacking();
    try (FileChannel channel = channel(cache)) {
      lock(channel);
      if (Files.exists(file.target())) {
        return;
      }
      unpacking.guarded(
          cache, partial -> unpacking.moved(file, partial.resolve(file.target().getFileName())));
    }
  }

  /**
   * What interrupted unpackings left in the cache, ours and DJL's, and what is being unpacked just
   * now. A cache that cannot be read holds none.
   */
  static List<Path> leftOvers(Path cache) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(cache)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(cache, Unpacking::isLeftOver)) {
        folders.forEach(found::add);
      } catch (IOException | DirectoryIteratorException e) {
        return List.of();
      }
    }
    return found;
  }

  /**
   * Removes the left-overs that no process is at.
   *
   * @return those that were removed
   */
  static List<Path> removeLeftOvers(Path cache) {
    List<Path> removed = new ArrayList<>();
    if (leftOvers(cache).isEmpty()) {
      return removed;
    }
    try (FileChannel channel = channel(cache);
        FileLock lock = channel.tryLock()) {
      for (Path folder : leftOvers(cache)) {
        boolean ours = folder.getFileName().toString().startsWith(PREFIX);
        if (ours ? lock != null : lastChange(folder).isBefore(Instant.now().minus(ABANDONED))) {
          delete(folder);
          if (Files.notExists(folder)) {
            removed.add(folder);
          }
        }
      }
    } catch (IOException e) {
      return removed; // a cache that cannot be written is used as it is
    }
    return removed;
  }

  private static boolean isLeftOver(Path path) {
    return Files.isDirectory(path)
        && path.getFileName().toString().matches("(" + PREFIX + "|tmp)\\d+");
  }

  private static Instant lastChange(Path folder) throws IOException {
    Instant last = Files.getLastModifiedTime(folder).toInstant();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        last = time.isAfter(last) ? time : last;
      }
    }
    return last;
  }

  /** Work that fills a folder. */
  @FunctionalInterface
  private interface Filling {
    void fill(Path partial) throws IOException;
  }

  /** Does work in a folder that is gone afterwards, also where the process is told to end. */
  private void guarded(Path cache, Filling work) throws IOException {
    CountDownLatch cleaned = new CountDownLatch(1);
    Thread hook = new Thread(() -> cancel(cleaned), "convlens-unpacking");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Path partial = Files.createTempDirectory(cache, PREFIX);
      try {
        work.fill(partial);
      } finally {
        delete(partial);
      }
    } finally {
      cleaned.countDown();
      release(hook);
    }
  }

  private static void release(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending, and the hook with it
    }
  }

  private void cancel(CountDownLatch cleaned) {
    cancelled = true;
    try {
      cleaned.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void replace(Path folder, List<NativeFile> files, Path partial) throws IOException {
    for (NativeFile file : files) {
      file.writeTo(partial.resolve(file.target().getFileName()), () -> cancelled);
    }
    delete(folder);
    Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private void moved(NativeFile file, Path partial) throws IOException {
    file.writeTo(partial, () -> cancelled);
    Files.move(partial, file.target(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes a folder of files as far as that goes. */
  private static void delete(Path folder) {
    try {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.delete(folder);
    } catch (IOException | DirectoryIteratorException e) {
      return; // it is seen again at the next start
    }
  }

  private static FileChannel channel(Path cache) throws IOException {
    return FileChannel.open(
        cache.resolve("unpacking.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Waits for other processes until the channel is closed. */
  private static void lock(FileChannel channel) {
    try {
      channel.lock();
    } catch (IOException e) {
      return; // some network file systems have no locks, and do without
    }
  }

  /** Folders that only their owner can write to, whatever the user's other new folders are like. */
  private static void createFolders(Path folder) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"))
            }
            : new FileAttribute<?>[0];
    Files.createDirectories(folder, attributes);
  }
}
