package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Of util-linux's script, which gives the command a terminal. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aTableIsAsWideAsTheTerminal() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")));
    String trace = "stty cols 72; '" + HOME.resolve("bin/convlens") + "' trace --net resnet18";
    ProcessBuilder builder = new ProcessBuilder("script", "-qec", trace, "/dev/null");
    builder.environment().remove("COLUMNS");
    builder.environment().put("NO_COLOR", "1");
    List<String> lines = run(builder).lines().map(String::stripTrailing).toList();
    assertTrue(lines.stream().allMatch(line -> line.length() <= 72), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.length() > 60), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("No room for ")), "it is narrow");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void helpIsAsWideAsTheTerminal() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")));
    String help = "stty cols 72; '" + HOME.resolve("bin/convlens") + "' nets --help";
    ProcessBuilder builder = new ProcessBuilder("script", "-qec", help, "/dev/null");
    builder.environment().remove("COLUMNS");
    builder.environment().put("NO_COLOR", "1");
    List<String> lines = run(builder).lines().map(String::stripTrailing).toList();
    assertTrue(
        lines.contains("List the networks that --net knows by name: input, parameters,"),
        lines.toString());
  }

  /** In its place Java opens a file of its own, which must not be read as the text. */
  @Test
  void saysThatStandardInputIsClosed() throws IOException, InterruptedException {
    for (String command : List.of("shape --batch -", "trace --input 8x8 -")) {
      String line = "'" + HOME.resolve("bin/convlens") + "' " + command + " <&-";
      assertEquals(
          "error: "
              + (command.contains("--batch") ? "option --batch: " : "")
              + "standard input is closed.\nGive a file, or text through a pipe.\nexit 2",
          run(new ProcessBuilder("sh", "-c", line).redirectErrorStream(true)));
    }
  }

  @Test
  void hasAPageForManOfEachCommand() throws IOException {
    Path pages = HOME.resolve("share/man/man1");
    for (String page : List.of("convlens.1", "convlens-shape.1", "convlens-weights-show.1")) {
      assertTrue(Files.readString(pages.resolve(page)).startsWith(".TH CONVLENS"), page);
    }
  }

  /** The class archive belongs to the old folder; nobody must notice. */
  @ParameterizedTest
  @ValueSource(strings = {"another folder", "two\nlines", "网络 é", "$HOME*'\"", "end\n"})
  void answersInAnotherFolder(String name) throws IOException, InterruptedException {
    Path moved = moved(name);
    assertEquals("[6, 5]\nexit 0", ask(moved.resolve("bin/convlens"), null));
  }

  /** The colon parts the entries of a class path, and nothing can quote it. */
  @Test
  void saysThatAColonCannotBe() throws IOException, InterruptedException {
    Path moved = moved("a:b").toRealPath();
    assertEquals(
        "error: Java cannot start from '"
            + moved
            + "': a colon parts two folders there.\n"
            + "Move ConvLens to a folder without one, or go through a link to it that has none.\n"
            + "exit 1",
        ask(moved.resolve("bin/convlens"), null));
    Path link = Files.createSymbolicLink(folder.resolve("link"), moved);
    assertEquals("[6, 5]\nexit 0", ask(link.resolve("bin/convlens"), null));
  }

  private Path moved(String name) throws IOException {
    Path moved = folder.resolve(name);
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
    return moved;
  }

  /** The collector of the quick commands gives way; what the JVM says is not in the answer. */
  @ParameterizedTest
  @CsvSource({
    "CONVLENS_OPTS, -XX:+UseG1GC, ''",
    "CONVLENS_OPTS, -XX:+UseSerialGC -Xmx200m, ''",
    "CONVLENS_OPTS, -Dany=*, ''",
    "JAVA_TOOL_OPTIONS, -XX:+UseParallelGC, 'Picked up JAVA_TOOL_OPTIONS: -XX:+UseParallelGC\n'",
    "JDK_JAVA_OPTIONS, -XX:+UseG1GC, 'NOTE: Picked up JDK_JAVA_OPTIONS: -XX:+UseG1GC\n'",
  })
  void answersWithOptionsOfTheUsers(String variable, String options, String said)
      throws IOException, InterruptedException {
    for (Path java : javas()) {
      Path errors = folder.resolve("errors");
      ProcessBuilder builder = question(HOME.resolve("bin/convlens"), java.toString());
      builder.environment().put(variable, options);
      builder.redirectError(errors.toFile());
      assertEquals("[6, 5]\nexit 0", run(builder));
      assertEquals(said.replace("\\n", "\n"), Files.readString(errors));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--garbage", "-XX:+Nope", "-XX:+UseG1GC -XX:+UseSerialGC", "-Xmx1"})
  void saysThatAnOptionIsWrongAndNotInTheAnswer(String options)
      throws IOException, InterruptedException {
    for (Path java : javas()) {
      Path errors = folder.resolve("errors");
      ProcessBuilder builder = question(HOME.resolve("bin/convlens"), java.toString());
      builder.environment().put("CONVLENS_OPTS", options);
      builder.redirectError(errors.toFile());
      assertEquals("exit 1", run(builder));
      assertTrue(Files.size(errors) > 0);
    }
  }

  /** Names and words that are not ASCII, in C and in locales that are not installed, too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LC_ALL=C.UTF-8",
        "LC_ALL=C",
        "LC_CTYPE=POSIX",
        "LANG=C",
        "LANG=C.UTF-8",
        "LC_ALL=xx_YY.UTF-8",
        "LC_CTYPE=xx_YY.UTF-8",
        "LANG=xx_YY.UTF-8"
      })
  void readsEveryName(String variable) throws IOException, InterruptedException {
    Path net = Files.writeString(folder.resolve("网络 é.txt"), "nn.MaxPool2d(2)");
    for (Path java : javas()) {
      ProcessBuilder builder =
          new ProcessBuilder(
              HOME.resolve("bin/convlens").toString(),
              "shape",
              "--input",
              "8x9",
              "--net",
              net.toString());
      locale(builder, variable);
      builder.environment().put("JAVA_HOME", java.toString());
      assertEquals("[4, 4]\nexit 0", run(builder.redirectErrorStream(true)));
    }
  }

  /** A locale that is not installed leaves Java with ASCII, where no script helps. */
  @Test
  void saysThatTheLocaleLacksLetters() throws IOException, InterruptedException {
    assumeTrue(OS.LINUX.isCurrentOs(), "Java on a Mac takes every name");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            HOME.resolve("lib") + "/*",
            "io.github.convlens.cli.ConvLens",
            "run",
            "--image",
            "图.png",
            "nn.ReLU()");
    locale(builder, "LANG=xx_YY.UTF-8");
    assertEquals(
        "error: Invalid value for option '--image': '\uFFFD\uFFFD\uFFFD.png' is not a file name in"
            + " this locale, whose encoding ANSI_X3.4-1968 lacks some of its letters.\n"
            + "Set another, such as LC_ALL=C.UTF-8.\n"
            + "Try 'convlens run --help'.\nexit 2",
        run(builder.redirectErrorStream(true)));
  }

  /** A short line may hold thousands of layers: what is kept for later lines stays small. */
  @Test
  void aBatchOfLargeNetworksNeedsLittleMemory() throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      int last = 3000 + i;
      lines.append("8x8\tSequential( ");
      lines.append("(0-").append(last).append("): ").append(last + 1).append(" x ReLU() )\n");
    }
    Path file = Files.writeString(folder.resolve("lines.tsv"), lines);
    ProcessBuilder builder =
        new ProcessBuilder(
            HOME.resolve("bin/convlens").toString(), "shape", "--batch", file.toString());
    builder.environment().put("CONVLENS_OPTS", "-Xmx64m");
    assertEquals("[8, 8]\n".repeat(300) + "exit 0", run(builder.redirectErrorStream(true)));
  }

  private static void locale(ProcessBuilder builder, String variable) {
    List.of("LC_ALL", "LC_CTYPE", "LANG").forEach(builder.environment()::remove);
    String[] parts = variable.split("=");
    builder.environment().put(parts[0], parts[1]);
  }

  /** Where a newer Java is installed beside this one, as Debian does it. */
  @Test
  void answersWithEveryJavaOfThisMachine() throws IOException, InterruptedException {
    for (Path java : javas()) {
      assertEquals("[6, 5]\nexit 0", ask(HOME.resolve("bin/convlens"), java.toString()));
    }
  }

  /** The one that builds, and what is installed beside it. */
  private static Set<Path> javas() throws IOException {
    Set<Path> javas = new TreeSet<>(Set.of(Path.of(System.getProperty("java.home")).toRealPath()));
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> homes = Files.list(installed)) {
        for (Path home : homes.filter(DistributionIT::isNewEnough).toList()) {
          javas.add(home.toRealPath());
        }
      }
    }
    return javas;
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
    assertEquals("[6, 5]\nexit 0", run(new ProcessBuilder(command).redirectErrorStream(true)));
  }

  private static String ask(Path script, String javaHome) throws IOException, InterruptedException {
    return run(question(script, javaHome).redirectErrorStream(true));
  }

  private static ProcessBuilder question(Path script, String javaHome) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(QUESTION);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_HOME");
    if (javaHome != null) {
      builder.environment().put("JAVA_HOME", javaHome);
    }
    return builder;
  }

  /** Everything that is printed, and the exit code. */
  private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return printed + "exit " + process.waitFor();
  }
}
