package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches of so many lines that several threads answer them. */
class BatchTest {
  private static final int LINES = 5000;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int batch(String questions, String... words) {
    String[] all = new String[words.length + 3];
    System.arraycopy(words, 0, all, 3, words.length);
    System.arraycopy(new String[] {"shape", "--batch", "-"}, 0, all, 0, 3);
    byte[] bytes = questions.getBytes(StandardCharsets.UTF_8);
    return ConvLens.run(
        new ByteArrayInputStream(bytes), new PrintWriter(out), new PrintWriter(err), all);
  }

  private static String lines(java.util.function.IntFunction<String> line) {
    return IntStream.rangeClosed(1, LINES)
        .mapToObj(line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void answersComeInTheOrderOfTheLines() {
    assertEquals(0, batch(lines(i -> i + "x" + (i + 1) + "\tnn.ReLU()")));
    assertEquals(lines(i -> "[" + i + ", " + (i + 1) + "]"), out.toString());
    assertEquals("", err.toString());
  }

  /** More networks than are kept, each asked about twice. */
  @Test
  void everyLineHasItsOwnNetwork() {
    assertEquals(0, batch(lines(i -> "1x1x8x8\tnn.Conv2d(1, " + (i + 1) / 2 + ", 3)")));
    assertEquals(lines(i -> "[1, " + (i + 1) / 2 + ", 6, 6]"), out.toString());
  }

  /** The note on an input of one number is told again for each line, though its network is kept. */
  @Test
  void notesHaveTheNumbersOfTheirLines() {
    assertEquals(0, batch(lines(i -> (i % 2 == 0 ? "8" : "8x8") + "\tnn.Conv2d(1, 1, 3)")));
    assertEquals(lines(i -> "[6, 6]"), out.toString());
    assertEquals(
        IntStream.rangeClosed(1, LINES / 2)
            .mapToObj(
                i ->
                    "note: line "
                        + 2 * i
                        + ": The input 8 is taken for 8x8, the same on every axis.\n")
            .collect(Collectors.joining()),
        err.toString());
  }

  @Test
  void linesWithoutAnAnswerAreCounted() {
    assertEquals(2, batch(lines(i -> i % 5 == 0 ? "8x8" : "8x8\tReLU()")));
    assertEquals(
        lines(i -> i % 5 == 0 ? "error: the line has no tab. Write INPUT<TAB>LAYERS." : "[8, 8]"),
        out.toString());
    assertEquals("error: 1000 line(s) have no answer.\n", err.toString());
  }

  /** What is in front of it is answered, and nothing behind it. */
  @Test
  void anExportedProgramEndsTheBatch() {
    assertEquals(2, batch(lines(i -> "8x8\t" + (i == 3001 ? "ExportedProgram:" : "ReLU()"))));
    assertEquals("[8, 8]\n".repeat(3000), out.toString());
    assertEquals(
        "error: option --batch: a line has layers, and not an exported program. Ask about that"
            + " alone: convlens shape --net FILE.\n",
        err.toString());
  }

  @Test
  void jsonHasTheNumbersOfTheLines() {
    assertEquals(0, batch(lines(i -> i + "x1\tReLU()"), "--format", "json"));
    assertEquals(
        lines(i -> "{\"line\":" + i + ",\"output\":[" + i + ", 1],\"notes\":[]}"), out.toString());
  }
}
