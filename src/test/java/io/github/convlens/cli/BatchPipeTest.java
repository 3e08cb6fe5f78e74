package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that asks through a pipe, and waits for the answers that it has asked for. */
@Timeout(60) // against a test that waits for ever; no test takes a second
class BatchPipeTest {
  private final PipedOutputStream questions = new PipedOutputStream();
  private final InputStream in;
  private final PipedWriter out = new PipedWriter();
  private final BufferedReader answers;
  private final StringWriter err = new StringWriter();

  BatchPipeTest() throws IOException {
    in = new PipedInputStream(questions, 1 << 16);
    answers = new BufferedReader(new PipedReader(out, 1 << 16));
  }

  private CompletableFuture<Integer> batch(String... more) {
    String[] words = new String[more.length + 3];
    System.arraycopy(new String[] {"shape", "--batch", "-"}, 0, words, 0, 3);
    System.arraycopy(more, 0, words, 3, more.length);
    return CompletableFuture.supplyAsync(
        () -> {
          try (PrintWriter writer = new PrintWriter(out)) {
            return ConvLens.run(in, writer, new PrintWriter(err), words);
          }
        });
  }

  private void ask(String text) throws IOException {
    questions.write(text.getBytes(StandardCharsets.UTF_8));
    questions.flush();
  }

  @Test
  void aLineIsAnsweredBeforeTheNextIsAsked() throws Exception {
    CompletableFuture<Integer> exitCode = batch();
    for (int i = 1; i <= 5; i++) {
      ask(i + "x8\tReLU()\n");
      assertEquals("[" + i + ", 8]", answers.readLine());
    }
    questions.close();
    assertEquals(0, exitCode.get());
  }

  /** More than are handed over at once, and the beginning of another line. */
  @Test
  void allWholeLinesAreAnswered() throws Exception {
    CompletableFuture<Integer> exitCode = batch();
    ask("8x8\tReLU()\n".repeat(1000) + "9x");
    for (int i = 0; i < 1000; i++) {
      assertEquals("[8, 8]", answers.readLine());
    }
    ask("9\tReLU()");
    questions.close();
    assertEquals("[9, 9]", answers.readLine());
    assertEquals(0, exitCode.get());
  }

  /** Shorter than what is looked at to tell a text's encoding. */
  @Test
  void theShortestLineIsAnswered() throws Exception {
    CompletableFuture<Integer> exitCode = batch();
    ask("\n");
    assertEquals(
        "error: the line is empty. Delete it, or write INPUT<TAB>LAYERS.", answers.readLine());
    ask("?\n");
    assertEquals("error: the line has no tab. Write INPUT<TAB>LAYERS.", answers.readLine());
    questions.close();
    assertEquals(2, exitCode.get());
    assertEquals("error: 2 line(s) have no answer.\n", err.toString());
  }

  /** A note comes in front of its answer. */
  @Test
  void aNoteDoesNotWaitEither() throws Exception {
    CompletableFuture<Integer> exitCode = batch("--format", "json");
    ask("8\tConv2d(1, 1, 3)\n");
    assertEquals(
        "{\"line\":1,\"output\":[6, 6],\"notes\":"
            + "[\"The input 8 is taken for 8x8, the same on every axis.\"]}",
        answers.readLine());
    assertEquals(
        "note: line 1: The input 8 is taken for 8x8, the same on every axis.\n", err.toString());
    questions.close();
    assertEquals(0, exitCode.get());
  }

  @Test
  void aClosedStandardInputIsNamed() {
    assertEquals(2, runWithClosedInput("shape", "--batch", "-"));
    assertEquals(2, runWithClosedInput("shape", "--input", "8x8", "-"));
    assertEquals(
        "error: option --batch: standard input is closed.\nGive a file, or text through a pipe.\n"
            + "error: standard input is closed.\nGive a file, or text through a pipe.\n",
        err.toString());
  }

  /** What cannot be read is no matter for those who do not. */
  @Test
  void aClosedStandardInputNeedNotBeRead() {
    assertEquals(0, runWithClosedInput("shape", "--input", "8", "ReLU()"));
    assertEquals("", err.toString());
  }

  private int runWithClosedInput(String... words) {
    System.setProperty(TextFile.STANDARD_INPUT, "closed");
    try {
      PrintWriter nothing = new PrintWriter(new StringWriter());
      return ConvLens.run(System.in, nothing, new PrintWriter(err), words);
    } finally {
      System.clearProperty(TextFile.STANDARD_INPUT);
    }
  }
}
