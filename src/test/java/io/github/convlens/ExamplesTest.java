package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every example prints what the comments beside its lines say: {@code // -> (8, 8)}. One whose
 * output depends on its options and on data says nothing, and has a test of its own.
 */
class ExamplesTest {
  private static final String MARK = "// -> ";
  private static final int MOST_LINES = 80;

  @TestFactory
  Stream<DynamicTest> printsWhatItsCommentsSay() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("examples"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.toString(), () -> check(file)));
    }
  }

  private static void check(Path file) throws ReflectiveOperationException, IOException {
    List<String> source = Files.readAllLines(file);
    if (source.stream().noneMatch(line -> line.contains(MARK))) {
      Class.forName("io.github.convlens.lesson." + className(file) + "Test");
      return;
    }
    assertTrue(source.size() <= MOST_LINES, source.size() + " lines");
    List<String> expected =
        source.stream()
            .filter(line -> line.contains(MARK))
            .map(line -> line.substring(line.indexOf(MARK) + MARK.length()))
            .toList();
    assertEquals(expected, run(className(file)));
  }

  private static String className(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static List<String> run(String className) throws ReflectiveOperationException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Class.forName(className)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
