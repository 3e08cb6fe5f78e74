package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.language.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lesson in Chinese: the same numbers, and no English but names. */
class ChineseLessonTest {
  private static final Pattern NAMES =
      Pattern.compile(
          "floor|max\\(|padding='same'|(padding|kernel_size|stride)=|alexnet|resnet18|vgg16"
              + "|corr2d(MultiIn)?|kernel - 1|ONNX|SAME(_UPPER|_LOWER)?|PyTorch|TensorFlow|DJL|ReLU");

  private static boolean isChinese(String text) {
    return !Pattern.compile("[A-Za-z]{4,}")
        .matcher(NAMES.matcher(text).replaceAll("").replaceAll("(Conv|MaxPool)2d", ""))
        .find();
  }

  /** Claims in all their forms: right, wrong, impossible. */
  private static List<Claim> claims() {
    List<Claim> claims = new ArrayList<>(Claims.all());
    claims.add(Claims.of(1, 32, 5, 1, 28, 8, 1));
    claims.add(Claims.of(1, 32, 5, 1, 27, 7, 5));
    claims.add(Claims.of(2, 2));
    claims.add(Claims.of(3, 9, 5, 4, 2));
    claims.add(Claims.of(3, 9, 5, 3, 1));
    claims.add(Claims.of(4, 224, 5, 5, 44));
    claims.add(Claims.of(4, 224, 5, 4, 99));
    claims.add(Claims.of(4, 224, 6, 4, 44));
    claims.add(Claims.of(5, 224, 1, 1));
    claims.add(Claims.of(6, 2));
    claims.add(Claims.of(7, 224, 100, 5, 2, 8));
    claims.add(Claims.of(8, 3, 10, 5, 6, 7));
    claims.add(Claims.of(8, 3, 10, 5, 5, 5));
    claims.add(Claims.of(9, 5, 5, 3, 10));
    claims.add(Claims.of(10, 224, 1, 5, 2));
    claims.add(Claims.of(11, 1, 1, 1, 3));
    claims.add(Claims.of(11, 3, 7, 11, 1));
    claims.add(Claims.of(12, 8, 8, 1, 1, 1, 1));
    return claims;
  }

  private static Stream<String> texts(Claim claim) {
    return Stream.concat(
        Stream.of(claim.statement(), claim.verdict().toString()), claim.lines().stream());
  }

  @Test
  void noEnglishIsLeftInAClaim() {
    for (Claim claim : claims()) {
      texts(claim.in(Language.CHINESE))
          .forEach(text -> assertTrue(isChinese(text), claim.number() + ": " + text));
    }
  }

  @Test
  void aClaimHasTheSameNumbersInBothLanguages() {
    for (Claim claim : claims()) {
      Claim chinese = claim.in(Language.CHINESE);
      assertEquals(claim.verdict().outcome(), chinese.verdict().outcome());
      assertEquals(
          texts(claim).map(ChineseLessonTest::numbers).toList(),
          texts(chinese).map(ChineseLessonTest::numbers).toList());
      assertEquals(texts(claim).toList(), texts(chinese.in(Language.ENGLISH)).toList());
    }
  }

  /** All but 1: what is without stride in English has a stride of 1 in Chinese. */
  private static List<String> numbers(String text) {
    return Pattern.compile("\\d+")
        .matcher(text)
        .results()
        .map(number -> number.group())
        .filter(number -> !number.equals("1"))
        .sorted()
        .toList();
  }

  @Test
  void anExperimentIsTheSameButForItsWords() {
    for (Experiment experiment : Experiments.all()) {
      Experiment chinese = experiment.in(Language.CHINESE);
      assertTrue(chinese.title().matches(".*\\p{IsHan}.*"), chinese.title());
      chinese.arithmetic().forEach(line -> assertTrue(isChinese(line), line));
      assertEquals(experiment.code(), chinese.code());
      assertEquals(experiment.expected(), chinese.expected());
      assertEquals(
          experiment.arithmetic().stream().map(ChineseLessonTest::numbers).toList(),
          chinese.arithmetic().stream().map(ChineseLessonTest::numbers).toList());
    }
  }
}
