package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The notes with claim 9, whose times no file can show. */
class LessonNotesTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    return ConvLens.run(
        InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), words);
  }

  @Test
  void showsTimesBesideTheCount() {
    assertEquals(0, run("lesson", "notes", "--claim", "9", "--device", "cpu", "--seed", "3"));
    String timeless = out.toString().replaceAll("[0-9]+\\.[0-9]{2} (ms|to 1, m)", "T $1");
    List<String> lines = timeless.lines().toList();
    assertEquals(
        """
        == The notes' claims ==
        Notebook: notebooks-java/07-the-notes-checked.ipynb

        9. The notes: 10 layers of 3x3 are cheaper than 5 layers of 5x5: the cost follows the kernel's area.
           multiply-adds for each pixel and each pair of channels:
           10 layers x 3 x 3 = 90
            5 layers x 5 x 5 = 125
           90 / 125 = 0.72: 28 % fewer
           on 28x36 with 64 channels: 371,589,120 against 516,096,000
           on the engine:
             10 layers of 3x3: median of 7 runs T ms, fastest T ms
              5 layers of 5x5: median of 7 runs T ms, fastest T ms\
        """,
        String.join("\n", lines.subList(0, 12)));
    assertTrue(
        lines.get(12).startsWith("     time T to 1, multiply-adds 0.72 to 1"), lines.get(12));
    assertEquals("notes: 1 right (9)", lines.get(lines.size() - 1));
  }

  @Test
  void allTwelveFitTheTerminalAndEndWithACount() {
    assertEquals(0, run("lesson", "notes", "--device", "cpu"));
    List<String> lines = out.toString().lines().toList();
    assertEquals(
        List.of(),
        lines.stream().filter(line -> line.length() > 100 || line.endsWith(" ")).toList());
    assertEquals(
        "notes: 7 right (1, 2, 5, 6, 7, 9, 10), 4 right under a condition (3, 8, 11, 12),"
            + " 1 wrong (4)",
        lines.get(lines.size() - 1));
  }

  @Test
  void arithmeticAloneStartsNoEngine() {
    assertEquals(0, run("lesson", "notes", "--claim", "4,8"));
    assertEquals("", err.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals("notes: 1 wrong (4), 1 right under a condition (8)", lines.get(lines.size() - 1));
  }
}
