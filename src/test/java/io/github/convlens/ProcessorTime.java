package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Time that work uses on a processor. It does not run while other programs do, as a clock would, so
 * a busy machine lengthens it little: a limit of many times the usual tells work that grows too
 * fast from work that had to wait.
 */
public final class ProcessorTime {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int PATIENCE_MILLIS = 20;

  private ProcessorTime() {}

  /** Fails as soon as the work has used more than a second. */
  public static void assertUnderASecond(Runnable work) {
    assertUnder(
        SECOND,
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * What the work gives, run in a thread of its own.
   *
   * @throws AssertionError as soon as the work has used more than the limit, without waiting for
   *     its end
   */
  public static <T> T assertUnder(Duration limit, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    try {
      while (true) {
        Optional<T> result = result(task);
        if (result.isPresent()) {
          return result.get();
        }
        requireUnder(limit, thread);
      }
    } finally {
      task.cancel(true);
    }
  }

  /** Empty if there is none yet. */
  private static <T> Optional<T> result(FutureTask<T> task) {
    try {
      return Optional.of(task.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void requireUnder(Duration limit, Thread thread) {
    long spent = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    assertTrue(
        spent < limit.toNanos(), () -> "more than " + limit + " of processor time, and no end");
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown;
  }
}
