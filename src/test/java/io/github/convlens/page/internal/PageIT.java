package io.github.convlens.page.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Page;
import io.github.convlens.code.JavaCode;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page answers is what the core answers, in a real browser. */
class PageIT {
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
  private record Shown(String shape, String error, String pytorch, String djl, List<String> notes) {
    static Shown error(String error) {
      return new Shown("", error, "", "", List.of());
    }
  }

  private static final String SHOWN =
      """
      Object.fromEntries([
          ...['shape', 'error', 'pytorch', 'djl'].map(
              (id) => [id, document.getElementById(id).textContent]),
          ['notes', [...document.querySelectorAll('#notes li')].map((e) => e.textContent)]])
      """;

  private static Shown shown() {
    return new Gson().fromJson(json(SHOWN), Shown.class);
  }

  /** Types one question after the other, in one go; what the page shows of each. */
  private static List<Shown> shownOfAll(List<List<String>> questions) {
    String shown =
        (String)
            page.evaluate(
                """
                (questions) => JSON.stringify(questions.map((texts) => {
                  for (const [i, id] of ['layers', 'input'].entries()) {
                    const field = document.getElementById(id);
                    if (field.value === texts[i]) continue;
                    field.value = texts[i];
                    field.dispatchEvent(new Event('input'));
                  }
                  return SHOWN;
                }))
                """
                    .replace("SHOWN", SHOWN),
                questions);
    return List.of(new Gson().fromJson(shown, Shown[].class));
  }

  private static JsonObject json(String script) {
    String text = (String) page.evaluate("() => JSON.stringify(" + script + ")");
    return new Gson().fromJson(text, JsonObject.class);
  }

  /** The core's answer, asked directly. */
  private static Shown expected(String layers, Shape input) {
    try {
      Graph graph = PyTorch.parse(layers);
      try {
        Trace trace = Trace.of(graph, input, Convention.TORCHVISION);
        return new Shown(
            ShapeText.listed(trace.output()),
            "",
            trace.network().graph().toString(),
            code(trace),
            texts(trace.notes()));
      } catch (ShapeException e) {
        return new Shown("", e.getMessage(), "", "", texts(graph.notes()));
      }
    } catch (NotationException e) {
      return Shown.error(e.getMessage());
    }
  }

  /** DJL's code; nothing where DJL has no such layer. */
  private static String code(Trace trace) {
    try {
      return JavaCode.of(trace.network(), JavaCode.Options.DEFAULT);
    } catch (ShapeException e) {
      return "";
    }
  }

  private static List<String> texts(List<Note> notes) {
    return notes.stream().map(Note::toString).toList();
  }

  /** Moves numbers that are to change, as typing into their boxes does. */
  private static void move(Map<String, Long> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((id, value) -> texts.put(id, value.toString()));
    page.evaluate(
        """
        (values) => {
          for (const [id, value] of Object.entries(values)) {
            const box = document.getElementById(id);
            if (box.value === value) continue;
            box.value = value;
            box.dispatchEvent(new Event('input'));
          }
        }
        """,
        texts);
  }

  @Test
  void twoHundredAndFiftyRandomSettingsOfTheNumbersAreAnsweredAsByTheCore() {
    open.type("nn.Conv2d(1, 1, 3)", "1x1x8x8");
    page.uncheck("#n-both");
    Random random = new Random(6);
    int refused = 0;
    SetNumbers numbers = SetNumbers.random("Conv2d", random);
    for (int i = 0; i < 250; i++) {
      if (i % 4 == 0) {
        String kind = List.of("Conv", "ConvTranspose", "MaxPool", "AvgPool").get(random.nextInt(4));
        numbers = SetNumbers.random(kind + (random.nextInt(4) == 0 ? "1d" : "2d"), random);
        page.selectOption("#type", numbers.type());
      } else {
        numbers = numbers.changed(random);
      }
      set(numbers);
      String written = page.inputValue("#layers");
      assertEquals(graph(numbers.notation()), graph(written), written);
      String[] sizes = page.inputValue("#input").split("x"); // 1xC..., as it began
      Shape input = numbers.input(Long.parseLong(sizes[1]));
      assertEquals(ShapeText.crossed(input), String.join("x", sizes));
      Shown expected = expected(written, input);
      assertEquals(expected, shown(), written + " on " + input);
      refused += expected.error().isEmpty() ? 0 : 1;
    }
    assertTrue(refused > 50 && refused < 200, refused + " refused");
  }

