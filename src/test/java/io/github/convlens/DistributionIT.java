package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The distribution starts from anywhere, with any Java, and says nothing but the answer. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class DistributionIT {
  private static final Path HOME = Path.of("target", "convlens").toAbsolutePath();
  private static final List<String> QUESTION =
      List.of("shape", "--input", "8x9", "nn.Conv2d(1, 1, kernel_size=(3, 5))");

  @TempDir Path folder;

  @Test
  void answersWhereItWasBuilt() throws IOException, InterruptedException {
    assertEquals("[6, 5]\nexit 0", ask(HOME.resolve("bin/convlens"), null));
  }

  @Test
  void answersThroughALink() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(folder.resolve("cl"), HOME.resolve("bin/convlens"));
    assertEquals("[6, 5]\nexit 0", ask(link, null));
  }

  /** The class archive belongs to the old folder; nobody must notice. */
  @Test
  void answersInAnotherFolderWithASpaceInItsName() throws IOException, InterruptedException {
    Path moved = folder.resolve("another folder");
    try (Stream<Path> files = Files.walk(HOME)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = moved.resolve(HOME.relativize(file).toString());
        if (file.toString().contains("pytorch-native")) {
          Files.createSymbolicLink(target, file);
        } else {
          Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    assertEquals("[6, 5]\nexit 0", ask(moved.resolve("bin/convlens"), null));
  }

  /** Where a newer Java is installed beside this one, as Debian does it. */
  @Test
  void answersWithEveryJavaOfThisMachine() throws IOException, InterruptedException {
    Path installed = Path.of("/usr/lib/jvm");
    assumeTrue(Files.isDirectory(installed), "no folder of Javas");
    List<Path> javas;
    try (Stream<Path> homes = Files.list(installed)) {
      javas = homes.filter(DistributionIT::isNewEnough).toList();
    }
    for (Path java : javas) {
      assertEquals("[6, 5]\nexit 0", ask(HOME.resolve("bin/convlens"), java.toString()));
    }
  }

  private static boolean isNewEnough(Path home) {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return false;
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("[^0-9.]", "").split("\\.")[0])
          .anyMatch(major -> Integer.parseInt(major) >= 17);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void saysThatThereIsNoJava() throws IOException, InterruptedException {
    assertEquals(
        "error: no Java found. Install a JDK 17 or newer, or set JAVA_HOME.\nexit 1",
        ask(HOME.resolve("bin/convlens"), folder.toString()));
  }

  /** With -Xshare:on a JVM refuses to start when it cannot use the archive. */
  @Test
  void theJavaOfTheBuildUsesTheArchive() throws IOException, InterruptedException {
    String classPath;
    try (Stream<Path> files = Files.list(HOME.resolve("lib"))) {
      classPath =
          files
              .map(Path::toString)
              .filter(file -> file.endsWith(".jar"))
              .sorted()
              .collect(Collectors.joining(":"));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + HOME.resolve("lib/convlens.jsa"),
                "-cp",
                classPath,
                "io.github.convlens.cli.ConvLens"));
    command.addAll(QUESTION);
    assertEquals("[6, 5]\nexit 0", run(new ProcessBuilder(command)));
  }

  private static String ask(Path script, String javaHome) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(QUESTION);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_HOME");
    if (javaHome != null) {
      builder.environment().put("JAVA_HOME", javaHome);
    }
    return run(builder);
  }

  /** Everything that is printed, on both streams, and the exit code. */
  private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return printed + "exit " + process.waitFor();
  }
}
