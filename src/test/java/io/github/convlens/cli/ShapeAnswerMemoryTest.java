package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.convlens.notation.Recipes;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A batch of thousands of shapes leaves little to the garbage collector. */
class ShapeAnswerMemoryTest {
  private static final String LINE =
      "8x8\tnn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))";

  @Test
  void anAnswerTakesAFewKilobytes() {
    assertEquals("[2, 2]", answer(LINE));
    long bytes = allocated(LINE, 10_000);
    assertTrue(bytes <= 6_000, bytes + " bytes per answer");
  }

  /** What the parser allocates grows with the text and not with its square. */
  @Test
  void twiceTheLayersTakeTwiceTheMemory() {
    double ratio = (double) allocated(deep(400), 50) / allocated(deep(200), 50);
    assertEquals(2, ratio, 0.2);
  }

  private static String deep(int layers) {
    return "8x8\tnn.Sequential(" + "nn.Conv2d(1, 1, 3, padding=1), ".repeat(layers) + ")";
  }

  private static void answer(String line, int times) {
    for (int i = 0; i < times; i++) {
      answer(line);
    }
  }

  private static String answer(String line) {
    return new ShapeBatch(Recipes.KNOWN, note -> {}, false).answer(line, note -> {});
  }

  /** Bytes per answer. */
  private static long allocated(String line, int answers) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    answer(line, answers);
    return (threads.getThreadAllocatedBytes(thread) - before) / answers;
  }
}
