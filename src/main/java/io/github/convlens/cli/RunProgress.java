package io.github.convlens.cli;

import io.github.convlens.engine.Verification;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says every few seconds how far a verification or a measurement has come. */
final class RunProgress implements Verification.Progress {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(3);

  private final String what;
  private final PrintWriter err;
  private final LongSupplier clock;
  private long last;

  private RunProgress(String start, String what, PrintWriter err, LongSupplier clock) {
    this.what = what;
    this.err = err;
    this.clock = clock;
    last = clock.getAsLong();
    say(start);
  }

  /**
   * Begins a verification.
   *
   * @param count how many are to be checked
   * @param what what one of them is
   * @param err where it is said
   * @param clock in nanoseconds
   */
  static RunProgress verifying(int count, String what, PrintWriter err, LongSupplier clock) {
    String start = "verifying " + count + " " + what + (count == 1 ? "" : "s");
    return new RunProgress(start, what + "s verified", err, clock);
  }

  /**
   * Begins a measurement.
   *
   * @param runs how many runs are to be measured
   * @param how in which number type, with how many threads
   */
  static RunProgress timing(int runs, String how, PrintWriter err, LongSupplier clock) {
    return new RunProgress("timing " + runs + " runs" + how, "runs timed", err, clock);
  }

  @Override
  public void checked(int done, int of) {
    long now = clock.getAsLong();
    if (now - last >= PAUSE && done < of) {
      last = now;
      say(done + " of " + of + " " + what);
    }
  }

  private void say(String text) {
    err.println("note: " + text + " ...");
    err.flush();
  }
}
