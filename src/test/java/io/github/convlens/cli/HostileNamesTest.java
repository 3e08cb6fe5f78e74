package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.code.Compiled;
import io.github.convlens.graph.Graph;
import io.github.convlens.notation.PyTorch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that mean something to a terminal, a spreadsheet, a browser or an XML parser, sent through
 * everything that ConvLens writes.
 */
class HostileNamesTest {
  /** What no terminal may be sent; line ends are ours, and a tab does no harm. */
  private static final Pattern RAW =
      Pattern.compile(
          "[\\p{Cc}&&[^\\n\\t]]|[\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]"
              + "|[\\ufff9-\\ufffb\\ufffe\\uffff]|\\p{Cs}|[\\x{E0000}-\\x{E007F}]");

  @TempDir private Path folder;

  private record Answer(int exit, String out, String err) {}

  private static Answer run(String stdin, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    InputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    int exit = ConvLens.run(in, new PrintWriter(out), new PrintWriter(err), words);
    return new Answer(
        exit, out.toString().replace("\r\n", "\n"), err.toString().replace("\r\n", "\n"));
  }

  static Stream<String> names() {
    return Stream.of(
        "a\u001b[31mRED",
        "a\u001b]0;title\u0007",
        "a\u009b31m",
        "a\u0085b",
        "a\u007fb",
        "a\rb",
        "a\u202eb",
        "a\u2066b",
        "a\u200fb",
        "a\u061cb",
        "a\u2028b",
        "a\ufeffb",
        "a\ufffeb",
        "a\uffffb",
        "a\ud800b",
        "a\udb40\udc41b", // a tag, invisible
        "a\ud83d\ude00b", // an emoji, which may stay
        "=HYPERLINK(1)",
        "@SUM(1)",
        "+2-3",
        "-2+3",
        "\t=1+1",
        "\r=1+1",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](http://localhost/x)",
        "a`b``c",
        "a|b",
        "a\\|<img src=x>",
        "a\\\\|<img src=x>",
        "http://localhost",
        "*a* _b_",
        "]]>&amp;<!--",
        "conv(3x3)",
        "(a)",
        "(a",
        "a, b",
        "a=b",
        "[0]",
        "it's",
        "'a'",
        "\"a\"",
        "C:\\new",
        " a ",
        "a): Conv2d(1, 7, 3)\t(b",
        "\u7b2c\u4e00\u5c42");
  }

  /** A convolution with the name, as Python writes it. */
  private static String network(String name) {
    String quoted = name.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r");
    return "nn.Sequential(OrderedDict([('" + quoted + "', nn.Conv2d(1, 1, 3))]), nn.ReLU())";
  }

  private static void assertPrintable(String text) {
    assertFalse(RAW.matcher(text).find(), () -> "raw in: " + text.replace("\u001b", "ESC"));
  }

  private static Answer printable(Answer answer) {
    assertPrintable(answer.out());
    assertPrintable(answer.err());
    return answer;
  }

  private static String answered(Answer answer) {
    assertEquals(0, answer.exit(), answer.err());
    return printable(answer).out();
  }

  @ParameterizedTest
  @MethodSource("names")
  void terminalsGetNoRawCharacters(String name) {
    String network = network(name);
    answered(run("", "trace", "--input", "8x8", network));
    answered(run("", "trace", "--width", "200", "--input", "8x8", network));
    answered(run("", "shape", "--explain", "--input", "8x8", network));
    answered(run("", "code", "--input", "8x8", network));
    Answer error = printable(run("", "shape", "--input", "2x2", network));
    assertEquals(2, error.exit());
    assertTrue(error.err().contains("the kernel does not fit"), error.err());
    Answer batch = printable(run("2x2\t" + network + "\n", "shape", "--batch", "-"));
    assertTrue(batch.out().contains("the kernel does not fit"), batch.out());
    assertEquals(1, batch.out().lines().count(), batch.out());
  }

