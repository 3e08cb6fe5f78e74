package io.github.convlens.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.layer.Axis;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiments;
import io.github.convlens.lesson.Verdict;
import io.github.convlens.plan.SamePadding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of Chinese texts, beside the texts that the code says. */
class LanguageTest {
  private static final Path TABLE =
      Path.of("src/main/resources/io/github/convlens/language/zh.tsv");
  private static final String LITERAL = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final Pattern SAID =
      Pattern.compile("language\\s*\\.say\\(\\s*(" + LITERAL + "(?:\\s*\\+\\s*" + LITERAL + ")*)");
  private static final Pattern PLACEHOLDER = Pattern.compile("%(\\d+\\$)?([-,.\\d]*[a-z%])");

  /** Texts that the code says by a name of something, not by a literal. */
  private static List<String> named() {
    List<String> texts = new ArrayList<>(List.of("MACs", "operations", "flops"));
    for (Axis axis : Axis.values()) {
      texts.add(axis.toString());
    }
    Axis.of(2).forEach(axis -> texts.add(axis.lines()));
    for (SamePadding.Author author : SamePadding.Author.values()) {
      texts.add(author.toString());
    }
    SamePadding.compare(3, 2, 8).forEach(each -> texts.add(each.rule()));
    for (Verdict.Outcome outcome : Verdict.Outcome.values()) {
      texts.add(outcome.name().replace('_', ' '));
    }
    for (Experiment.Section section : Experiment.Section.values()) {
      texts.add(section.heading(Language.ENGLISH));
      texts.add(section.bookTitle(Language.ENGLISH));
    }
    for (Experiment experiment : Experiments.all()) {
      texts.add(experiment.title());
      texts.addAll(experiment.arithmetic());
    }
    return texts;
  }

  private static TreeSet<String> said() throws IOException {
    TreeSet<String> said = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Matcher calls = SAID.matcher(Files.readString(file));
        while (calls.find()) {
          said.add(
              Pattern.compile(LITERAL)
                  .matcher(calls.group(1))
                  .results()
                  .map(literal -> literal.group(1).translateEscapes())
                  .collect(Collectors.joining()));
        }
      }
    }
    return said;
  }

  private static Map<String, String> table() throws IOException {
    Map<String, String> table = new TreeMap<>();
    for (String line : Files.readAllLines(TABLE, StandardCharsets.UTF_8)) {
      String[] cells = line.split("\t", -1);
      assertEquals(2, cells.length, line);
      assertEquals(null, table.put(cells[0], cells[1]), "twice: " + line);
    }
    return table;
  }

  @Test
  void everyTextInTheCodeHasItsChinese() throws IOException {
    TreeSet<String> missing = said();
    assertTrue(missing.size() > 150, "the texts are found");
    missing.removeAll(table().keySet());
    assertEquals(new TreeSet<>(), missing);
  }

  /** Words without Chinese are those of PyTorch, and numbers. */
  @Test
  void everyNamedTextHasItsChineseOrNeedsNone() {
    Pattern word = Pattern.compile("(?<![A-Za-z'_])(?!floor|max\\(|padding=)[a-z]{2,}");
    List<String> missing =
        named().stream()
            .filter(text -> Language.CHINESE.translation(text).isEmpty())
            .filter(text -> word.matcher(text).find())
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everyLineOfTheTableIsSaid() throws IOException {
    TreeSet<String> idle = new TreeSet<>(table().keySet());
    idle.removeAll(said());
    named().forEach(idle::remove);
    assertEquals(new TreeSet<>(), idle);
  }

  /** Each placeholder stands in both, with its type, whatever the order. */
  @Test
  void placeholdersAreTheSame() throws IOException {
    table().forEach((english, chinese) -> assertEquals(kinds(english), kinds(chinese), english));
  }

  private static Map<Integer, String> kinds(String template) {
    Map<Integer, String> kinds = new TreeMap<>();
    Matcher matcher = PLACEHOLDER.matcher(template);
    int next = 1;
    while (matcher.find()) {
      String kind = matcher.group(2);
      if (!kind.equals("%")) {
        String place = matcher.group(1);
        int index =
            place == null ? next++ : Integer.parseInt(place.substring(0, place.length() - 1));
        kinds.put(index, kind.substring(kind.length() - 1));
      }
    }
    return kinds;
  }

  /** d2l's terms, and full-width punctuation behind Chinese. */
  @Test
  void theChineseIsThatOfTheBook() throws IOException {
    Pattern narrow = Pattern.compile("\\p{IsHan} ?[,;:!?]|[,;:!?] ?\\p{IsHan}");
    table()
        .forEach(
            (english, chinese) -> {
              for (String other : List.of("池化", "图片", "步长", "滤波", "安定")) {
                assertFalse(chinese.contains(other), chinese);
              }
              assertFalse(narrow.matcher(chinese).find(), chinese);
            });
  }

  @Test
  void whatHasNoTranslationStaysEnglish() {
    assertEquals("a layer of mine, 3", Language.CHINESE.say("a layer of mine, %d", 3));
    assertEquals("100 %", Language.CHINESE.say("100 %"));
    assertEquals("输出 (1, 2)", Language.CHINESE.say("output (%d, %d)", 1, 2));
    assertEquals("output (1, 2)", Language.ENGLISH.say("output (%d, %d)", 1, 2));
  }

  /** The digits are the same everywhere. */
  @Test
  void numbersDoNotFollowTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals("输入 1,024", Language.CHINESE.say("input %s", Language.ENGLISH.say("%,d", 1024)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aLocaleHasItsLanguage() {
    assertEquals(Language.CHINESE, Language.of(Locale.SIMPLIFIED_CHINESE));
    assertEquals(Language.CHINESE, Language.of(Locale.forLanguageTag("zh-Hant-TW")));
    assertEquals(Language.ENGLISH, Language.of(Locale.ROOT));
    assertEquals(Language.ENGLISH, Language.of(Locale.FRENCH));
  }
}
