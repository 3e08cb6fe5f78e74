package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole text of a small network's trace in every form. */
class RenderingTest {
  private static final Locale LOCALE = Locale.getDefault();

  /** A residual block, an enlarging layer, a Flatten that is not written, a name with a pipe. */
  private static Trace small() {
    Graph net =
        PyTorch.parse(
            """
            Net(
              (stem): Conv2d(1, 3, kernel_size=(5, 5), stride=(2, 2), padding=(2, 2))
              (block): Block(
                (conv): Conv2d(3, 3, kernel_size=(3, 3), padding=(1, 1))
                (relu): ReLU()
              )
              (up): Upsample(scale_factor=(2.0, 4.0), mode='nearest')
              ('head|"a, b"'): Linear(in_features=960, out_features=10)
            )\
            """,
            Recipes.KNOWN.with("Block: conv relu = relu(conv(x) + x)"));
    return Trace.of(net, new Shape(2, 1, 16, 10), Convention.TORCHVISION);
  }

  /** Numbers must look the same wherever the user lives. */
  @AfterEach
  void home() {
    Locale.setDefault(LOCALE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "de-DE", "ar-EG", "hi-IN-u-nu-deva"})
  void everyForm(String language) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(language));
    assertGolden("small.json", json(small()));
    assertGolden("small.csv", csv(small()).replace("\r\n", "\n"));
    assertEquals(csv(small()), golden("small.csv").replace("\n", "\r\n"));
    assertGolden("small.md", markdown(small()));
    assertGolden("small-100.txt", table(small(), 100, Colour.NONE));
    assertGolden("small-60.txt", table(small(), 60, Colour.NONE));
    assertGolden("small-ansi.txt", table(small(), 80, Colour.ANSI));
    assertGolden("small-depth-1.txt", table(small().collapsed(1), 100, Colour.NONE));
  }

  @ParameterizedTest
  @CsvSource({"200", "100", "80", "72", "60", "50", "40", "10"})
  void noLineIsWiderThanTheTerminal(int columns) throws IOException {
    Trace trace =
        Trace.of(Nets.graph(Nets.resnet50()), new Shape(1, 3, 224, 256), Convention.TORCHVISION);
    for (Trace shown : List.of(trace, trace.collapsed(1), trace.collapsed(2))) {
      List<String> lines = table(shown, columns, Colour.NONE).lines().toList();
      List<String> shortened = new ArrayList<>(lines);
      shortened.subList(shown.rows().size() + 1, shown.rows().size() + 5).clear(); // the totals
      for (String line : shortened) {
        assertTrue(line.length() <= Math.max(columns, TraceTable.LEAST_COLUMNS), line);
      }
      String last = String.join(" ", lines.subList(shown.rows().size() + 4, lines.size())).strip();
      List<String> titles = List.of(lines.get(0).split(" +"));
      assertEquals(titles.contains("start"), last.endsWith("floats"), last);
      for (String column : List.of("MACs", "field", "stride", "start")) {
        assertTrue(titles.contains(column) || last.contains(column), column + " is shown or named");
      }
    }
  }

  @Test
  void atEightyColumnsAWindowIsWholeAndStrideMayGo() throws IOException {
    Trace trace =
        Trace.of(Nets.graph(Nets.resnet50()), new Shape(1, 3, 224, 224), Convention.TORCHVISION);
    String table = table(trace, 80, Colour.NONE);
    assertTrue(table.contains("Conv2d(3,64,k=7,s=2,p=3)"), table);
    List<String> lines = table.lines().toList();
    assertTrue(lines.get(lines.size() - 1).startsWith("No room for stride, start: all fits into"));
    int whole = Integer.parseInt(table.replaceAll("(?s).*--width (\\d+).*", "$1"));
    assertTrue(table(trace, whole, Colour.NONE).contains("start"));
  }

  /** A Chinese letter is as wide as two of the others. */
  @Test
  void chineseNamesStandInColumns() throws IOException {
    Graph net =
        PyTorch.parse("Sequential((第一层卷积): Conv2d(3, 4, 3), (池化): MaxPool2d(2), (é): ReLU())");
    Trace trace = Trace.of(net, new Shape(1, 3, 8, 8), Convention.TORCHVISION);
    assertEquals(
        """
        path        layer               output  parameters   MACs  field  stride  start
        第一层卷积  Conv2d(3, 4, k=3)  1x4x6x6         112  3,888      3       1      0
        池化        MaxPool2d(k=2)     1x4x3x3           -      -      4       2      0
        é           ReLU()             1x4x3x3           -      -      4       2      0
        """,
        rows(trace, 90));
    String narrow = table(trace, 40, Colour.NONE);
    assertTrue(narrow.lines().allMatch(line -> Printable.width(line) <= 40), narrow);
  }

  /** Of a path its end is kept, of a layer its beginning, to the last column that there is. */
  @Test
  void whatIsTooLongIsCutToItsColumn() throws IOException {
    Graph net =
        PyTorch.parse(
            "Sequential((a_first_stage_with_a_long_name): Conv2d(1, 2, 3),"
                + " (第一个名字很长的阶段在这里): Conv2d(2, 2, 3, padding=1, dilation=1, bias=False))");
    Trace trace = Trace.of(net, new Shape(1, 1, 8, 8), Convention.TORCHVISION);
    assertEquals(
        """
        path            layer             output
        .._a_long_name  Conv2d(1,2,k=3)  1x2x6x6
        ..的阶段在这里  Conv2d(2,2,k=..  1x2x6x6
        """,
        rows(trace, 40));
  }

  /** Full notations where they fit, then short ones; and what all is said to fit into is so. */
  @Test
  void aTableTellsAsMuchAsItsWidthAllows() throws IOException {
    Graph net =
        PyTorch.parse(
            "Sequential((first): Conv2d(3, 8, kernel_size=(3, 5), padding=(1, 2)), (second):"
                + " Conv2d(8, 16, 3, stride=2), (head): AdaptiveAvgPool2d(output_size=(1, 1)))");
    Trace trace = Trace.of(net, new Shape(1, 3, 32, 48), Convention.TORCHVISION);
    String full =
        """
        path    layer                                                 output  parameters     MACs  field  stride     start
        first   Conv2d(3, 8, kernel_size=(3, 5), padding=(1, 2))   1x8x32x48         368  552,960    3x5       1  (-1, -2)
        second  Conv2d(8, 16, kernel_size=(3, 3), stride=(2, 2))  1x16x15x23       1,168  397,440    5x7       2  (-1, -2)
        head    AdaptiveAvgPool2d(output_size=1)                    1x16x1x1           -        -  33x51   30x46  (-1, -2)
        """;
    assertEquals(full, rows(trace, 114));
    String brief =
        """
        path    layer                                 output  parameters     MACs  field  stride     start
        first   Conv2d(3, 8, k=(3, 5), p=(1, 2))   1x8x32x48         368  552,960    3x5       1  (-1, -2)
        second  Conv2d(8, 16, k=3, s=2)           1x16x15x23       1,168  397,440    5x7       2  (-1, -2)
        head    AdaptiveAvgPool2d(1)                1x16x1x1           -        -  33x51   30x46  (-1, -2)
        """;
    assertEquals(brief, rows(trace, 113));
    assertEquals(brief, rows(trace, 98));
    assertEquals(
        "No room for start: all fits into --width 98.",
        table(trace, 97, Colour.NONE).lines().reduce("", (one, two) -> two));
  }

  /** Half of what the outputs leave is the paths', of which the wider ones lose their beginning. */
  @Test
  void pathsAndLayersShareWhatIsLeft() throws IOException {
    Graph net =
        PyTorch.parse(
            "Sequential((a_first_stage_with_a_long_name): Conv2d(3, 512, 3, padding=1), (b): ReLU())");
    Trace trace = Trace.of(net, new Shape(10, 3, 320, 480), Convention.TORCHVISION);
    assertEquals(
        """
        path         layer                output
        ..long_name  Conv2d(3,..  10x512x320x480
        b            ReLU()       10x512x320x480
        """,
        rows(trace, 40));
    assertEquals(
        """
        No room for parameters, MACs, field,
        stride, start: all fits into --width 122.
        """,
        table(trace, 41, Colour.NONE).replaceAll("(?s).*\n\n", ""));
  }

  /** A layer without a window gets its half, too: here it is whole. */
  @Test
  void aLayerIsWholeInItsHalf() throws IOException {
    Graph net = PyTorch.parse("Sequential((a_first_stage_with_a_long_name): Linear(100, 200))");
    assertEquals(
        """
        path             layer            output
        ..h_a_long_name  Linear(100,200)   1x200
        """,
        rows(Trace.of(net, new Shape(1, 100), Convention.TORCHVISION), 40));
  }

  /** The table without what stands below it. */
  private static String rows(Trace trace, int columns) throws IOException {
    return table(trace, columns, Colour.NONE).replaceAll("(?s)\n\nTotal.*", "\n");
  }

  @Test
  void theJsonHasTheNamesThatScriptsRely() throws IOException {
    JsonObject json = JsonParser.parseString(json(small())).getAsJsonObject();
    assertEquals(
        Set.of("input", "output", "convention", "costOf", "notes", "layers", "totals"),
        json.keySet());
    JsonObject layer = json.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertEquals(
        Set.of(
            "path",
            "layer",
            "notation",
            "input",
            "output",
            "parameters",
            "macs",
            "receptiveField",
            "activationBytes"),
        layer.keySet());
    assertEquals(
        Set.of("size", "stride", "start"), layer.getAsJsonObject("receptiveField").keySet());
    assertEquals(
        Set.of("parameters", "macs", "activationBytes"), json.getAsJsonObject("totals").keySet());
  }

  @Test
  void notesSayWhatWasPutIn() {
    assertEquals(
        List.of(
            "Net does not have the children of any Net that is known: its children are taken to run"
                + " in the order in which they are printed. If its forward does anything else, say"
                + " so in a line, with --recipes FILE: Net: * = in_order(children, x)",
            "(flatten): Flatten() is put in: a print does not show what forward calls as a"
                + " function."),
        small().notes().stream().map(Note::toString).toList());
  }

  private static String table(Trace trace, int columns, Colour colour) throws IOException {
    StringBuilder out = new StringBuilder();
    new TraceTable(columns, colour).write(trace, out);
    return out.toString();
  }

  private static String json(Trace trace) throws IOException {
    StringBuilder out = new StringBuilder();
    TraceJson.write(trace, out);
    return out.toString();
  }

  private static String csv(Trace trace) throws IOException {
    StringBuilder out = new StringBuilder();
    TraceCsv.write(trace, out);
    return out.toString();
  }

  private static String markdown(Trace trace) throws IOException {
    StringBuilder out = new StringBuilder();
    TraceMarkdown.write(trace, out);
    return out.toString();
  }

  /** With {@code -Dconvlens.golden=write} it is written anew; read the difference. */
  private static void assertGolden(String name, String actual) throws IOException {
    if ("write".equals(System.getProperty("convlens.golden"))) {
      Files.writeString(Path.of("src/test/resources/io/github/convlens/trace", name), actual);
    } else {
      assertEquals(golden(name), actual);
    }
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(RenderingTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
