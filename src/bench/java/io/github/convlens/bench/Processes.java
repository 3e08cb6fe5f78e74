package io.github.convlens.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whole processes, from their start to their end, as a user waits for them. */
final class Processes {
  private static final File NOTHING = new File("/dev/null");

  private Processes() {}

  /** Seconds from start to end. */
  static Measurement time(List<String> command) {
    return () -> {
      long start = System.nanoTime();
      finish(start(command), command);
      return Optional.of(Samples.of((System.nanoTime() - start) / 1e9));
    };
  }

  /** The most bytes that were ever resident, as Linux counts them; nothing elsewhere. */
  static Measurement peakMemory(List<String> command) {
    return () -> {
      Process process = start(command);
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      Optional<Double> peak = Optional.empty();
      while (process.isAlive()) {
        Optional<Double> now = peak(status);
        peak = now.isPresent() ? now : peak;
      }
      finish(process, command);
      return peak.map(Samples::of);
    };
  }

  private static Optional<Double> peak(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty(); // it has just ended
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectInput(NOTHING)
        .redirectOutput(NOTHING)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void finish(Process process, List<String> command)
      throws IOException, InterruptedException {
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with exit code " + exit + ".");
    }
  }
}
