package io.github.convlens.engine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking from a small jar: whole or not at all, and nothing left. */
class UnpackingTest {
  private static final byte[] CONTENT = new byte[200_000];

  @TempDir Path folder;
  private Path jar = Path.of("");
  private Path cache = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void pack() throws IOException {
    for (int i = 0; i < CONTENT.length; i++) {
      CONTENT[i] = (byte) (i * 31);
    }
    jar = folder.resolve("native.jar");
    CRC32 checksum = new CRC32();
    checksum.update(CONTENT);
    JarEntry entry = new JarEntry("lib/libone.so");
    entry.setMethod(JarEntry.STORED);
    entry.setSize(CONTENT.length);
    entry.setCrc(checksum.getValue());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(entry);
      out.write(CONTENT);
    }
    cache = folder.resolve("a/cache");
    target = cache.resolve("version");
  }

  @Test
  void putsTheFolderThere() throws IOException {
    NativeFile file = file();
    Unpacking.whole(cache, target, List.of(file));
    assertArrayEquals(CONTENT, Files.readAllBytes(file.target()));
    assertTrue(file.hasLength() && file.hasContent());
    assertEquals(List.of("unpacking.lock", "version"), names(cache));
  }

  @Test
  void replacesAFolderThatIsNotWhole() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("libone.so"), "cut off");
    Files.writeString(target.resolve("old"), "of another version");
    Unpacking.whole(cache, target, List.of(file()));
    assertEquals(List.of("libone.so"), names(target));
    assertTrue(file().hasContent());
  }

  @Test
  void leavesAWholeFolderAlone() throws IOException {
    Unpacking.whole(cache, target, List.of(file()));
    Files.writeString(target.resolve("mine"), "kept");
    Unpacking.whole(cache, target, List.of(file()));
    assertEquals(List.of("libone.so", "mine"), names(target));
  }

  @Test
  void putsOneFileBesideOthers() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("mine"), "kept");
    Unpacking.single(cache, file());
    assertEquals(List.of("libone.so", "mine"), names(target));
    assertTrue(file().hasContent());
    assertEquals(List.of("unpacking.lock", "version"), names(cache));
  }

  @Test
  void aDamagedJarIsNamedAndNothingStays() throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(jar.toFile(), "rw")) {
      bytes.seek(100_000);
      bytes.write(bytes.read() + 1);
    }
    NativeFile file = file();
    IOException e =
        assertThrows(IOException.class, () -> Unpacking.whole(cache, target, List.of(file)));
    assertEquals(file.source() + " is damaged.", e.getMessage());
    assertEquals(List.of("unpacking.lock"), names(cache));
  }

  @Test
  void aCancelledCopyEnds() throws IOException {
    NativeFile file = file();
    assertThrows(
        InterruptedIOException.class, () -> file.writeTo(folder.resolve("part"), () -> true));
    assertEquals(0, Files.size(folder.resolve("part")));
  }

  @Test
  void seesWhatIsNotTheJars() throws IOException {
    Unpacking.whole(cache, target, List.of(file()));
    NativeFile file = file();
    byte[] changed = CONTENT.clone();
    changed[CONTENT.length - 1]++;
    Files.write(file.target(), changed);
    assertTrue(file.hasLength());
    assertFalse(file.hasContent());
    Files.write(file.target(), new byte[] {1});
    assertFalse(file.hasLength());
  }

  @Test
  void removesWhatAKilledProcessLeft() throws IOException {
    Path ours = leftOver("unpacking123", Duration.ZERO);
    Path young = leftOver("tmp456", Duration.ofMinutes(50));
    Path old = leftOver("tmp789", Duration.ofMinutes(70));
    Path other = leftOver("templates", Duration.ofDays(9));
    assertEquals(
        List.of(old, young, ours).stream().sorted().toList(),
        Unpacking.leftOvers(cache).stream().sorted().toList());
    assertEquals(
        List.of(old, ours).stream().sorted().toList(),
        Unpacking.removeLeftOvers(cache).stream().sorted().toList());
    assertTrue(Files.exists(young) && Files.exists(other));
    assertFalse(Files.exists(old) || Files.exists(ours));
  }

  @Test
  void aCacheThatIsNotThereHoldsNoLeftOvers() {
    assertEquals(List.of(), Unpacking.removeLeftOvers(cache));
    assertFalse(Files.exists(cache));
  }

  private Path leftOver(String name, Duration age) throws IOException {
    Path left = Files.createDirectories(cache.resolve(name));
    Path library = Files.writeString(left.resolve("libone.so"), "cut off");
    FileTime time = FileTime.from(Instant.now().minus(age));
    Files.setLastModifiedTime(library, time);
    Files.setLastModifiedTime(left, time);
    return left;
  }

  private NativeFile file() throws IOException {
    return new NativeFile(
        new URL("jar:" + jar.toUri() + "!/lib/libone.so"), target.resolve("libone.so"));
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
