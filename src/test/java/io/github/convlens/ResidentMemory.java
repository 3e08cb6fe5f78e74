package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This process's memory, the native arrays' included, which Java's own counters do not show. The
 * profile {@code soak} has all of Java's heap resident from the start, so that only native memory
 * can grow.
 */
public final class ResidentMemory {
  /** What a hundred thousand calls may add: less than a kilobyte each. */
  private static final long ALLOWED_KILOBYTES = 50_000;

  private static final int CALLS = 100_000;

  /** Until then caches and pools fill up. */
  private static final int WARM_UP = 20_000;

  private ResidentMemory() {}

  /** Fails if a hundred thousand calls make the process grow. Linux only. */
  public static void assertStaysFlat(Runnable call) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      call.run();
    }
    long warm = kilobytes();
    for (int i = WARM_UP; i < CALLS; i++) {
      call.run();
    }
    long grown = kilobytes() - warm;
    assertTrue(grown < ALLOWED_KILOBYTES, () -> "grown by " + grown + " kB");
  }

  private static long kilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
