package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.convlens.language.Language;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.lesson.Claims;
import io.github.convlens.lesson.Experiment.Section;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code convlens lesson} prints, as far as it is not in {@code lesson.golden}. */
class LessonCommandTest {
  private static String run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        ConvLens.run(
            InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), words);
    assertEquals(0, exit, err::toString);
    return out.toString();
  }

  /** 24 lines of 100 columns. */
  @Test
  void anExperimentFitsAScreen() {
    int experiments = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Language language : Language.values()) {
        for (Section section : Section.values()) {
          ExperimentsPart part = ExperimentsPart.of(section, language);
          for (int number = 1; number <= part.experiments().size(); number++) {
            StringWriter out = new StringWriter();
            part.only(List.of(number)).print(Optional.of(manager), new PrintWriter(out));
            String name = section.word() + " " + number;
            assertTrue(out.toString().lines().count() <= 24, name + " is too long:\n" + out);
            out.toString()
                .lines()
                .forEach(line -> assertTrue(Printable.width(line) <= 100, name + ": " + line));
            experiments++;
          }
        }
      }
    }
    assertEquals(2 * 40, experiments);
  }

  @Test
  void aClaimFitsAScreen() {
    for (Language language : Language.values()) {
      for (int number : List.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 11)) {
        StringWriter out = new StringWriter();
        new NotesPart(List.of(Claims.of(number)), language)
            .print(Optional.empty(), new PrintWriter(out));
        long lines = out.toString().lines().count();
        assertTrue(lines - 4 <= 24, number + " has " + lines + " lines, head and summary included");
        out.toString().lines().forEach(line -> assertTrue(Printable.width(line) <= 100, line));
      }
    }
  }

  /** The numbers of a table stand below each other in both languages. */
  @Test
  void tablesStandStraight() {
    for (int number : List.of(2, 3, 4, 8, 10)) {
      List<Integer> english = ends(number, Language.ENGLISH);
      assertEquals(english, ends(number, Language.CHINESE), "claim " + number);
    }
  }

  /** Where the lines end that are nothing but a name and numbers in columns. */
  private static List<Integer> ends(int number, Language language) {
    return Claims.of(number).in(language).lines().stream()
        .filter(line -> line.matches(".*\\S {2,}\\S.*\\d"))
        .map(Printable::width)
        .toList();
  }

  @Test
  void theNotebooksOfTheSectionsAreThere() {
    for (Section section : Section.values()) {
      if (section != Section.EXERCISES) {
        String path = run("lesson", section.word(), "--open").strip();
        assertTrue(Files.exists(Path.of(path)), path);
      }
    }
    assertTrue(Files.exists(Path.of(run("lesson", "notes", "--open").strip())));
  }

  /** {@code --lang} goes before the system's language. */
  @Test
  void theSystemsLanguageIsTaken() {
    Locale before = Locale.getDefault(Locale.Category.DISPLAY);
    try {
      Locale.setDefault(Locale.Category.DISPLAY, Locale.SIMPLIFIED_CHINESE);
      String chinese = run("lesson", "notes", "--claim", "4");
      assertTrue(chinese.contains("错误：需要 55 层。"), chinese);
      assertEquals(chinese, run("lesson", "notes", "--claim", "4", "--lang", "zh"));
      assertTrue(
          run("lesson", "notes", "--claim", "4", "--lang", "en").contains("WRONG: it takes"));
    } finally {
      Locale.setDefault(Locale.Category.DISPLAY, before);
    }
    assertTrue(run("lesson", "notes", "--claim", "4").contains("WRONG: it takes 55 layers."));
  }
}
