package io.github.convlens.cli;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Work for all processors, whose results are taken in the order in which it was given, by the
 * thread that gives it. So little is under way at once that memory stays bounded.
 */
final class InOrder<T> implements AutoCloseable {
  private final Consumer<T> results;
  private final int most;
  private final ExecutorService workers;
  private final Queue<Future<T>> underWay = new ArrayDeque<>();

  /** Nothing is under way; each result goes to {@code results}. */
  InOrder(int processors, Consumer<T> results) {
    this.results = results;
    most = 2 * processors;
    workers = Executors.newFixedThreadPool(processors);
  }

  /** Gives work, once there is room for it. */
  void add(Callable<T> work) {
    while (underWay.size() >= most) {
      takeOldest();
    }
    underWay.add(workers.submit(work));
  }

  /** Does work that takes much memory: nothing else is under way meanwhile. */
  void alone(Callable<T> work) {
    finish();
    add(work);
    finish();
  }

  /** Takes all results that are left. */
  void finish() {
    while (!underWay.isEmpty()) {
      takeOldest();
    }
  }

  /** What work throws, it throws here. */
  private void takeOldest() {
    T result;
    try {
      result = underWay.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    results.accept(result);
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
