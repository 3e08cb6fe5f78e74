package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the machine fails at is said to be the machine's, with the file where one is known. */
class FailuresTest {
  private static final String CHECK =
      "\nCheck that its disk has room, works, and may be read and written.\n";
  private static final String FULL =
      "error: a file cannot be read or written: No space left on device." + CHECK;

  /** The exit code and the message. */
  private static String report(Exception e) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(CommandSpec.create()).setErr(new PrintWriter(err));
    assertEquals(1, Failures.report(e, command, false));
    return err.toString();
  }

  @Test
  void namesTheReason() {
    IOException full = new IOException("No space left on device");
    assertEquals(FULL, report(full));
    assertEquals(FULL, report(new UncheckedIOException(full)));
    assertEquals(FULL, report(new IIOException("I/O error writing PNG file!", full)));
  }

  @Test
  void namesTheFile() {
    assertEquals(
        "error: 'maps/a.png' cannot be used: Read-only file system." + CHECK,
        report(new FileSystemException("maps/a.png", null, "Read-only file system")));
    assertEquals(
        "error: 'maps/a.png' cannot be used: permission denied." + CHECK,
        report(new UncheckedIOException(new AccessDeniedException("maps/a.png"))));
  }

  @Test
  void theEngineSaysWhyItFailed() {
    String script =
        "The following operation failed in the TorchScript interpreter.\n"
            + "Traceback of TorchScript, serialized code (most recent call last):\n"
            + "RuntimeError: expected a positive size\n";
    assertEquals(
        "error: the engine failed.\nRuntimeError: expected a positive size\n",
        report(new ai.djl.engine.EngineException(script)));
    assertEquals(
        "error: the engine failed.\nno memory\n",
        report(new ai.djl.engine.EngineException("no memory\n  at ...")));
  }

  @Test
  void aFaultOfOursIsOneStill() {
    assertEquals(
        "error: convlens failed, which is a fault of ours: IllegalStateException: odd\n"
            + "Run it again with --stacktrace and report what it prints.\n",
        report(new IllegalStateException("odd")));
  }
}
