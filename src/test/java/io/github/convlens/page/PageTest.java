package io.github.convlens.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Page;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.notation.DjlCode;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.SmallestInput;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page answers is what the core answers, in a real browser. */
class PageTest {
  @TempDir private static Path folder;

  private static OpenPage open;
  private static Page page;

  @BeforeAll
  static void openThePage() throws IOException {
    open = new OpenPage(folder);
    page = open.page();
  }

  @AfterAll
  static void closeThePage() {
    if (open != null) {
      open.close();
      assertEquals(List.of(), open.complaints(), "what scripts reported or asked a network for");
    }
  }

  /** What the page shows of an answer. */
  private record Shown(String shape, String error, String pytorch, String djl) {}

  private static Shown shown() {
    JsonObject texts =
        json(
            """
            Object.fromEntries(['shape', 'error', 'pytorch', 'djl'].map(
                (id) => [id, document.getElementById(id).textContent]))
            """);
    return new Gson().fromJson(texts, Shown.class);
  }

  private static JsonObject json(String script) {
    String text = (String) page.evaluate("() => JSON.stringify(" + script + ")");
    return new Gson().fromJson(text, JsonObject.class);
  }

  /** The core's answer, asked directly. */
  private static Shown expected(String layers, Shape input) {
    try {
      LayerSpec layer = SmallestInput.resolve(PyTorch.parse(layers).layer(), input);
      Shape output = layer.output(input);
      return new Shown(ShapeText.listed(output), "", layer.toString(), DjlCode.of(layer, input));
    } catch (NotationException | ShapeException e) {
      return new Shown("", e.getMessage(), "", "");
    }
  }

  /** Moves one number, as typing into its box does. */
  private static void move(String id, long value) {
    page.evaluate(
        """
        ([id, value]) => {
          const box = document.getElementById(id);
          box.value = value;
          box.dispatchEvent(new Event('input'));
        }
        """,
        List.of(id, String.valueOf(value)));
  }

  @Test
  void twoHundredAndFiftyRandomSettingsOfTheNumbersAreAnsweredAsByTheCore() {
    open.type("nn.Conv2d(1, 1, 3)", "1x1x8x8");
    page.uncheck("#n-both");
    Random random = new Random(6);
    int refused = 0;
    for (int i = 0; i < 250; i++) {
      String type =
          List.of("Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d").get(random.nextInt(4));
      page.selectOption("#type", type);
      SetNumbers numbers = SetNumbers.random(type, random);
      numbers.values().forEach(PageTest::move);
      String written = page.inputValue("#layers");
      assertEquals(layer(numbers.notation()), layer(written), written);
      String[] sizes = page.inputValue("#input").split("x"); // 1xCxHxW, as it began
      Shape input = numbers.input(Long.parseLong(sizes[1]));
      assertEquals(ShapeText.crossed(input), String.join("x", sizes));
      Shown expected = expected(written, input);
      assertEquals(expected, shown(), written + " on " + input);
      refused += expected.error().isEmpty() ? 0 : 1;
    }
    assertTrue(refused > 50 && refused < 200, refused + " refused");
  }

  /** What a text means; the same for all texts that mean nothing. */
  private static Optional<LayerSpec> layer(String notation) {
    try {
      return Optional.of(PyTorch.parse(notation).layer());
    } catch (NotationException e) {
      return Optional.empty();
    }
  }

  @Test
  void sixHundredRandomLayersAreAnsweredAsByPyTorch() {
    int errors = 0;
    int rows = 0;
    for (String line : oracle("random_layers.tsv")) {
      String[] fields = line.split("\t");
      open.type(fields[1], fields[0]);
      Shown shown = shown();
      String answer = shown.error().isEmpty() ? shown.shape() : "error";
      assertEquals(fields[2], answer, line);
      errors += answer.equals("error") ? 1 : 0;
      rows++;
    }
    assertEquals(600, rows);
    assertTrue(errors > 100, errors + " errors");
  }

  private static List<String> oracle(String name) {
    try (var in = PageTest.class.getResourceAsStream("/io/github/convlens/oracles/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void twoHundredDamagedTextsGetTheCoresMessage() {
    Random random = new Random(3);
    String text = Presets.text("lenet").replaceAll("(?m)^#.*\\n", "");
    for (int i = 0; i < 200; i++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        int at = random.nextInt(damaged.length());
        damaged.replace(at, Math.min(damaged.length(), at + random.nextInt(6)), junk(random));
      }
      open.type(damaged.toString(), "1x1x28x28");
      assertEquals(expected(damaged.toString(), new Shape(1, 1, 28, 28)), shown());
    }
  }

  private static String junk(Random random) {
    String characters = "()[],.=*'\"#\\\n\t\u00ff \u202e09eExX-+/_\u5377";
    return characters.substring(random.nextInt(characters.length())).substring(0, 1);
  }

  @Test
  void endlessNestingGetsAMessage() {
    String text = "nn.Sequential(".repeat(20_000);
    open.type(text, "8x8");
    assertEquals(expected(text, new Shape(1, 1, 8, 8)), shown());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "8x", "axb", "0x8", "1x1x1x1x1", "8x9223372036854775808"})
  void inputsThatAreNoneGetAMessage(String input) {
    open.type("nn.Conv2d(1, 1, 3)", input);
    assertEquals(
        "'"
            + input
            + "' is not an input. Use HxW, CxHxW or NxCxHxW with sizes from 1, such as 8x8,"
            + " 3x224x224 or 1x3x224x224.",
        shown().error());
  }

  @Test
  void knownNetworksAreTraced() {
    for (String net : Presets.names()) {
      page.selectOption("#net", net);
      Shape input = Presets.input(net);
      Trace trace =
          Trace.of(PyTorch.parse(Presets.text(net)).layer(), input, Convention.TORCHVISION);
      assertEquals(expected(Presets.text(net), input), shown(), net);
      String rows = trace.rows().stream().map(PageTest::tableRow).collect(Collectors.joining("\n"));
      assertEquals(
          rows,
          page.evaluate(
              """
              [...document.querySelectorAll('#rows tbody tr')].map(
                  (row) => [...row.cells].map((cell) => cell.textContent).join('|')).join('\\n')
              """));
    }
  }

  private static String tableRow(Row row) {
    return "%s|%s|%s|%,d|%,d"
        .formatted(
            row.path(),
            row.notation(),
            ShapeText.listed(row.output()),
            row.parameters(),
            row.macs());
  }
}
