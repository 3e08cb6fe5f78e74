package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines are handed over in large pieces while there are more, so that no processor is idle. */
class ShapeQuestionsTest {
  /** Each piece: how many lines, and what is known of the next. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (TextFile file = TextFile.open("-", new ByteArrayInputStream(bytes), "", "")) {
      TextFile.Lines lines = file.lines();
      ShapeQuestions questions;
      long first = 1;
      do {
        questions = ShapeQuestions.read(lines, first);
        first += questions.lines().size();
        pieces.add(questions.lines().size() + " " + questions.next());
      } while (questions.next() != ShapeQuestions.Next.NONE);
    }
    return pieces;
  }

  @Test
  void linesThatAreThereAreNotAwaited() {
    List<String> pieces = pieces("1x8\tReLU()\n".repeat(256 * 100 + 3));
    assertEquals("256 READY", pieces.get(0));
    assertEquals(List.of("256 READY"), pieces.subList(0, 100).stream().distinct().toList());
    assertEquals(List.of("3 AWAITED", "0 NONE"), pieces.subList(100, pieces.size()));
  }

  /** More of it may come. */
  @Test
  void aLineWithoutAnEndIsAwaited() {
    assertEquals(List.of("1 AWAITED", "1 AWAITED", "0 NONE"), pieces("8\tReLU()\n9\tReLU()"));
  }

  @Test
  void anEmptyTextHasNone() {
    assertEquals(List.of("0 NONE"), pieces(""));
  }
}
