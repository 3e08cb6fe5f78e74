package io.github.convlens.file.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WholeFilesTest {
  @TempDir private Path folder;

  @Test
  void replacesWhatIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old and longer");
    WholeFiles.write(file, out -> out.write("new".getBytes()));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  /** Readable for whom any other new file is. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void hasTheModeOfANewFile() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    Path file = folder.resolve("a.txt");
    WholeFiles.write(file, out -> out.write(1));
    assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(file));
  }

  @Test
  void whatFailsHalfWayLeavesTheOldFileAndNoOther() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    UnwritableException e =
        assertThrows(
            UnwritableException.class,
            () ->
                WholeFiles.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }));
    assertEquals("'" + file + "' cannot be written: No space left on device.", e.getMessage());
    assertFalse(e.isMisplaced());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void ofSeveralNoneAppearsBeforeAllAreWritten() throws IOException {
    Files.writeString(folder.resolve("2"), "old");
    try (WholeFiles files = new WholeFiles()) {
      for (int i = 1; i <= 3; i++) {
        int number = i;
        files.add(folder.resolve("" + i), out -> out.write('0' + number));
      }
      assertThrows(
          UnwritableException.class,
          () ->
              files.add(
                  folder.resolve("4"),
                  out -> {
                    throw new IOException("disk full");
                  }));
    }
    assertEquals(List.of("2"), names());
    assertEquals("old", Files.readString(folder.resolve("2")));
  }

  @Test
  void severalAppearTogether() throws IOException {
    try (WholeFiles files = new WholeFiles()) {
      files.add(folder.resolve("1"), out -> out.write('1'));
      files.add(folder.resolve("2"), out -> out.write('2'));
      files.publish();
    }
    assertEquals(List.of("1", "2"), names());
    assertEquals("2", Files.readString(folder.resolve("2")));
  }

  /** A link is laid at the very name: its target stays as it is. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doesNotFollowALinkOfItsName() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Path partial = PartialFiles.beside(folder.resolve("a.txt"));
    Files.createSymbolicLink(partial, victim);
    assertThrows(IOException.class, () -> PartialFiles.create(partial));
    assertEquals("untouched", Files.readString(victim));
    assertTrue(Files.isSymbolicLink(partial), "and what is not ours stays");
  }

  @Test
  void namesAreNewEachTime() {
    Path file = folder.resolve("a.txt");
    assertFalse(PartialFiles.beside(file).equals(PartialFiles.beside(file)));
    assertEquals(folder, PartialFiles.beside(file).getParent());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aNameMayBeAsLongAsTheSystemAllows() throws IOException {
    String name = "x".repeat(251) + ".txt";
    WholeFiles.write(folder.resolve(name), out -> out.write(1));
    assertEquals(List.of(name), names());
    UnwritableException e =
        assertThrows(
            UnwritableException.class,
            () -> WholeFiles.write(folder.resolve("x" + name), out -> out.write(1)));
    assertTrue(e.getMessage().endsWith("' cannot be written: File name too long."), e.getMessage());
    assertEquals(List.of(name), names());
  }

  @Test
  void aPlaceWhereNothingCanBeIsMisplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    assertTrue(
        assertThrows(UnwritableException.class, () -> WholeFiles.makeFolder(file)).isMisplaced());
    UnwritableException e =
        assertThrows(
            UnwritableException.class,
            () -> WholeFiles.write(folder.resolve("missing").resolve("a"), out -> out.write(1)));
    assertTrue(e.isMisplaced());
    assertEquals("kept", Files.readString(file));
  }

  /** A process that is told to end while it writes leaves what was there, and nothing else. */
  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  @DisabledOnOs(OS.WINDOWS)
  void leavesNothingWhenToldToEnd(String signal) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EndlessWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertEquals("writing", out.readLine());
      assertEquals(2, names().size(), "it is being written");
      new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
      process.waitFor();
    }
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  /** Begins a file, says so, and never comes to its end. */
  static final class EndlessWriter {
    private EndlessWriter() {}

    public static void main(String[] args) throws IOException {
      WholeFiles.write(
          Path.of(args[0]),
          out -> {
            out.write(new byte[100_000]);
            System.out.println("writing");
            try {
              Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
    }
  }

  /** On a disk of 64 KiB, which not everyone may make. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNamed() throws IOException, InterruptedException {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.toString()) == 0,
        "this process may not mount a file system");
    try {
      Path file = Files.writeString(folder.resolve("a.txt"), "old");
      UnwritableException e =
          assertThrows(
              UnwritableException.class,
              () -> WholeFiles.write(file, out -> out.write(new byte[200_000])));
      assertEquals("'" + file + "' cannot be written: No space left on device.", e.getMessage());
      assertFalse(e.isMisplaced());
      assertEquals("old", Files.readString(file));
      assertEquals(List.of("a.txt"), names());
    } finally {
      run("umount", folder.toString());
    }
  }

  private void assertTaken(Path place, String why) {
    UnwritableException e =
        assertThrows(UnwritableException.class, () -> WholeFiles.write(place, out -> out.write(1)));
    assertEquals("'" + place + "' cannot be written: " + why + ".", e.getMessage());
    assertTrue(e.isMisplaced());
  }

  /** A file would take the place of a folder, a pipe or a device. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsNoFileStays() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assumeTrue(run("mkfifo", pipe.toString()) == 0);
    Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
    assertTaken(folder, "it is a folder");
    for (Path each : List.of(pipe, link)) {
      assertTaken(each, "it is no file, but a device or a pipe");
    }
    assertFalse(Files.isRegularFile(pipe));
    assertEquals(List.of("link", "pipe"), names());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkToAFileStaysAndTheFileIsWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    WholeFiles.write(link, out -> out.write("new".getBytes()));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("a.txt", "link"), names());
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
