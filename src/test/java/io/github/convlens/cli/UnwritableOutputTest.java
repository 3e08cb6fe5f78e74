package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An answer that cannot be written is no answer: a full disk is said, a reader that left is not.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class UnwritableOutputTest {
  private static final File FULL = new File("/dev/full");
  private static final String QUESTION = "8x8\tnn.MaxPool2d(2)\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shape --input 8x8 MaxPool2d(2)",
        "shape --input 8x8 --kernel 3 --explain",
        "shape --batch -",
        "trace --net resnet18",
        "trace --net resnet18 --format json",
        "trace --net resnet18 --format csv",
        "trace --net resnet18 --format markdown",
        "code --net lenet",
        "nets",
        "nets lenet",
        "plan --input 224 --layers 8",
        "solve --input 224 --output 56",
        "lesson notes --claim 4",
        "lesson padding-and-stride",
        "run --net lenet",
        "doctor",
        "--help",
        "--version",
        "help",
        "help shape",
        "shape --help",
        "generate-completion"
      })
  void aFullDiskIsAFault(String command) throws IOException, InterruptedException {
    Process process = start(ProcessBuilder.Redirect.to(FULL), command.split(" "));
    try (OutputStream questions = process.getOutputStream()) {
      questions.write(QUESTION.getBytes(StandardCharsets.UTF_8));
    }
    String said = read(process.getErrorStream());
    assertTrue(
        said.endsWith(
            "error: standard output cannot be written: No space left on device.\n"
                + "Check that there is room where it goes.\n"),
        said);
    assertEquals(1, process.waitFor());
  }

  /** As {@code yes ... | convlens shape --batch - | head -1}. */
  @Test
  void aReaderThatLeavesEndsAnEndlessBatch() throws IOException, InterruptedException {
    Path endless = folder.resolve("endless");
    assertEquals(0, new ProcessBuilder("mkfifo", endless.toString()).start().waitFor());
    Process yes =
        new ProcessBuilder("sh", "-c", "exec yes '8x8\tMaxPool2d(2)' > \"$0\"", endless.toString())
            .start();
    try {
      Process process = start(ProcessBuilder.Redirect.PIPE, "shape", "--batch", endless.toString());
      try (InputStream answers = process.getInputStream()) {
        assertEquals("[4, 4]\n", new String(answers.readNBytes(7), StandardCharsets.UTF_8));
      }
      assertEquals("", read(process.getErrorStream()));
      assertEquals(141, process.waitFor());
    } finally {
      yes.destroyForcibly();
    }
  }

  @Test
  void aReaderThatLeavesBeforeAShortAnswerIsNoFault() throws IOException, InterruptedException {
    Process process = start(ProcessBuilder.Redirect.PIPE, "shape", "--input", "8x8", "-");
    process.getInputStream().close();
    try (OutputStream net = process.getOutputStream()) {
      net.write("MaxPool2d(2)\n".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals("", read(process.getErrorStream()));
    assertEquals(141, process.waitFor());
  }

  /** What was written before stays as it is, up to the byte at which the disk was full. */
  @Test
  void anAnswerThatIsCutIsAFault() throws IOException, InterruptedException {
    Path cut = folder.resolve("trace.json");
    List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
    command.addAll(java("trace", "--net", "resnet18", "--format", "json"));
    Process process = new ProcessBuilder(command).redirectOutput(cut.toFile()).start();
    String said = read(process.getErrorStream());
    assertTrue(said.startsWith("error: standard output cannot be written: File too large."), said);
    assertEquals(1, process.waitFor());
    assertTrue(Files.size(cut) > 0);
  }

  private static Process start(ProcessBuilder.Redirect output, String... words) throws IOException {
    return new ProcessBuilder(java(words)).redirectOutput(output).start();
  }

  private static List<String> java(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                ConvLens.class.getName()));
    command.addAll(List.of(words));
    return command;
  }

  private static String read(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
