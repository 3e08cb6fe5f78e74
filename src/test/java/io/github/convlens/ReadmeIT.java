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
 * The README's commands print what the README shows, with the distribution that the build has just
 * made. In its {@code console} blocks a line with a dollar is a command, what follows is its
 * standard output, and a line {@code ...} stands for any lines. The build itself, in front of
 * {@code &&}, is not run again.
 */
class ReadmeIT {
  private static final Pattern CONSOLE = Pattern.compile("(?ms)^```console\\n(.*?)^```");
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");

  @TestFactory
  @EnabledOnOs({OS.LINUX, OS.MAC})
  Stream<DynamicTest> commandsPrintWhatIsShown() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    Matcher blocks = CONSOLE.matcher(Files.readString(Path.of("README.md")));
    while (blocks.find()) {
      for (String one : blocks.group(1).split("(?m)^(?=\\$ )")) {
        String[] parts = one.split("(?<!\\\\)\\n", 2); // a backslash carries the command on
        String command = parts[0].substring(2);
        List<String> expected = parts[1].lines().toList();
        tests.add(DynamicTest.dynamicTest(command, () -> check(command, expected)));
      }
    }
    assertTrue(tests.size() >= 5, "the README has commands");
    return tests.stream();
  }

  @Test
  void theSampleRuns() throws IOException, InterruptedException {
    Matcher sample = JAVA.matcher(Files.readString(Path.of("README.md")));
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
