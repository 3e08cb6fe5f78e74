package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.Precision;
import io.github.convlens.layer.Convention;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate beside what a process takes at its peak, which the operating system counts. */
class MemoryLimitsTest {
  /** Runs a command and prints the process's peak in bytes, and nothing else. */
  static final class Peak {
    public static void main(String[] args) throws IOException {
      PrintWriter nowhere =
          new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      int exit = ConvLens.run(InputStream.nullInputStream(), nowhere, nowhere, args);
      String kilobytes =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("VmHWM"))
              .map(line -> line.replaceAll("[^0-9]", ""))
              .findFirst()
              .orElseThrow();
      System.out.println(exit == 0 ? Long.parseLong(kilobytes) * 1024 : "exit " + exit);
    }
  }

  @ParameterizedTest
  @EnabledOnOs(OS.LINUX)
  @CsvSource({
    "2500x2500, 'Conv2d(1, 1, 3)', float32",
    "2000x2000, 'Conv2d(1, 1, 1)', float32",
    "2000x2000, 'Conv2d(1, 1, 3)', float64",
    "1000x1000, 'Conv2d(1, 32, 3)', float32",
    "20x1000x1000, 'Conv2d(20, 20, 3)', float32",
    "3x2500x2500, 'ReLU()', float32",
    "1x5000000, 'Conv1d(1, 8, 9)', float32",
    "1x200x200x200, 'Conv3d(1, 8, 3)', float32",
    "20x1000x1000, 'Conv2d(20, 20, 3)', bfloat16",
    "20x1000x1000, 'MaxPool2d(2)', bfloat16",
    "20x600x600, 'ConvTranspose2d(20, 20, 4, stride=2)', float32",
    "20x600x600, 'ConvTranspose2d(20, 20, 4, stride=2)', float64",
    "20x1000x1000, 'Conv2d(20, 20, 3, padding=1, padding_mode=\"reflect\")', float32",
    "20x1000x1000, 'GroupNorm(4, 20)', float32",
    "4x1500x1500, 'Concat(ReLU(), Tanh(), Residual(ReLU(), Residual(Tanh(), ReLU())))', float32"
  })
  void isAnUpperBoundAndNotAbsurd(String input, String layer, String precision)
      throws IOException, InterruptedException {
    long estimate = MemoryLimits.bytes(trace(input, layer), Precision.parse(precision));
    long peak = peak("run", "--input", input, "--dtype", precision, layer);
    assertTrue(estimate >= peak, estimate + " bytes expected, " + peak + " taken");
    assertTrue(estimate <= 2 * peak, estimate + " bytes expected, " + peak + " taken");
  }

  @Test
  void theEnginesOwnCopiesCount() {
    Trace trace = trace("20000x20000", "Conv2d(1, 1, 3)");
    // 400 million positions, 16 channels of 4 bytes in a block
    assertTrue(MemoryLimits.bytes(trace, Precision.FLOAT32) > 25_600_000_000L);
  }

  /** Each of ten branches keeps its output, 64 million numbers, until all are there. */
  @Test
  void whatWaitsForALaterLayerCounts() {
    Trace trace = trace("8000x8000", "Concat(" + "Tanh(), ".repeat(10) + "Tanh())");
    assertTrue(MemoryLimits.bytes(trace, Precision.FLOAT32) > 11 * 2 * 256_000_000L);
    assertTrue(
        MemoryLimits.bytes(
                trace("8000x8000", "Sequential(" + "Tanh(), ".repeat(10) + ")"), Precision.FLOAT32)
            < 6 * 256_000_000L);
  }

  @Test
  void saysHowMuchAndWhatToDo() {
    Trace trace =
        trace("20000x20000", "Sequential(ReLU(), Conv2d(1, 100000, 1), Conv2d(100000, 1, 1))");
    String message =
        assertThrows(
                EngineException.class,
                () -> MemoryLimits.check(trace, Precision.FLOAT32, MemoryLimits.Held.NEEDED))
            .getMessage();
    assertEquals(
        "this may not fit into memory.\n"
            + "It takes up to # GB, # GB of it for layer 1, Conv2d; there are # GB.\n"
            + "Use a smaller batch or input (half the height and width take a quarter), or fewer"
            + " channels.",
        message.replaceAll("[0-9]+\\.[0-9]", "#"));
  }

  private static Trace trace(String input, String layer) {
    var network = PyTorch.parse(layer);
    return Trace.of(network, InputSize.parse(input).shapeFor(network), Convention.TORCHVISION);
  }

  private static long peak(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                Peak.class.getName()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return Long.parseLong(printed.strip());
  }
}
