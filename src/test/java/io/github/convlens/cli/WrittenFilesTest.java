package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that write files do where the place is hostile or full. */
@EnabledOnOs(OS.LINUX)
class WrittenFilesTest {
  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    err.getBuffer().setLength(0);
    return ConvLens.run(
        InputStream.nullInputStream(),
        new PrintWriter(new StringWriter()),
        new PrintWriter(err),
        words);
  }

  /** Links of the name that older versions wrote to first, which everyone could foresee. */
  @Test
  void doesNotWriteThroughALinkThatIsLaid() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    long process = ProcessHandle.current().pid();
    Files.createSymbolicLink(folder.resolve(".w.svg." + process + ".part"), victim);
    Path file = folder.resolve("w.svg");
    assertEquals(0, run("draw", "--input", "8x8", "--kernel", "3", "--out", file.toString()));
    assertEquals("untouched", Files.readString(victim));
    assertTrue(Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.readString(file).contains("<svg"));
  }

  @ParameterizedTest
  @ValueSource(ints = {240, 255})
  void aNameMayBeAsLongAsTheSystemAllows(int length) throws IOException {
    Path file = folder.resolve("x".repeat(length - 4) + ".svg");
    assertEquals(
        0, run("draw", "--input", "8x8", "--kernel", "3", "--out", file.toString()), err::toString);
    assertEquals(1, count());
  }

  @Test
  void aLongerNameIsNoFileName() {
    Path file = folder.resolve("x".repeat(252) + ".svg");
    assertEquals(2, run("draw", "--input", "8x8", "--kernel", "3", "--out", file.toString()));
    assertEquals(
        "error: option --out: '" + file + "' is not a file name here: File name too long.\n",
        err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "draw --net resnet50 --out w.svg",
        "draw --net resnet50 --out w.png",
        "page --out w.html",
        "run --device cpu --input 3x200x200 --save-maps . nn.Conv2d(3,40,3)"
      })
  void aFullDiskIsNamedAndLeavesNothing(String command) throws IOException, InterruptedException {
    assumeTrue(
        process("mount", "-t", "tmpfs", "-o", "size=8k", "none", folder.toString()) == 0,
        "this process may not mount a file system");
    try {
      String[] words =
          Stream.of(command.split(" "))
              .map(word -> word.startsWith("w.") ? folder.resolve(word).toString() : word)
              .map(word -> word.equals(".") ? folder.toString() : word)
              .toArray(String[]::new);
      assertEquals(1, run(words), err::toString);
      assertTrue(
          err.toString().contains("'" + folder)
              && err.toString().contains("' cannot be written: No space left on device."),
          err.toString());
      assertEquals(0, count());
    } finally {
      process("umount", folder.toString());
    }
  }

  @Test
  void whatIsReadIsNotWrittenOver() throws IOException {
    Path net = Files.writeString(folder.resolve("net.svg"), "nn.Conv2d(1, 1, 3)");
    Path link = Files.createLink(folder.resolve("other.svg"), net);
    for (Path out : List.of(net, link)) {
      assertEquals(2, run("draw", "--net", net.toString(), "--input", "8x8", "-o", out.toString()));
      assertEquals(
          "error: option --out: '" + out + "' is what --net reads. Use another name.\n",
          err.toString());
    }
    Path input = Files.writeString(folder.resolve("x.npz"), "kept");
    for (String option : List.of("--net", "--weights", "--input-file", "--image")) {
      assertEquals(
          2, run("run", option, input.toString(), "--save-output", input.toString()), option);
      assertEquals(
          "error: option --save-output: '"
              + input
              + "' is what "
              + option
              + " reads. Use another name.\n",
          err.toString());
    }
    assertEquals("kept", Files.readString(input));
  }

  @Test
  void whatIsNoFileIsNotReplaced() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe.npz");
    assumeTrue(process("mkfifo", pipe.toString()) == 0);
    String why =
        "'"
            + pipe
            + "' cannot be written: it is no file, but a device or a pipe. Use the name of a file.";
    assertEquals(2, run("run", "--net", "lenet", "--save-output", pipe.toString()));
    assertEquals("error: option --save-output: " + why + "\n", err.toString());
    assertEquals(2, run("weights", "convert", "a.pth", pipe.toString()));
    assertEquals("error: TO: " + why + "\n", err.toString());
    Path inside = Files.createDirectory(folder.resolve("folder.npz"));
    assertEquals(2, run("run", "--net", "lenet", "--save-output", inside.toString()));
    assertEquals(
        "error: option --save-output: '" + inside + "' is a folder. Use the name of a file.\n",
        err.toString());
  }

  private static int process(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  private int count() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return List.copyOf(files.toList()).size();
    }
  }
}
