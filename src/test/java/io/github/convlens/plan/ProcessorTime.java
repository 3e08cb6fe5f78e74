package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Time that this thread has used, which other programs on the machine do not lengthen. */
final class ProcessorTime {
  private static final long SECOND = 1_000_000_000;

  private ProcessorTime() {}

  static void assertUnderASecond(Runnable work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    long spent = threads.getCurrentThreadCpuTime() - before;
    assertTrue(spent < SECOND, () -> spent / 1_000_000 + " ms of processor time");
  }
}
