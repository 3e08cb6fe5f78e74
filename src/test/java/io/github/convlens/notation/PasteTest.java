package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What surrounds a network where it is copied from is taken off; what may belong to it is not. */
class PasteTest {
  /** As PyTorch 2.13 prints it. */
  private static final String NET =
      """
      Sequential(
        (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))
        (1): ReLU()
      )""";

  private static void isTheNetwork(String text) {
    assertEquals(PyTorch.parse(NET).nodes(), PyTorch.parse(text).nodes());
  }

  private static void refused(String text, String... lines) {
    NotationException error =
        assertThrows(NotationException.class, () -> PyTorch.parse(text), text);
    assertEquals(String.join("\n", lines), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "> ",
        ">> ",
        "> > ",
        "# ",
        "// ",
        "+ ",
        "+",
        "- ",
        "* ",
        "| ",
        "2024-06-05 13:54:43,123 INFO ",
        "[2024-06-05 13:54:43,123][root][INFO] - ",
        "INFO:root:",
        "[INFO] ",
        "2024-06-05 13:54:43.123 | INFO     | __main__:main:10 - ",
        "I0605 13:54:43.123456 12345 train.py:10] ",
        "13:54:43 ",
        "2024-06-05T13:54:43.1234567Z ",
        "[rank0]: ",
        "[1]: ",
        "0: ",
        "06/05 13:54:43 - mmengine - INFO - ",
        "[INFO|trainer.py:123] 2024-06-05 13:54:43,123 >> ",
        "WARNING:model.py:",
        "2024-06-05 13:54:43 [INFO] root: "
      })
  void everyLineMayHaveAHead(String head) {
    isTheNetwork(NET.lines().map(line -> head + line).collect(Collectors.joining("\n")));
    isTheNetwork(NET.lines().map(line -> head + line).collect(Collectors.joining("\r\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-06-05 13:54:43,123 INFO ",
        "[02/10 16:09:27 d2.engine.defaults]: Model: ",
        "Model: ",
        "Model structure:\n",
        "net = ",
        "self.net: nn.Module = ",
        "Out[12]: ",
        "Out[12]:\n",
        ">>> net\n",
        ">>> print(net)\n",
        "In [3]: net\nOut[3]: ",
        "$ python show.py\n",
        "print(net)\n",
        "Here it is:\n\n```\n",
        "import torch; ",
        "from torch.nn import (\n  Conv2d,\n)\n",
        "%matplotlib inline\n!pip install torch\n",
        ">>> net = nn.Sequential(\n...     nn.Conv2d(3, 8, 3))\n>>> net\n",
        "(Pdb) p net\n",
        "==========\n",
        "\"\"\"\n"
      })
  void somethingMayStandInFront(String front) {
    isTheNetwork(front + NET + (front.endsWith("\"\"\"\n") ? "\n\"\"\"" : ""));
    isTheNetwork(front + NET + (front.contains("```") ? "\n```\nWhy does it fail?" : "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\nTotal params: 224\nParams size (MB): 0.00",
        "\n>>> ",
        "\nIn [4]: ",
        ".cuda()",
        ".to(\"cuda\").eval()",
        "\n\u001b[0m",
        "\nnet.eval()"
      })
  void somethingMayStandBehind(String tail) {
    isTheNetwork(NET + tail);
  }

  @ParameterizedTest
  @ValueSource(strings = {": ", " | ", "\t", " ", ") ", "\u2502", "\u2192"})
  void linesMayBeNumbered(String sign) {
    List<String> lines = NET.lines().toList();
    isTheNetwork(
        IntStream.range(0, lines.size())
            .mapToObj(i -> (i + 8) + sign + lines.get(i))
            .collect(Collectors.joining("\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn.Conv2d（3，8，kernel_size＝3）",
        "nn.Conv2d(3, 8,​ 3)",
        "`nn.Conv2d(3, 8, 3)`",
        "```nn.Conv2d(3, 8, 3)```",
        "12 | nn.Conv2d(3, 8, 3)",
        "12: nn.Conv2d(3, 8, 3)",
        ">>> import torch.nn as nn\n>>> nn.Conv2d(3, 8, 3)",
        ">>> nn.Sequential(\n...     nn.Conv2d(3, 8, 3),\n...     nn.ReLU())",
        "In [2]: nn.Sequential(\n   ...:     nn.Conv2d(3, 8, 3),\n   ...:     nn.ReLU())",
        "1. nn.Conv2d(3, 8, 3)\n2. nn.ReLU()",
        "print(nn.Conv2d(3, 8, 3))",
        "net = nn.Conv2d(3, 8, 3)\nprint(net)\nnet.eval()\nnet",
        "import torch  # a; b\nnn.Conv2d(3, 8, 3)",
        "net = nn.Tanh()\nnet = nn.Conv2d(3, 8, 3)",
        "net = \\\n  nn.Conv2d(3, 8, 3)",
        "\u001b[1mSequential\u001b[0m(\n  \u001b[36m(0)\u001b[0m: Conv2d(\u001b[34m3\u001b[0m, 8, kernel_size=(3, 3), stride=(1, 1))\n)",
        "[32mSequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n)[0m",
        "+-----------------------+\n| nn.Conv2d(3, 8, 3)    |\n+-----------------------+",
        "nn.Conv2d(0x3, 2**3, 9 % 6)",
        "nn.Conv2d(3, 1 << 3, (3,) * 2)",
        "nn.Conv2d(3, 16 >> 1, [3] + [3])",
        "nn.Conv2d(3, 0b1_000, 0o3)",
        "nn.Sequential(*([nn.Conv2d(3, 8, 3)] + [nn.ReLU()]))"
      })
  void aConvolutionIsRead(String text) {
    Graph graph = PyTorch.parse(text);
    assertEquals(new Shape(1, 8, 6, 6), Shapes.infer(graph, new Shape(1, 3, 8, 8)).output(), text);
    assertEquals(224, graph.nodes().get(0).layer().parameters(), text);
    assertEquals(List.of(), graph.notes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a b~a b",
        "c(1)~c(1)",
        "d: e~d: e",
        "f): g~f): g",
        "h#i~h#i",
        "\u5377\uff081\uff09~\u5377\uff081\uff09"
      })
  void namesMayHoldAnyCharacter(String printed, String name) {
    Graph graph = PyTorch.parse("Net(\n  (" + printed + "): ReLU()\n)");
    assertEquals(name, graph.nodes().get(0).path());
  }

  @Test
  void coloursBelongToNoName() {
    Graph graph = PyTorch.parse("Net(\n  (\u001b[36mconv\u001b[0m): Conv2d(3, 8, 3)\n)");
    assertEquals("conv", graph.nodes().get(0).path());
  }

  @Test
  void aNameThatComesAgainHasPythonsLastValue() {
    assertEquals(
        PyTorch.parse("nn.Sequential(OrderedDict([('a', nn.Tanh()), ('b', nn.ReLU())]))"),
        PyTorch.parse(
            "nn.Sequential(OrderedDict([('a', nn.GELU()), ('b', nn.ReLU()), ('a', nn.Tanh())]))"));
  }

  @Test
  void placesAreThoseOfTheUsersText() {
    refused(
        ">>> nn.Conv2d(3, 8)",
        "line 1, column 5: Conv2d needs kernel_size.",
        "  >>> nn.Conv2d(3, 8)",
        "      ^",
        "Write Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,"
            + " groups=1, bias=True, padding_mode='zeros').");
  }

  @ParameterizedTest
  @ValueSource(strings = {"...", "[...]", "\u2026", "# ...", "(... 7 more layers ...)", "(1): ..."})
  void whatIsCutOutIsNotLeftOut(String dots) {
    NotationException error =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse("Net(\n  (0): Conv2d(3, 8, 3)\n  " + dots + "\n)"));
    assertEquals(3, error.line());
    assertEquals(
        "something is cut out here, and an answer without it would be that of another network.",
        error.getMessage().lines().findFirst().orElseThrow().replaceFirst(".*?: ", ""));
  }

  @Test
  void aDiffOfTwoNetworksIsNeither() {
    refused(
        "- nn.Conv2d(3, 6, 3)\n+ nn.Conv2d(3, 8, 3)",
        "line 1, column 1: this line is marked with -, as a diff marks what it takes out, and others"
            + " are not.",
        "  - nn.Conv2d(3, 6, 3)",
        "  ^",
        "Leave such lines out, or give them alone.");
  }

  @Test
  void whatMayBelongToANetworkStays() {
    assertEquals(PyTorch.parse("nn.MaxPool2d(2, 1)"), PyTorch.parse("nn.MaxPool2d(2,\n [1, 1])"));
    assertEquals(PyTorch.parse("nn.Softmax(-1)"), PyTorch.parse("nn.Softmax(\n-1)"));
    assertEquals(2, PyTorch.parse(">>> nn.Conv2d(3, 8, 3)\nnn.ReLU()").nodes().size());
    assertThrows(
        NotationException.class, () -> PyTorch.parse("Net(\n  scale: 2\n  (0): ReLU()\n)"));
  }

  @Test
  void pythonIsNamed() {
    refused(
        "nn.Sequential(*[nn.ReLU() for _ in range(3)])",
        "line 1, column 27: Python code cannot be read, only layers.",
        "  nn.Sequential(*[nn.ReLU() for _ in range(3)])",
        "                            ^",
        "Write each value or layer, or paste what print(model) shows.");
    refused(
        "nn.Sequential(*[nn.ReLU()] * 2)",
        "line 1, column 28: Python puts the same layers several times here, with one set of"
            + " parameters.",
        "  nn.Sequential(*[nn.ReLU()] * 2)",
        "                             ^",
        "Paste what print(model) shows, or write the layers, each of which is then its own.");
    refused(
        "nn.Sequential(nn.ReLU()).children()",
        "line 1, column 25: what .children makes of a layer is Python's, and cannot be read.",
        "  nn.Sequential(nn.ReLU()).children()",
        "                          ^",
        "Leave it out, or paste what print(model) shows.");
    refused(
        "print(model)",
        "line 1, column 7: model is a name, and what it stands for is not in this text.",
        "  print(model)",
        "        ^",
        "Write the layers themselves, or paste what print(model) shows.");
    refused(
        "nn.Linear(2**-1, 3)",
        "line 1, column 12: sizes are whole numbers.",
        "  nn.Linear(2**-1, 3)",
        "             ^",
        "Use an exponent of at least 0.");
  }

  @Test
  void twoLayersOfOneNameAreTwoNetworks() {
    refused(
        "Net(\n  (a): ReLU()\n  (a): Tanh()\n)",
        "line 3, column 8: two layers are called a here.",
        "  (a): Tanh()",
        "       ^",
        "Give one of them another name, or paste one network alone.");
  }
}
