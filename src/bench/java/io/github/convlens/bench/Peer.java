package io.github.convlens.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PyTorch from Python, doing the same work: {@code src/bench/python}. Where there is none, nothing
 * is compared.
 *
 * @param python an interpreter that has torch; nothing if there is none
 * @param threads the engine's threads
 */
record Peer(Optional<String> python, int threads) {
  private static final Path SCRIPTS = Path.of("src", "bench", "python");

  /** Seconds or bytes that a function of {@code peer.py} prints, one sample a line. */
  Measurement call(String function, String... arguments) {
    return () -> {
      if (python.isEmpty()) {
        return Optional.empty();
      }
      List<String> command =
          new ArrayList<>(
              List.of(python.get(), script("peer.py"), function, Integer.toString(threads)));
      command.addAll(List.of(arguments));
      String printed = run(command);
      return Optional.of(new Samples(printed.lines().map(Double::valueOf).toList()));
    };
  }

  /**
   * Has {@code programs.py} write the exported programs that are not in a folder yet; false where
   * it cannot, such as without torchvision.
   */
  boolean export(Path folder) throws InterruptedException {
    try {
      run(List.of(python.orElseThrow(), script("programs.py"), folder.toString()));
      return true;
    } catch (IOException e) {
      System.err.println("note: exported programs are left out. " + e.getMessage());
      return false;
    }
  }

  /** Seconds of a whole process. */
  Measurement time(String... arguments) {
    return python.map(name -> Processes.time(command(name, arguments))).orElse(Measurement.NONE);
  }

  /** Seconds that processors worked for a whole process. */
  Measurement processorTime(String... arguments) {
    return python
        .map(name -> Processes.processorTime(command(name, arguments)))
        .orElse(Measurement.NONE);
  }

  /** Peak resident bytes of a whole process. */
  Measurement peakMemory(String... arguments) {
    return python
        .map(name -> Processes.peakMemory(command(name, arguments)))
        .orElse(Measurement.NONE);
  }

  static String script(String name) {
    return SCRIPTS.resolve(name).toString();
  }

  /** {@code torch 2.7.1, Python 3.11.7}, or that there is none. */
  String version() throws IOException, InterruptedException {
    if (python.isEmpty()) {
      return "none: name a Python that has torch with --python";
    }
    return run(List.of(
            python.get(),
            "-c",
            "import platform, torch;"
                + "print('torch', torch.__version__ + ', Python', platform.python_version())"))
        .strip();
  }

  private static List<String> command(String python, String... arguments) {
    List<String> command = new ArrayList<>(List.of(python));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with exit code " + exit + ".");
    }
    return printed;
  }
}
