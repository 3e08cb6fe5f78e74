package io.github.convlens.engine.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Java program in a process of its own, with an environment that decides nothing by chance. */
final class OwnProcess {
  private static final List<String> DECIDING =
      List.of("DJL_OFFLINE", "OPT_OUT_TRACKING", "ENGINE_CACHE_DIR", "DJL_CACHE_DIR");

  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private String classPath = System.getProperty("java.class.path");

  /** What a process printed to both streams, and {@code exit N} on a line of its own. */
  static String output(Process process) throws IOException, InterruptedException {
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return printed + "exit " + process.waitFor();
  }

  OwnProcess option(String option) {
    options.add(option);
    return this;
  }

  OwnProcess cache(Path folder) {
    return variable("DJL_CACHE_DIR", folder.toString());
  }

  OwnProcess variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  OwnProcess classPath(String path) {
    classPath = path;
    return this;
  }

  String run(Class<?> main, String... words) throws IOException, InterruptedException {
    return output(start(main, words));
  }

  Process start(Class<?> main, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // it lives for a second
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(DECIDING);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
