package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The README of src/test/python names each file of answers once, with the script that makes it anew
 * and the tests that read it, and nothing that is not there.
 */
class OracleScriptsTest {
  private static final Path SCRIPTS = Path.of("src/test/python");
  private static final Path ANSWERS = Path.of("src/test/resources/io/github/convlens");
  private static final List<String> FOLDERS =
      List.of("engine", "layer", "oracles", "program", "trace");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern RENDERED = Pattern.compile("trace/small\\b.*");

  /** The quoted words of each cell. */
  private record Row(List<String> answers, List<String> scripts, List<String> tests) {
    static Row of(String line) {
      String[] cells = line.split("\\|");
      return new Row(quoted(cells[1]), quoted(cells[2]), quoted(cells[3]));
    }

    private static List<String> quoted(String cell) {
      return QUOTED.matcher(cell).results().map((MatchResult each) -> each.group(1)).toList();
    }

    boolean names(String file) {
      return answers.stream().anyMatch(glob -> matches(glob, file));
    }
  }

  private static boolean matches(String glob, String file) {
    return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(file));
  }

  @Test
  void eachFileOfAnswersIsNamedOnce() throws IOException {
    List<Row> rows = rows();
    List<String> wrong = new ArrayList<>();
    for (String file : answers()) {
      long named = rows.stream().filter(row -> row.names(file)).count();
      if (named != 1) {
        wrong.add(file + " is named " + named + " times");
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void whatIsNamedIsThere() throws IOException {
    List<String> files = answers();
    List<String> tests = names(Path.of("src/test/java"), ".java");
    List<String> scripts = names(SCRIPTS, ".py");
    List<String> missing = new ArrayList<>();
    for (Row row : rows()) {
      row.answers().stream()
          .filter(glob -> files.stream().noneMatch(file -> matches(glob, file)))
          .forEach(missing::add);
      row.scripts().stream().filter(each -> !scripts.contains(each)).forEach(missing::add);
      row.tests().stream().filter(each -> !tests.contains(each + ".java")).forEach(missing::add);
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void eachScriptIsNamed() throws IOException {
    String readme = Files.readString(SCRIPTS.resolve("README.md"));
    assertEquals(
        List.of(),
        names(SCRIPTS, ".py").stream().filter(each -> !readme.contains("`" + each + "`")).toList());
  }

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(SCRIPTS.resolve("README.md")).stream()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(Row::of)
        .toList();
  }

  /** All files beside the tests but what ConvLens renders itself. */
  private static List<String> answers() throws IOException {
    List<String> answers = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(ANSWERS.resolve(folder))) {
        files
            .filter(Files::isRegularFile)
            .map(file -> ANSWERS.relativize(file).toString().replace('\\', '/'))
            .filter(file -> !RENDERED.matcher(file).matches())
            .forEach(answers::add);
      }
    }
    return answers;
  }

  private static List<String> names(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .toList();
    }
  }
}