  /** Ticks, chooses and moves what can be seen, as a reader does. */
  private static void set(SetNumbers numbers) {
    Map<String, Boolean> boxes = new LinkedHashMap<>();
    for (String box : List.of("bias", "same", "sides", "ceil", "count_include_pad")) {
      boxes.put("n-" + box, numbers.choices().has(box));
    }
    page.evaluate(
        """
        ([boxes, mode]) => {
          for (const [id, wanted] of Object.entries(boxes)) {
            const box = document.getElementById(id);
            if (box && box.offsetParent && box.checked !== wanted) box.click();
          }
          const select = document.getElementById('padding_mode');
          if (select && select.offsetParent) {
            select.value = mode;
            select.dispatchEvent(new Event('change'));
          }
        }
        """,
        List.of(boxes, numbers.choices().mode()));
    move(numbers.values());
  }

  /** What a text means; the same for all texts that mean nothing. */
  private static Optional<String> graph(String notation) {
    try {
      return Optional.of(PyTorch.parse(notation).toString());
    } catch (NotationException e) {
      return Optional.empty();
    }
  }

  @Test
  void sixHundredRandomLayersAreAnsweredAsByPyTorch() {
    List<String[]> lines =
        oracle("random_layers.tsv").stream()
            .map(line -> line.split("\t"))
            .sorted(Comparator.comparing(line -> line[0])) // the same input is typed once
            .toList();
    assertEquals(600, lines.size());
    List<Shown> all = shownOfAll(lines.stream().map(line -> List.of(line[1], line[0])).toList());
    int errors = 0;
    for (int i = 0; i < lines.size(); i++) {
      String answer = all.get(i).error().isEmpty() ? all.get(i).shape() : "error";
      assertEquals(lines.get(i)[2], answer, String.join(" ", lines.get(i)));
      errors += answer.equals("error") ? 1 : 0;
    }
    assertTrue(errors > 100, errors + " errors");
  }