  @ParameterizedTest
  @MethodSource("names")
  void messagesAboutArgumentsHaveNoRawCharacters(String name) {
    for (String[] words :
        List.of(
            new String[] {"shape", "--input", "8x8", "nn.ReLU()", name},
            new String[] {"shape", "--input", name, "nn.ReLU()"},
            new String[] {"shape", "--input", "8x8", "nn.Conv2d(1, 1, 3, padding_mode='" + name},
            new String[] {"shape", "--input", "8x8", "nn.Conv2d(1, 1, 3, padding_mode=\"a" + name},
            new String[] {"shape", "--input", "8x8", "--net", name},
            new String[] {"shape", "--batch", name},
            new String[] {"draw", "--net", "lenet", "--out", name + ".svg/" + name + ".svg"},
            new String[] {"draw", "--net", "lenet", "--what", name, "--out", "x.svg"},
            new String[] {"page", "--at", name, "--out", "x.html"},
            new String[] {"--" + name},
            new String[] {name})) {
      assertEquals(2, printable(run("", words)).exit(), String.join(" ", words));
    }
    printable(run("", "help", name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void notesHaveNoRawCharacters(String name) {
    String quoted = name.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r");
    String network =
        "nn.Sequential(OrderedDict([('"
            + quoted
            + "', Concat(nn.MaxPool2d(2), nn.Conv2d(1, 1, 3, 2, 0)))]))";
    String err = printable(run("", "trace", "--input", "9x9", network)).err();
    assertTrue(err.startsWith("note: "), err);
  }

  @ParameterizedTest
  @MethodSource("names")
  void jsonIsExact(String name) {
    String out = answered(run("", "trace", "--format", "json", "--input", "8x8", network(name)));
    JsonObject trace = JsonParser.parseString(out).getAsJsonObject();
    JsonObject first = trace.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertEquals(name, first.get("path").getAsString());
  }

  @ParameterizedTest
  @MethodSource("names")
  void spreadsheetsGetNoFormulas(String name) {
    String out = answered(run("", "trace", "--format", "csv", "--input", "8x8", network(name)));
    String[] lines = out.split("\r?\n", -1);
    assertEquals(4, lines.length, out); // header, two layers, the end
    String field = lines[1].startsWith("\"") ? lines[1].substring(1) : lines[1];
    assertFalse(field.matches("(?s)[=+\\-@\\t\\r].*"), field);
    assertTrue(lines[1].endsWith(",10,324,3,3,1,1,0,0,144"), "numbers stay: " + lines[1]);
  }

  /** Starts of windows in the padding are numbers below zero. */
  @Test
  void negativeNumbersOfASpreadsheetStayNumbers() {
    String out =
        answered(
            run("", "trace", "--format", "csv", "--input", "8x8", "nn.Conv2d(1, 1, 3, padding=1)"));
    assertTrue(out.contains(",3,3,1,1,-1,-1,256"), out);
  }

  @ParameterizedTest
  @MethodSource("names")
  void markdownIsText(String name) {
    String out =
        answered(run("", "trace", "--format", "markdown", "--input", "8x8", network(name)));
    List<String> lines = out.lines().toList();
    assertEquals(6, lines.size(), out); // header, rule, two layers, a blank, the totals
    String row = lines.get(2);
    // A backslash in front of a pipe may or may not count to what splits the row: there is none.
    assertFalse(row.contains("\\\\|"), row);
    String[] cells = row.split("(?<!\\\\)\\|", -1);
    assertEquals(10, cells.length, row);
    String path = cells[1].strip();
    if (!path.matches("[\\w.()]+")) {
      String fence = path.replaceFirst("[^`].*", "");
      assertTrue(!fence.isEmpty() && path.endsWith(fence), "a code span: " + path);
      String inside = path.substring(fence.length(), path.length() - fence.length());
      assertFalse(
          Pattern.compile("(?<!`)" + fence + "(?!`)").matcher(inside).find(),
          "ends early: " + path);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everySvgIsWellFormed(String name) throws Exception {
    for (String what : List.of("stack", "cost", "sizes", "receptive-field")) {
      Path file = folder.resolve(what + ".svg");
      Answer answer =
          run(
              "",
              "draw",
              "--input",
              "8x8",
              "--what",
              what,
              "--out",
              file.toString(),
              network(name));
      answered(answer);
      String svg = Files.readString(file);
      assertPrintable(svg);
      DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }
  }

  /** Prints and pages hold the network's text, which must mean the same network again. */
  @ParameterizedTest
  @MethodSource("names")
  void pagesAndPrintsMeanTheSameNetwork(String name) throws IOException {
    Graph network = PyTorch.parse(network(name));
    assertEquals(name, network.nodes().get(0).path());
    assertPrintable(network.toString());
    assertEquals(network, PyTorch.parse(network.toString()));
    Path file = folder.resolve("x.html");
    answered(run("", "page", "--input", "8x8", "--out", file.toString(), network(name)));
    String html = Files.readString(file);
    assertPrintable(html);
    String start = html.replaceFirst("(?s).*id=\"start\">", "").replaceFirst("(?s)</script>.*", "");
    String layers = JsonParser.parseString(start).getAsJsonObject().get("layers").getAsString();
    assertEquals(network, PyTorch.parse(layers));
  }

  /** Generated code names fields by what it can of a layer's name, and compiles. */
  @Test
  void generatedCodeCompiles() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    int number = 0;
    for (String name : names().toList()) {
      String type = "Net" + number++;
      sources.put(
          type, answered(run("", "code", "--input", "8x8", "--class", type, network(name))));
    }
    Compiled.of(sources, folder).close();
  }

  /** As {@code print(model)} writes them: whatever stands between the parentheses. */
  @ParameterizedTest
  @ValueSource(
      strings = {"conv(3x3)", "a, b", "a=b", "[0]", "it's", "say \"hi\"", "(x)y", "C:\\new", "a b"})
  void namesOfAPrintAreReadAsTheyStand(String name) {
    String print = "Net(\n  (" + name + "): Conv2d(1, 1, kernel_size=(3, 3))\n  (b): ReLU()\n)";
    String out = answered(run("", "trace", "--format", "json", "--input", "8x8", print));
    JsonObject trace = JsonParser.parseString(out).getAsJsonObject();
    JsonObject first = trace.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertEquals(name, first.get("path").getAsString());
  }

  /** A million sizes make no message of six million characters. */
  @Test
  void messagesHaveAReadableLength() throws IOException {
    Path file = folder.resolve("net.txt");
    Files.writeString(file, "nn.LayerNorm((" + "1, ".repeat(1_000_000) + "1))");
    Answer answer = run("", "shape", "--input", "8x8", "--net", file.toString());
    assertEquals(2, answer.exit());
    assertTrue(answer.err().length() < 5_000, answer.err().length() + " characters");
    assertTrue(answer.err().contains("the input's last axes must be normalized_shape"), "the rule");
    assertTrue(answer.err().contains(" more characters)"), "says that it is cut");
    String longName = "a".repeat(1_000_000);
    Files.writeString(file, network(longName));
    answer = run("", "shape", "--input", "2x2", "--net", file.toString());
    assertTrue(answer.err().length() < 5_000, answer.err().length() + " characters");
    assertTrue(answer.err().contains("the kernel does not fit"), answer.err());
    answer = run("", "shape", longName.substring(0, 50_000), longName.substring(0, 50_000));
    assertTrue(answer.err().length() < 5_000, answer.err().length() + " characters");
  }
}
