package io.github.convlens.cli;

import io.github.convlens.engine.Verification;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says every few seconds how far a verification has come. */
final class VerifyProgress implements Verification.Progress {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(3);

  private final String what;
  private final PrintWriter err;
  private final LongSupplier clock;
  private long last;

  /**
   * Begins.
   *
   * @param count how many are to be checked
   * @param what what one of them is
   * @param err where it is said
   * @param clock in nanoseconds
   */
  VerifyProgress(int count, String what, PrintWriter err, LongSupplier clock) {
    this.what = what;
    this.err = err;
    this.clock = clock;
    last = clock.getAsLong();
    say("verifying " + count + " " + what + (count == 1 ? "" : "s") + " ...");
  }

  @Override
  public void checked(int done, int of) {
    long now = clock.getAsLong();
    if (now - last >= PAUSE && done < of) {
      last = now;
      say(done + " of " + of + " " + what + "s verified ...");
    }
  }

  private void say(String text) {
    err.println("note: " + text);
    err.flush();
  }
}
