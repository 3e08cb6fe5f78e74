package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The commands of the README and of the manual print what is shown there, with the distribution
 * that the build has just made. In {@code console} blocks a line with a dollar is a command, what
 * follows is its standard output, and a line {@code ...} stands for any lines. The build itself, in
 * front of {@code &&}, is not run again.
 */
class ReadmeIT {
  private static final Pattern CONSOLE = Pattern.compile("(?ms)^ *```console\\n(.*?)^ *```");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
  private static final Path README = Path.of("README.md");
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");

  @TestFactory
  @EnabledOnOs({OS.LINUX, OS.MAC})
  Stream<DynamicTest> commandsPrintWhatIsShown() throws IOException {
    List<DynamicTest> tests = commands(README);
    assertTrue(tests.size() >= 5, "the README has commands");
    try (Stream<Path> pages = Files.list(Path.of("src", "site", "markdown"))) {
      for (Path page : pages.sorted().toList()) {
        tests.addAll(commands(page));
      }
    }
    return tests.stream();
  }

  private static List<DynamicTest> commands(Path page) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    Matcher blocks = CONSOLE.matcher(Files.readString(page));
    while (blocks.find()) {
      String block = blocks.group(1).stripTrailing().stripIndent() + "\n";
      for (String one : block.split("(?m)^(?=\\$ )")) {
        String[] parts = one.split("(?<!\\\\)\\n", 2); // a backslash carries the command on
        String command = parts[0].substring(2);
        List<String> expected = parts[1].lines().toList();
        tests.add(DynamicTest.dynamicTest(command, () -> check(command, expected)));
      }
    }
    return tests;
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertTrue(Files.readAllLines(README).size() <= 200, "200 lines");
  }

  @Test
  void linksLead() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README, Path.of("CONTRIBUTING.md")));
    try (Stream<Path> manual = Files.list(Path.of("src", "site", "markdown"))) {
      pages.addAll(manual.toList());
    }
    pages.add(Path.of("notebooks-java", "zh", "README.md"));
    for (Path page : pages) {
      Matcher links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        Path target = page.resolveSibling(links.group(1)).normalize();
        assertTrue(Files.exists(target), () -> page + ": " + target);
      }
    }
  }

  @Test
  void theSampleRuns() throws IOException, InterruptedException {
    Matcher sample = JAVA.matcher(Files.readString(README));
    assertTrue(sample.find(), "the README has a sample");
    Path file = Files.createTempDirectory("readme").resolve("Sample.java");
    Files.writeString(file, sample.group(1));
    List<String> expected =
        sample
            .group(1)
            .lines()
            .filter(l -> l.contains("// -> "))
            .map(l -> l.replaceAll(".*// -> ", ""))
            .toList();
    assertEquals(expected, run("java @examples/options " + file));
  }

  private static void check(String command, List<String> expected)
      throws IOException, InterruptedException {
    List<String> printed = run(command.replaceFirst("^mvn .* && ", ""));
    StringBuilder pattern = new StringBuilder();
    for (String line : expected) {
      pattern.append(line.equals("...") ? "(?:.*\\n)*" : Pattern.quote(line) + "\\n");
    }
    String text = String.join("\n", printed) + "\n";
    if (!text.matches(pattern.toString())) {
      assertEquals(String.join("\n", expected), text.strip());
    }
  }

  private static List<String> run(String command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Path bin = Path.of("target", "convlens", "bin").toAbsolutePath();
    builder.environment().merge("PATH", bin.toString(), (old, added) -> added + ":" + old);
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed.lines().map(String::stripTrailing).toList();
  }
}
