package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Work without an end is found; work that fails or waits is not taken for it. */
class ProcessorTimeTest {
  private static final Duration LIMIT = Duration.ofMillis(200);

  @Test
  void workWithoutAnEndFails() {
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () -> ProcessorTime.assertUnder(LIMIT, ProcessorTimeTest::endlessly));
    assertEquals("more than PT0.2S of processor time, and no end", firstPart(e.getMessage()));
  }

  @Test
  void waitingIsNoWork() {
    assertEquals(
        7,
        ProcessorTime.assertUnder(
            Duration.ofMillis(300),
            () -> {
              sleep(1000);
              return 7;
            }));
  }

  @Test
  void whatTheWorkThrowsIsThrown() {
    assertEquals(
        "mine",
        assertThrows(
                IllegalStateException.class,
                () ->
                    ProcessorTime.assertUnderASecond(
                        () -> {
                          throw new IllegalStateException("mine");
                        }))
            .getMessage());
  }

  private static int endlessly() {
    int turns = 0;
    while (!Thread.currentThread().isInterrupted()) {
      turns++;
    }
    return turns;
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without what JUnit adds about the values. */
  private static String firstPart(String message) {
    return message.replaceAll(" ==>.*", "");
  }
}
