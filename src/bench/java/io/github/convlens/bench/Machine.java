package io.github.convlens.bench;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/** What the figures depend on. */
final class Machine {
  private Machine() {}

  /** One line for each: date, processor, memory, versions. */
  static List<String> lines(Engine engine, Peer peer) throws IOException, InterruptedException {
    Runtime java = Runtime.getRuntime();
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return List.of(
        "date     " + LocalDate.now(),
        "machine  %s, %d cores, %d GiB, load %.1f"
            .formatted(
                processor(),
                java.availableProcessors(),
                Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
                system.getSystemLoadAverage()),
        "ours     Java %s, DJL %s, PyTorch %s, %d thread(s)"
            .formatted(
                Runtime.version(), Engine.getDjlVersion(), engine.getVersion(), peer.threads()),
        "theirs   " + peer.version());
  }

  /** The processor's name, where Linux tells it. */
  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
