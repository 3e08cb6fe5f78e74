package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks and questions from files, and from pipes, which can be read once and have no size. The
 * timeout is for a pipe that is never read; a busy machine does not come near it.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PipesAndFilesTest {
  private static final String QUESTIONS =
      "8x9\tnn.MaxPool2d(2)\n3x7x5\tnn.Conv2d(3, 4, 2)\n8x9 nn.MaxPool2d(2)\n";
  private static final String ANSWERS =
      "[4, 4]\n[4, 6, 4]\nerror: the line has no tab. Write INPUT<TAB>LAYERS.\n";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    return ConvLens.run(
        InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), words);
  }

  /** As the shell's {@code --net <(convlens plan ...)}. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void readsANetworkFromAPipe() throws Exception {
    assertEquals(0, fromPipe("nn.MaxPool2d((2, 3))", "shape", "--input", "8x9", "--net"));
    assertEquals("[4, 3]\n", out.toString());
    assertEquals("", err.toString());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void answersQuestionsFromAPipe() throws Exception {
    assertEquals(2, fromPipe(QUESTIONS, "shape", "--batch"));
    assertAnswers();
  }

  @Test
  void answersQuestionsFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("questions.tsv"), QUESTIONS);
    assertEquals(2, run("shape", "--batch", file.toString()));
    assertAnswers();
  }

  @Test
  void readsANetworkFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("net.txt"), "nn.MaxPool2d(\n  (2, 3))\n");
    assertEquals(0, run("shape", "--input", "8x9", "--net", file.toString()));
    assertEquals("[4, 3]\n", out.toString());
  }

  private void assertAnswers() {
    assertEquals(ANSWERS, out.toString());
    assertEquals("error: 1 line(s) have no answer.\n", err.toString());
  }

  /** Runs the command with a pipe's name as its last word. */
  private int fromPipe(String text, String... words) throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<Path> written = writer.submit(() -> Files.writeString(pipe, text));
      String[] all = Arrays.copyOf(words, words.length + 1);
      all[words.length] = pipe.toString();
      int exit = run(all);
      written.get();
      return exit;
    } finally {
      writer.shutdownNow();
    }
  }
}
