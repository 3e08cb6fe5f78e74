package io.github.convlens.cli;

import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.Precision;
import io.github.convlens.layer.Exact;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Refuses what cannot fit before the engine tries: a process that asks for more memory than there
 * is may be killed by the operating system instead of failing.
 */
final class MemoryLimits {
  /** What fits into a buffer of 2 GiB as float32. */
  private static final long LARGEST_ARRAY = (1L << 29) - 1;

  private MemoryLimits() {}

  static void check(Trace trace, Precision precision) {
    long ends = Math.max(Exact.elements(trace.input()), Exact.elements(trace.output()));
    if (ends > LARGEST_ARRAY) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "the input or the output is too large to be handed to the engine or taken from it.%n"
                  + "It has %,d numbers; DJL moves at most %,d at once.%n"
                  + "Use a smaller input.",
              ends,
              LARGEST_ARRAY));
    }
    long largest = 0;
    for (Row row : trace.rows()) {
      long elements = Exact.add(Exact.elements(row.input()), Exact.elements(row.output()));
      largest = Math.max(largest, elements);
    }
    long numbers = Exact.add(largest, trace.totals().parameters());
    long bytes = Exact.multiply(numbers, precision.dataType().getNumOfBytes());
    long memory = memory();
    if (bytes > memory) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "this does not fit into memory.%n"
                  + "Its weights and its largest layer take %.1f GB; this machine has %.1f GB.%n"
                  + "Use a smaller input or fewer channels.",
              bytes / 1e9,
              memory / 1e9));
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
