package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.figure.Figure;
import io.github.convlens.figure.Figures;
import io.github.convlens.lesson.Claim;
import io.github.convlens.lesson.Claims;
import io.github.convlens.lesson.Verdict;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the notebooks are, taken together: complete, portable, and the same in both languages. */
class CourseTest {
  private static final List<String> NAMES =
      List.of(
          "01-convolution",
          "02-padding-and-stride",
          "03-channels",
          "04-pooling",
          "05-lenet",
          "06-receptive-field-and-cost",
          "07-the-notes-checked",
          "08-from-pytorch-to-djl",
          "09-exported-programs",
          "10-one-and-three-dimensions",
          "11-transposed-convolutions-and-unet");

  /** What is not the same on every machine, in every kernel, or at every time. */
  private static final Pattern NOT_PORTABLE =
      Pattern.compile(
          "(?m)^\\s*%"
              + "|nanoTime|currentTimeMillis|Instant\\.now|Math\\.random"
              + "|\\d ?(ms|milliseconds|seconds)\\b"
              + "|(?<![\\w.)/])/(home|root|tmp|usr|Users|work)/|[A-Z]:\\\\\\\\");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+\\.ipynb)\\)");

  @Test
  void allAreThereInBothLanguages() throws IOException {
    assertEquals(NAMES, names(SavedNotebooks.FOLDER));
    assertEquals(NAMES, names(SavedNotebooks.CHINESE));
  }

  @TestFactory
  Stream<DynamicTest> areForAnyJavaKernelAndAnyMachine() throws IOException {
    JsonObject kernel =
        json("{\"display_name\": \"Java\", \"language\": \"java\", \"name\": \"java\"}");
    return each(
        SavedNotebooks.all(),
        notebook -> {
          assertEquals(kernel, notebook.metadata().get("kernelspec"));
          assertEquals(
              "java",
              Output.string(notebook.metadata().getAsJsonObject("language_info").get("name")));
          for (Cell cell : notebook.cells()) {
            assertEquals(new JsonObject(), cell.json().get("metadata"), cell::toString);
            assertTrue(cell.id().matches("[a-z0-9-]{1,64}"), cell::toString);
            assertPortable(cell, cell.source());
            if (cell.isCode()) {
              cell.outputs().stream()
                  .filter(output -> !(output instanceof Output.Picture))
                  .forEach(output -> assertPortable(cell, output.toString()));
            }
          }
        });
  }

  @Test
  void whatIsNotPortableIsFound() {
    for (String text :
        List.of(
            "%maven a:b:1", "long t = System.nanoTime();", "took 12 ms", "Path.of(\"/tmp/a\")")) {
      assertTrue(NOT_PORTABLE.matcher(text).find(), text);
    }
    assertFalse(NOT_PORTABLE.matcher("5 % 3, 3 / 2 and d2l.ai/home").find());
  }

  @TestFactory
  Stream<DynamicTest> beginWithWhyAndImportsAndEndWithWhatToTakeAway() throws IOException {
    return each(
        SavedNotebooks.all(),
        notebook -> {
          List<Cell> cells = notebook.cells();
          assertTrue(cells.get(0).source().startsWith("# "), "a heading comes first");
          assertTrue(cells.get(1).source().startsWith("import "), "then the imports");
          assertTrue(ids(notebook).containsAll(List.of("why", "exercises", "takeaway")));
          assertFalse(cells.get(cells.size() - 1).isCode(), "no cell that ends the others' work");
          assertFalse(
              notebook.codeCells().stream()
                  .skip(1)
                  .anyMatch(cell -> cell.source().contains("import ")),
              "imports only in front");
          for (Cell cell : notebook.codeCells()) {
            assertTrue(
                cell.source().lines().allMatch(line -> line.length() <= 100), cell::toString);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> importNothingThatTheyDoNotUse() throws IOException {
    return each(
        SavedNotebooks.all(),
        notebook -> {
          String code =
              notebook.codeCells().stream().map(Cell::source).collect(Collectors.joining("\n"));
          Matcher imports =
              Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);$").matcher(code);
          Set<String> unused = new TreeSet<>();
          String body = code.replaceAll("(?m)^import .*$", "");
          while (imports.find()) {
            if (!Pattern.compile("\\b" + imports.group(1) + "\\b").matcher(body).find()) {
              unused.add(imports.group(1));
            }
          }
          assertEquals(Set.of(), unused);
        });
  }

  @TestFactory
  Stream<DynamicTest> linksLead() throws IOException {
    return each(
        SavedNotebooks.all(),
        notebook ->
            LINK.matcher(notebook.text())
                .results()
                .map(link -> notebook.file().resolveSibling(link.group(1)))
                .forEach(target -> assertTrue(Files.exists(target), target::toString)));
  }

  @TestFactory
  Stream<DynamicTest> theChineseHaveTheSameCodeAndNumbers() {
    return NAMES.stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Notebook english = read(SavedNotebooks.FOLDER, name);
                      Notebook chinese = read(SavedNotebooks.CHINESE, name);
                      assertEquals(ids(english), ids(chinese));
                      for (int i = 0; i < english.codeCells().size(); i++) {
                        Cell cell = english.codeCells().get(i);
                        Cell other = chinese.codeCells().get(i);
                        assertEquals(wordless(cell.source()), wordless(other.source()));
                        assertEquals(numbers(cell), numbers(other), other::toString);
                      }
                      chinese.cells().stream()
                          .filter(cell -> !cell.isCode())
                          .forEach(cell -> assertChinese(cell, cell.source()));
                    }));
  }

  /** Code without what is said in one language: strings, comments, the language of figures. */
  private static String wordless(String code) {
    return code.replaceAll("(?s)\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"", "\"\"")
        .replaceAll("(?m) *//.*$", "")
        .replaceAll("\\s*\\.in\\(Language\\.CHINESE\\)", "")
        .replaceAll("(?m)^import .*\\.Language;\n", "")
        .replaceAll("\"\"(?:\\s*\\+\\s*\"\")+", "\"\"")
        .replaceAll("\\s+", " ");
  }

  /** The numbers of what a cell printed, smallest text first: a sentence may have another order. */
  private static List<String> numbers(Cell cell) {
    return cell.outputs().stream()
        .filter(output -> !(output instanceof Output.Picture))
        .flatMap(
            output ->
                Pattern.compile("\\d+(?:[.,]\\d+)*")
                    .matcher(output.toString())
                    .results()
                    .map(found -> found.group()))
        .sorted()
        .toList();
  }

  private static void assertChinese(Cell cell, String text) {
    assertTrue(text.codePoints().anyMatch(Character::isIdeographic), cell::toString);
  }

  @TestFactory
  Stream<DynamicTest> haveExercisesThatAreCheckedAndPicturesThatAreDescribed() throws IOException {
    return each(
        SavedNotebooks.all(),
        notebook -> {
          boolean chinese = notebook.file().getParent().endsWith("zh");
          List<Exercise> exercises = Exercise.of(notebook);
          assertTrue(exercises.size() >= 4, "four exercises");
          for (Exercise exercise : exercises) {
            List<String> printed =
                printed(notebook, exercise.attempt().id()).strip().lines().toList();
            assertEquals(chinese ? "还不对" : "not yet", printed.get(printed.size() - 1));
          }
          for (Cell cell : notebook.codeCells()) {
            for (Output output : cell.outputs()) {
              if (output instanceof Output.Picture picture) {
                assertTrue(picture.alt().length() > 20, cell::toString);
                if (chinese) {
                  assertChinese(cell, picture.alt());
                }
              }
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> leadToTheBook() throws IOException {
    return each(
        SavedNotebooks.all(),
        notebook ->
            assertTrue(
                notebook
                    .text()
                    .contains(
                        notebook.file().getParent().endsWith("zh")
                            ? "](https://zh.d2l.ai/chapter_"
                            : "](https://d2l.ai/chapter_")));
  }

  /** The exact results of the lesson, each in the output of the cell that is about it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          02-padding-and-stride | same-size      | (8, 8)
          02-padding-and-stride | rectangular    | (8, 8)
          02-padding-and-stride | stride         | (4, 4)
          02-padding-and-stride | different      | (2, 2)
          02-padding-and-stride | padding        | [[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]]
          02-padding-and-stride | subsampling    | [[0, 8], [6, 8]]
          03-channels           | multi-in       | [[56, 72], [104, 120]]
          03-channels           | multi-in-out   | (3, 2, 2, 2)
          03-channels           | multi-in-out   | [[56, 72], [104, 120]]
          03-channels           | multi-in-out   | [[76, 100], [148, 172]]
          03-channels           | multi-in-out   | [[96, 128], [192, 224]]
          03-channels           | one-by-one     | equal: true
          01-convolution        | by-definition  | [[19, 25], [37, 43]]
          01-convolution        | edges          | [0, 1, 0, 0, 0, -1, 0]
          01-convolution        | transposed     | (8, 5), largest number 0
          01-convolution        | learn          | step  2: loss 4.9152
          01-convolution        | learn          | step  4: loss 0.8246
          01-convolution        | learn          | step  6: loss 0.1384
          01-convolution        | learn          | step  8: loss 0.0232
          01-convolution        | learn          | step 10: loss 0.0039
          01-convolution        | learn          | [0.98847, -0.98847]
          01-convolution        | composition    | equal: true
          04-pooling            | two-kinds      | [[4, 5], [7, 8]]
          04-pooling            | two-kinds      | [[2, 3], [5, 6]]
          04-pooling            | default-stride | [[10]]
          04-pooling            | padded         | [[5, 7], [13, 15]]
          04-pooling            | rectangular    | [[5, 7], [13, 15]]
          04-pooling            | channels       | [[[5, 7], [13, 15]], [[6, 8], [14, 16]]]
          05-lenet              | layer-by-layer | Conv2d      (1, 6, 28, 28)       156
          05-lenet              | layer-by-layer | LambdaBlock (1, 6, 28, 28)         0
          05-lenet              | layer-by-layer | LambdaBlock (1, 6, 14, 14)         0
          05-lenet              | layer-by-layer | Conv2d      (1, 16, 10, 10)     2416
          05-lenet              | layer-by-layer | LambdaBlock (1, 16, 10, 10)        0
          05-lenet              | layer-by-layer | LambdaBlock (1, 16, 5, 5)          0
          05-lenet              | layer-by-layer | LambdaBlock (1, 400)               0
          05-lenet              | layer-by-layer | Linear      (1, 120)           48120
          05-lenet              | layer-by-layer | LambdaBlock (1, 120)               0
          05-lenet              | layer-by-layer | Linear      (1, 84)            10164
          05-lenet              | layer-by-layer | LambdaBlock (1, 84)                0
          05-lenet              | layer-by-layer | Linear      (1, 10)              850
          05-lenet              | layer-by-layer | parameters: 61706
          09-exported-programs  | calls          | add          float32[s77, 24, 14, 14]
          09-exported-programs  | calls          | learned numbers: 20298
          09-exported-programs  | names          | fc.weight            (6, 1176)
          09-exported-programs  | fc-by-hand     | equal: true
          09-exported-programs  | verification   | 17 calls, all agree: true
          09-exported-programs  | save           | the same answer:  true
          09-exported-programs  | criteria       | the same answer: true
          10-one-and-three-dimensions | corr1d   | [2, 5, 8, 11, 14, 17]
          10-one-and-three-dimensions | conv1d   | [[2, 8, 14, 20, 26, 32]]
          10-one-and-three-dimensions | aliasing | the same as a low tone: true
          10-one-and-three-dimensions | gradient | samples that matter: 16
          10-one-and-three-dimensions | conv3d   | equal: true
          10-one-and-three-dimensions | costs    | 6,928 parameters
          11-transposed-convolutions-and-unet | by-hand        | [[0.0, 0.0, 1.0], [0.0, 4.0, 6.0], [4.0, 12.0, 9.0]]
          11-transposed-convolutions-and-unet | on-the-engine  | [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
          11-transposed-convolutions-and-unet | stride-2       | [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]]
          11-transposed-convolutions-and-unet | there-and-back | [[4]]
          11-transposed-convolutions-and-unet | as-matrix      | [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
          11-transposed-convolutions-and-unet | gradient       | [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
          11-transposed-convolutions-and-unet | upsample       | 65,600 parameters, 51,380,224 MACs
          11-transposed-convolutions-and-unet | unet-text      | Total: 14,274 parameters
          11-transposed-convolutions-and-unet | unet-run       | 17 / 17 agree
          """)
  void theLessonsResultsAreThere(String name, String id, String result) throws IOException {
    assertTrue(printed(read(SavedNotebooks.FOLDER, name), id).contains(result), result);
  }

  /** A claim is counted in cells of the reader's own; then comes what the library says of it. */
  @Test
  void eachClaimIsCountedAndThenHasItsVerdict() throws IOException {
    Notebook english = read(SavedNotebooks.FOLDER, "07-the-notes-checked");
    Notebook chinese = read(SavedNotebooks.CHINESE, "07-the-notes-checked");
    Map<Verdict.Outcome, String> words =
        Map.of(
            Verdict.Outcome.RIGHT, "正确",
            Verdict.Outcome.RIGHT_UNDER_A_CONDITION, "在一定条件下正确",
            Verdict.Outcome.WRONG, "错误");
    for (Claim claim : Claims.all()) {
      String id = "claim-" + claim.number();
      List<String> code = english.codeCells().stream().map(Cell::id).toList();
      assertTrue(
          code.subList(0, code.indexOf(id)).stream().anyMatch(each -> each.startsWith(id + "-")),
          id + " is counted before it is judged");
      assertTrue(
          printed(english, id).lines().allMatch(line -> line.length() <= 100), "lines that fit");
      assertEquals(
          claim.number() + ". " + claim.statement() + " " + claim.verdict().word(),
          withoutTheLastLine(english, id, "   our own count says so, too: true"));
      String inChinese = withoutTheLastLine(chinese, id, "   我们自己数的结果与此一致：true");
      assertTrue(inChinese.startsWith(claim.number() + ". "), inChinese);
      assertTrue(inChinese.endsWith("。 " + words.get(claim.verdict().outcome())), inChinese);
    }
  }

  /** What a cell printed, in one line, but for a last line that must be the given one. */
  private static String withoutTheLastLine(Notebook notebook, String id, String last) {
    List<String> lines = printed(notebook, id).stripTrailing().lines().toList();
    assertEquals(last, lines.get(lines.size() - 1), id);
    return lines.subList(0, lines.size() - 1).stream()
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  @Test
  void everyKindOfFigureIsShown() throws IOException {
    StringBuilder code = new StringBuilder();
    for (String name : NAMES) {
      read(SavedNotebooks.FOLDER, name).codeCells().stream()
          .filter(cell -> cell.outputs().stream().anyMatch(Output.Picture.class::isInstance))
          .forEach(cell -> code.append(cell.source()));
    }
    Set<String> kinds =
        Arrays.stream(Figures.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> Figure.class.isAssignableFrom(method.getReturnType()))
            .map(method -> method.getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(kinds.size() >= 8, kinds::toString);
    kinds.removeIf(kind -> code.indexOf("Figures." + kind + "(") >= 0);
    assertEquals(Set.of(), kinds);
  }

  private interface Check {
    void of(Notebook notebook) throws IOException;
  }

  private static Stream<DynamicTest> each(List<Path> files, Check check) {
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> check.of(Notebook.read(file))));
  }

  private static void assertPortable(Cell cell, String text) {
    Matcher found = NOT_PORTABLE.matcher(text);
    assertFalse(found.find(), () -> cell + ": " + found.group());
  }

  private static String printed(Notebook notebook, String id) {
    return notebook.codeCells().stream()
        .filter(cell -> cell.id().equals(id))
        .flatMap(cell -> cell.outputs().stream())
        .map(
            output ->
                output instanceof Output.Printed printed
                    ? printed.text()
                    : output instanceof Output.Value value ? value.text() : "")
        .collect(Collectors.joining("\n"));
  }

  private static List<String> ids(Notebook notebook) {
    return notebook.cells().stream().map(Cell::id).toList();
  }

  private static Notebook read(Path folder, String name) throws IOException {
    return Notebook.read(folder.resolve(name + ".ipynb"));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".ipynb"))
          .map(name -> name.replace(".ipynb", ""))
          .sorted()
          .toList();
    }
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
