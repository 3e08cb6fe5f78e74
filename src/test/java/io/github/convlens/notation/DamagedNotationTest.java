package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.ProcessorTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a text is, there is an answer or one message, at once. */
@Tag("large")
class DamagedNotationTest {
  /** Many times what a long text takes; the square of its length takes minutes. */
  private static final Duration MOMENT = Duration.ofSeconds(4);

  private static final String JUNK = "()[]{},.:=*'\"#\\\n\t\0\u00ff\ud800 \u202e0123456789eExX-+/_";

  @Test
  void tenThousandDamagedNotationsAreAnsweredOrRefused() {
    Random random = new Random(1);
    List<String> texts = texts();
    List<String> damaged =
        Stream.generate(() -> damaged(texts.get(random.nextInt(texts.size())), random))
            .limit(10_000)
            .toList();
    long refused =
        ProcessorTime.assertUnder(
            MOMENT.multipliedBy(10),
            () -> damaged.stream().filter(DamagedNotationTest::isRefused).count());
    assertTrue(refused > 5_000 && refused < 10_000, refused + " refused");
  }

  /** A guard against work that grows with the square of the text: minutes instead of a moment. */
  @ParameterizedTest
  @ValueSource(strings = {"Conv2d(1, 1, 3),\n", "nn.ReLU(),\n", "(a): ReLU()\n", "x = ReLU()\n"})
  void aHundredThousandLayersAreReadInAMoment(String layer) {
    StringBuilder layers = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      layers.append(layer.replace("(a)", "(" + i + ")"));
    }
    String many = layer.contains("=") ? layers.toString() : "Sequential(" + layers + ")";
    ProcessorTime.assertUnder(MOMENT, () -> PyTorch.parse(many));
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    Oracle.table("leaves.tsv").forEach(row -> texts.addAll(List.of(row[1], row[2])));
    texts.add(Presets.text("lenet"));
    texts.add(Presets.text("squeezenet1_0"));
    texts.add(Oracle.text("pytorch_prints/alexnet.txt"));
    texts.add(Oracle.text("pytorch_prints/resnet18.txt"));
    return texts;
  }

  /** True for one clear message; any other exception fails the test. */
  private static boolean isRefused(String text) {
    try {
      PyTorch.parse(text).toString();
      return false;
    } catch (NotationException e) {
      String message = e.getMessage();
      assertTrue(message.startsWith("line " + e.line() + ", column " + e.column() + ": "), message);
      assertTrue(message.length() < 1500, message);
      assertTrue(message.lines().count() >= 4, message);
      return true;
    }
  }

  private static String damaged(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int times = 1 + random.nextInt(3); times > 0 && damaged.length() > 1; times--) {
      int at = random.nextInt(damaged.length());
      int to = Math.min(damaged.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(7)) {
        case 0 -> damaged.setLength(at);
        case 1 -> damaged.delete(at, to);
        case 2 -> damaged.insert(at, damaged.substring(at, to));
        case 3 -> damaged.setCharAt(at, damaged.charAt(random.nextInt(damaged.length())));
        case 4 -> damaged.insert(at, JUNK.charAt(random.nextInt(JUNK.length())));
        case 5 ->
            damaged.insert(at, Long.toString(random.nextLong()).repeat(1 + random.nextInt(3)));
        default -> damaged.insert(at, "nn.Sequential((".repeat(random.nextInt(300)));
      }
    }
    return damaged.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn.Sequential(",
        "(",
        "[",
        "X(\n(a): ",
        "nn.Conv2d((",
        "Residual(",
        "X([",
        "X(",
        "nn.Sequential([",
        "nn.Flatten(-",
        "float("
      })
  void nestingTenThousandDeepIsAMessage(String opening) {
    String text = opening.repeat(10_000);
    assertTrue(ProcessorTime.assertUnder(MOMENT, () -> isRefused(text)));
  }

  @Test
  void twoHundredLevelsAreReadAndOneMoreIsNot() {
    String open = "nn.Sequential(";
    assertEquals(
        "Sequential",
        PyTorch.parse(open.repeat(199) + "nn.ReLU()" + ")".repeat(199)).tree().type());
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse("nn.Sequential(\n".repeat(200) + "nn.ReLU()" + ")".repeat(200)));
    assertEquals(
        "line 201, column 1: more than 200 levels are nested here.\n  nn.ReLU()"
            + ")".repeat(51)
            + "\n  ^\nNest less deeply.",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "1+",
        "a",
        "A.",
        "-",
        "#",
        "[",
        "'",
        ",",
        "(a",
        "1",
        "\n",
        "nn.Conv2d(1,",
        "X(\n(0-9): 9 x "
      })
  void megabytesOfJunkTakeNoLongerThanReadingThem(String piece) {
    String text = piece.repeat(1_000_000 / piece.length());
    assertTrue(ProcessorTime.assertUnder(MOMENT, () -> isRefused(text)));
    assertTrue(ProcessorTime.assertUnder(MOMENT, () -> isRefused("nn.Conv2d(" + text)));
    assertTrue(ProcessorTime.assertUnder(MOMENT, () -> isRefused("nn.Sequential(" + text)));
    assertTrue(ProcessorTime.assertUnder(MOMENT, () -> isRefused("Mine(" + text)));
  }

  @Test
  void aHundredThousandLayersAreRead() {
    String text = "nn.Conv2d(3, 3, kernel_size=(3, 5), padding=(1, 2))\n".repeat(100_000);
    assertEquals(
        138 * 100_000L, ProcessorTime.assertUnder(MOMENT, () -> PyTorch.parse(text).parameters()));
  }

  @Test
  void repetitionsDoNotExplode() {
    String text = "X(\n(0-998): 999 x ".repeat(5) + "ReLU()" + ")".repeat(5);
    NotationException e = assertThrows(NotationException.class, () -> PyTorch.parse(text));
    assertEquals(
        "line 4, column 10: this makes more than 1000000 layers.\n"
            + "  (0-998): 999 x X(\n"
            + "           ^\n"
            + "Repeat it less often.",
        e.getMessage());
  }
}
