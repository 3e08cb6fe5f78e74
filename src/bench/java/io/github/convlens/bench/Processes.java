package io.github.convlens.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /**
   * Seconds that processors worked for it, all of them together: what a busy machine disturbs
   * least. Measured by the shell, in steps of a hundredth.
   */
  static Measurement processorTime(List<String> command) {
    List<String> timed =
        new ArrayList<>(List.of("sh", "-c", "\"$@\" > /dev/null 2>&1 || exit; times", "sh"));
    timed.addAll(command);
    return () -> {
      Process process =
          new ProcessBuilder(timed)
              .redirectInput(NOTHING)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      finish(process, command);
      String ofChildren = printed.lines().skip(1).findFirst().orElseThrow();
      return Optional.of(
          Samples.of(Stream.of(ofChildren.split(" ")).mapToDouble(Processes::seconds).sum()));
    };
  }

  /** {@code 1m2.5s} is 62.5. */
  private static double seconds(String minutesAndSeconds) {
    String[] parts = minutesAndSeconds.replace("s", "").split("m");
    return 60 * Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]);
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
