package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What each command prints, to the letter, in the files beside this test. A case is
 *
 * <pre>
 * $ convlens shape --input 8x8 "nn.MaxPool2d(2)"    the words, as in a shell
 * &lt; a line of standard input
 * &gt; a line of standard output
 * ! a line of standard error
 * = the exit code
 * </pre>
 *
 * <p>Run with {@code -Dconvlens.golden=write} to write what is printed now; then read the
 * difference.
 */
class GoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/github/convlens/cli");
  private static final boolean WRITE = "write".equals(System.getProperty("convlens.golden"));
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  @TestFactory
  Stream<DynamicTest> printsWhatTheFilesShow() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".golden")).sorted().toList().stream()
          .flatMap(GoldenTest::cases);
    }
  }

  private static Stream<DynamicTest> cases(Path file) {
    if (WRITE) {
      write(file, split(file).map(GoldenTest::replay).collect(Collectors.joining()));
    }
    return split(file)
        .filter(one -> one.startsWith("$ "))
        .map(
            one ->
                DynamicTest.dynamicTest(
                    file.getFileName() + ": " + one.lines().findFirst().orElseThrow(),
                    () -> assertEquals(one.strip(), replay(one).strip())));
  }

  private static Stream<String> split(Path file) {
    return Stream.of(read(file).split("(?m)^(?=\\$ )"));
  }

  /** The case with what its command prints now. */
  private static String replay(String golden) {
    if (!golden.startsWith("$ ")) {
      return golden;
    }
    List<String> lines = golden.lines().toList();
    List<String> words = words(lines.get(0).substring(2));
    String stdin =
        String.join(
            "",
            lines.stream()
                .filter(l -> l.startsWith("< "))
                .map(l -> l.substring(2) + "\n")
                .toList());
    InputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        ConvLens.run(
            in,
            new PrintWriter(out),
            new PrintWriter(err),
            words.subList(1, words.size()).toArray(String[]::new));
    StringBuilder replayed = new StringBuilder(lines.get(0)).append('\n');
    stdin.lines().forEach(line -> replayed.append("< ").append(line).append('\n'));
    out.toString().lines().forEach(line -> replayed.append(("> " + line).strip()).append('\n'));
    err.toString().lines().forEach(line -> replayed.append(("! " + line).strip()).append('\n'));
    return replayed.append("= ").append(exit).append("\n\n").toString();
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(
          matcher.group(1) != null
              ? matcher.group(1)
              : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
    }
    return words;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text.stripTrailing() + "\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