  private static List<String> oracle(String name) {
    try (var in = PageIT.class.getResourceAsStream("/io/github/convlens/oracles/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void twoHundredDamagedTextsGetTheCoresMessage() {
    Random random = new Random(3);
    String text = Presets.text("lenet").replaceAll("(?m)^#.*\\n", "");
    List<List<String>> questions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        int at = random.nextInt(damaged.length());
        damaged.replace(at, Math.min(damaged.length(), at + random.nextInt(6)), junk(random));
      }
      questions.add(List.of(damaged.toString(), "1x1x28x28"));
    }
    List<Shown> all = shownOfAll(questions);
    for (int i = 0; i < 200; i++) {
      String damaged = questions.get(i).get(0);
      assertEquals(expected(damaged, new Shape(1, 1, 28, 28)), all.get(i), damaged);
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
  @ValueSource(strings = {"", "8x", "axb", "0x8", "1x1x1x1x1x1", "8x9223372036854775808"})
  void inputsThatAreNoneGetAMessage(String input) {
    open.type("nn.Conv2d(1, 1, 3)", input);
    assertEquals(
        "'"
            + input
            + "' is not an input. Use HxW, CxHxW or NxCxHxW with sizes from 1, such as 8x8,"
            + " 3x224x224 or 1x3x224x224; L or DxHxW in place of HxW for layers of one or three"
            + " axes.",
        shown().error());
  }

  @Test
  void knownNetworksAreTraced() {
    for (String net : Presets.names()) {
      page.selectOption("#net", net);
      Shape input = Presets.input(net);
      Trace trace = Trace.of(PyTorch.parse(Presets.text(net)), input, Convention.TORCHVISION);
      assertEquals(expected(Presets.text(net), input), shown(), net);
      String rows = trace.rows().stream().map(PageIT::tableRow).collect(Collectors.joining("\n"));
      assertEquals(
          rows,
          page.evaluate(
              """
              [...document.querySelectorAll('#rows tbody tr')].map(
                  (row) => [...row.cells].map((cell) => cell.textContent).join('|')).join('\\n')
              """));
    }
  }

  /** A class that nobody knows, and a Linear in front of which a flatten is missing. */
  @Test
  void whatIsAssumedOfAPrintIsSaid() {
    String print =
        """
        Net(
          (conv): Conv2d(3, 8, kernel_size=(3, 3))
          (bn): BatchNorm2d(8, eps=0.001, momentum=0.03)
          (fc): Linear(in_features=288, out_features=10)
        )
        """;
    open.type(print, "3x8x8");
    Shown shown = shown();
    assertEquals(expected(print, new Shape(1, 3, 8, 8)).notes(), shown.notes());
    assertEquals(2, shown.notes().size(), shown.notes().toString());
    assertEquals("[10]", shown.shape());
    assertEquals(expected(print, new Shape(1, 3, 8, 8)).djl(), shown.djl());
  }

  /** Layers of one and three axes have shapes, costs and code; sequences are drawn, too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nn.Conv1d(4, 8, 3, padding=1)                         | 1x4x100      | [1, 8, 100]
          nn.Conv3d(3, 8, 3)                                    | 1x3x8x16x16  | [1, 8, 6, 14, 14]
          nn.ConvTranspose1d(4, 8, 3, stride=2)                 | 1x4x10       | [1, 8, 21]
          nn.AvgPool1d(2)                                       | 1x4x10       | [1, 4, 5]
          nn.Sequential(nn.Conv1d(4, 8, 3), nn.MaxPool1d(2))    | 1x4x100      | [1, 8, 49]
          """)
  void otherNumbersOfAxesAreAnswered(String layers, String input, String shape) {
    open.type(layers, input);
    Shown shown = shown();
    assertEquals("", shown.error());
    assertEquals(shape, shown.shape());
    // of a transposed convolution of one axis there is no block, so no code either
    assertEquals(!layers.contains("Transpose"), shown.djl().contains("final class Network"));
    boolean isSequence = layers.contains("1d");
    assertEquals(isSequence, page.isVisible("#drawing"), "sequences are drawn, volumes are not");
    boolean isOne = !layers.contains("Sequential");
    assertEquals(isSequence && isOne, page.isVisible("#sliders"));
    assertEquals(layers, page.inputValue("#layers"), "nothing is rewritten");
  }

  /** The picture is made inside: there is a window to draw, and no receptive field on an input. */
  @Test
  void aWindowBehindAVectorIsDrawnWithoutAField() {
    open.type(
        "nn.Sequential(nn.Embedding(5, 64), nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 1, 3))", "2");
    page.click("#rows tbody tr:nth-child(3) button");
    page.press("#output-grid", "Home");
    assertTrue(page.isVisible("#drawing") && page.isHidden("#field-figure"));
    assertEquals("", page.textContent("#field"));
    assertTrue(page.textContent("#reads").startsWith("Output [0, 0] reads rows 0 to 2"));
  }

  /** Of 13x13 pixels two dilated convolutions see 7x7. */
  @Test
  void aFieldHasItsHoles() {
    open.type(
        "nn.Sequential(nn.Conv2d(1, 1, 3, dilation=2), nn.Conv2d(1, 1, 3, dilation=4))", "20x20");
    page.click("#rows tbody tr:nth-child(2) button");
    page.press("#output-grid", "Home");
    assertEquals(
        "Output [0, 0]: Receptive field on the 20x20 picture that goes in: rows 0 to 12 and columns"
            + " 0 to 12. There are holes: it sees 49 of these 169 pixels.",
        page.textContent("#field"));
    String seen = page.getAttribute("#field-grid .seen", "d");
    assertEquals(49, seen.chars().filter(c -> c == 'z').count());
  }

  /** Values are those of kernels, maxima and means; others are left out, not made up. */
  @Test
  void aPowerAverageShowsItsWindowWithoutValues() {
    open.type("nn.LPPool2d(2, 2)", "4x4");
    page.press("#output-grid", "Home");
    assertEquals("[2, 2]", shown().shape());
    assertTrue(page.textContent("#reads").startsWith("Output [0, 0] reads rows 0 to 1"));
    assertEquals("", page.textContent("#cell"));
  }

  /** The shape is known though DJL has no such layer; nothing of the question before stays. */
  @Test
  void aLayerThatDjlLacksIsAnsweredWithoutCode() {
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    open.type("nn.Conv2d(1, 3000000000, 1)", "8x8");
    assertEquals(
        new Shown("[8, 8]", "", "Conv2d(1, 3000000000, kernel_size=(1, 1))", "", List.of()),
        shown());
    assertEquals(
        "There is no DJL code for this:\n"
            + "Conv2d(1, 3000000000, kernel_size=(1, 1)): DJL takes out_channels up to 2^31 - 1.\n"
            + "Here it is 3000000000.\nUse a smaller number.",
        page.textContent("#no-code"));
    assertTrue(page.isHidden("#djl"), "no empty box");
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    assertTrue(page.isVisible("#djl") && page.isHidden("#no-code"), "the code is back");
  }

  /** Whatever fails, nothing of the old answer stays. */
  @Test
  void aFailureIsShownInsteadOfTheOldAnswer() {
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    page.evaluate(
        """
        () => {
          const parse = JSON.parse;
          JSON.parse = () => { throw new Error('broken'); };
          const field = document.getElementById('layers');
          field.value = 'nn.Conv2d(1, 1, 5)';
          field.dispatchEvent(new Event('input'));
          JSON.parse = parse;
        }
        """);
    assertEquals(Shown.error("This page failed, which is a fault of ours: Error: broken"), shown());
    assertTrue(page.isHidden("#drawing") && page.isHidden("#code"), "nothing is drawn");
    assertTrue(page.isVisible("#error"), "the reason is");
    open.type("nn.Conv2d(1, 1, 5)", "8x8");
    assertEquals("[4, 4]", shown().shape());
    assertTrue(page.isVisible("#drawing") && page.isVisible("#code"), "all is back");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nn.MaxPool2d(5000)                   | 8000x8000    | [0, 0] reads rows 0 to 4999 and columns 0 to 4999
          nn.Conv2d(1, 1, (1, 4097))           | 8x9000       | [7, 4903] reads row 7 and columns 4903 to 8999
          nn.Conv2d(1, 1, 1)                   | 3000000000x6 | [2999999999, 5] reads row 2999999999 and column 5
          nn.Conv2d(1, 1, 2, dilation=2)       | 8x8          | [5, 5] reads rows 5, 7 and columns 5, 7
          nn.Conv2d(1, 1, (12, 13), dilation=(2, 3)) | 40x50  | [17, 13] reads rows 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39 and columns 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, ..., 49
          nn.ConvTranspose2d(1, 1, 5, stride=2) | 7x8         | [16, 18] reads row 6 and column 7
          nn.ConvTranspose2d(1, 1, 10001, stride=3) | 5000x5  | [24997, 10012] reads row 4999 and column 4
          """)
  void whatAnOutputReadsIsRightForLargeNumbers(String layers, String input, String reads) {
    open.type(layers, input);
    page.press("#output-grid", reads.startsWith("[0, 0]") ? "Home" : "End");
    String said = page.textContent("#reads").replaceAll(" of the input\\..*", "");
    assertEquals("Output " + reads, said);
  }

  @Test
  void whatIsTooLargeForJavaScriptIsNotDrawn() {
    open.type("nn.Conv2d(1, 1, 1)", "1000000000000000000x1");
    assertEquals("[1000000000000000000, 1]", shown().shape());
    assertEquals(
        "The numbers of this window are too large to draw.", page.textContent("#no-drawing"));
    assertTrue(page.isHidden("#drawing"), "and is not drawn");
    assertTrue(page.textContent("#formula-height").endsWith("= 1000000000000000000"), "exact");
  }

  @Test
  void countsAboveTwoToThe53AreExact() {
    open.type("nn.Sequential(nn.Linear(268435456, 268435457), nn.ReLU())", "1x268435456");
    assertEquals(
        "total||[1, 268435457]|72,057,594,574,798,849|72,057,594,306,363,392||",
        page.evaluate(
            "[...document.querySelector('#rows tfoot tr').cells].map((c) => c.textContent).join('|')"));
  }

  /**
   * Names that PyTorch allows, and what a browser would act on, in the text that pages are made
   * with.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv(3x3)",
        "a, b",
        "a=b",
        "[0]",
        "it's \"new\"",
        "a): Conv2d(1, 7, 3)\t(b",
        "<img src=x onerror=alert(1)>",
        "a\u202eb\u0007\ufffe"
      })
  void everyNameIsReadAgainAndShownAsText(String name) {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge y = builder.call(new Module(name, PyTorch.parse("nn.Conv2d(1, 2, 3)").layer()), x);
    Edge z = builder.call(new Module("last", PyTorch.parse("nn.ReLU()").layer()), y);
    List<Tree> names =
        List.of(new Tree("Conv2d", name, List.of()), new Tree("ReLU", "last", List.of()));
    String text = builder.build(List.of(z), new Tree("Sequential", "", names)).toString();
    open.type(text, "1x1x8x8");
    assertEquals(expected(text, new Shape(1, 1, 8, 8)), shown());
    assertEquals(
        Printable.line(name), page.textContent("#rows tbody tr:first-child td:first-child"));
    assertEquals(0, page.locator("#rows img").count());
  }

  private static String tableRow(Row row) {
    return "%s|%s|%s|%,d|%,d|%s|%s"
        .formatted(
            row.path(),
            Texts.abbreviated(row),
            ShapeText.listed(row.output()),
            row.parameters(),
            row.cost(),
            Texts.fieldSize(row.receptiveField()),
            Texts.fieldStride(row.receptiveField()));
  }
}
