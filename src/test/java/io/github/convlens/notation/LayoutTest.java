package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.convlens.graph.Note;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prints that were cut, and prints that two processes made at once. */
class LayoutTest {
  private static final String NET =
      """
      Net(
        (conv1): Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))
        (layer1): Sequential(
          (0): Conv2d(6, 6, (3, 3), padding_mode='zeros')
          (1): BatchNorm2d(6, eps=1e-05, momentum=0.1, affine=True)
        )
        (pool): MaxPool2d(kernel_size=2, stride=2, padding=0)
      )
      """;

  private static final String MIXED =
      ", and it is not indented so: two prints are mixed, as of two processes that print at once, or"
          + " a line is missing in front of it.\n";

  private static final String MIXED_REMEDY =
      "\nPaste one print alone, as it is: let one process print it. If nothing is missing, indent"
          + " this line as what it is in, and two blanks more.";

  @Test
  void everyPrintThatIsCutAtItsEndSaysSo() {
    PyTorch.parse(NET);
    int firstLayer = NET.indexOf("): Conv2d") + 2;
    for (int end = firstLayer; end < NET.lastIndexOf(')'); end++) {
      String cut = NET.substring(0, end);
      String read = cut.stripTrailing();
      int lineStart = read.lastIndexOf('\n') + 1;
      int line = 1 + (int) read.chars().filter(c -> c == '\n').count();
      int column = read.length() - lineStart;
      String shown = read.substring(lineStart).stripLeading();
      assertRefused(
          cut,
          "line "
              + line
              + ", column "
              + column
              + ": the print stops here, in front of the ) of Net( in line 1: it seems to be cut"
              + " short.\n  "
              + shown
              + "\n  "
              + " ".repeat(shown.length() - 1)
              + "^\nPaste all that print(model) shows.");
    }
  }

  @Test
  void everyPrintThatIsCutAtItsBeginningIsRefused() {
    for (int start = 1; start < NET.lastIndexOf("(pool)"); start++) {
      String cut = NET.substring(start);
      if (!cut.startsWith("et(") && !cut.startsWith("t(")) { // which is another class
        assertThrows(NotationException.class, () -> PyTorch.parse(cut), cut);
      }
    }
    String beginning = ": the print seems to be cut at its beginning.\n";
    String remedy = "\nPaste all that print(model) shows, from the name of its class on.";
    assertRefused(
        NET.substring(NET.indexOf("  (layer1)")),
        "line 6, column 1: this ) closes nothing that is in the text"
            + beginning
            + "  )\n  ^"
            + remedy);
    assertRefused(
        NET.substring(NET.indexOf("    (1)")),
        "line 2, column 3: this ) closes nothing that is in the text"
            + beginning
            + "  )\n  ^"
            + remedy);
    assertRefused(
        "ernel_size=(5, 5))\n  (fc): Linear(4, 2)\n)",
        "line 1, column 18: this ) closes nothing that is in the text"
            + beginning
            + "  ernel_size=(5, 5))\n  "
            + " ".repeat(17)
            + "^"
            + remedy);
    assertRefused(
        NET + ")",
        "line 9, column 1: this ) closes nothing: a line of the print is missing in front of it, or"
            + " it is one too many.\n"
            + "  )\n"
            + "  ^\n"
            + "Paste all that print(model) shows, as it is.");
  }

  @Test
  void bracketsInAQuotedNameAreNotThePrints() {
    PyTorch.parse("Sequential(\n  ('a): Conv2d(1, 7, 3)(b'): ReLU()\n  (last): ReLU()\n)");
  }

  @Test
  void whatIsNoPrintKeepsItsText() {
    assertRefused(
        "nn.Sequential(\n  nn.ReLU(),\n  nn.Tanh()\n",
        "line 1, column 14: the parenthesis of Sequential is never closed.\n"
            + "  nn.Sequential(\n"
            + "               ^\n"
            + "Put a ) behind its last argument.");
  }

  @Test
  void printsOfTwoProcessesAreNotOneInsideTheOther() {
    assertRefused(
        NET.lines().map(line -> line + "\n" + line + "\n").reduce("", String::concat),
        "line 2, column 1: by its brackets this line is inside Net( in line 1"
            + MIXED
            + "  Net(\n  ^"
            + MIXED_REMEDY);
    List<String> lines = NET.lines().toList();
    for (int late = 1; late < lines.size() - 1; late++) {
      StringBuilder mixed = new StringBuilder();
      for (int i = 0; i < lines.size() + late; i++) {
        mixed.append(i < lines.size() ? lines.get(i) + "\n" : "");
        mixed.append(i >= late ? lines.get(i - late) + "\n" : "");
      }
      String text = mixed.toString();
      String outer = late < 2 || late > 4 ? "Net( in line 1" : "Sequential( in line 3";
      assertRefused(
          text,
          "line "
              + (late + 2)
              + ", column 1: by its brackets this line is inside "
              + outer
              + MIXED
              + "  Net(\n  ^"
              + MIXED_REMEDY);
    }
  }

  @Test
  void aLineThatIsMissingIsNoticed() {
    assertRefused(
        NET.replaceFirst("\n  \\)", ""),
        "line 6, column 3: by its brackets this line is inside Sequential( in line 3"
            + MIXED
            + "  (pool): MaxPool2d(kernel_size=2, stride=2, padding=0)\n  ^"
            + MIXED_REMEDY);
    assertRefused(
        "Net(\n  (a): ReLU()\n  (a): ReLU()\n)",
        "line 3, column 8: two layers are called a here.\n"
            + "  (a): ReLU()\n"
            + "       ^\n"
            + "Give one of them another name, or paste one network alone.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sequential(\n(0): Sequential(\n(0): ReLU()\n)\n(1): Tanh()\n)",
        "Sequential(\n  (0): ReLU()\n(1): Tanh()\n)",
        "      Sequential(\n  (0): ReLU()\n  (1): Tanh()\n)",
        "(0): Sequential(\n        (0): ReLU()\n      )",
        "[INFO] Sequential(\n[INFO]   (0): Sequential(\n  (0): ReLU()\n[INFO]   )\n[INFO] )"
      })
  void otherIndentationIsNoFault(String text) {
    assertEquals(List.of(), PyTorch.parse(text).notes());
  }

  @Test
  void numberedLayersWithoutTheirClassAreTakenForASequential() {
    assertEquals(
        List.of(
            "The class that these layers are in is not in this text; they are taken to run one"
                + " behind the other, as in a Sequential. Paste all that print(model) shows."),
        PyTorch.parse("    (3): ReLU()\n    (4): Tanh()\n").notes().stream()
            .map(Note::toString)
            .toList());
  }

  private static String refusal(String text) {
    return assertThrows(NotationException.class, () -> PyTorch.parse(text), text).getMessage();
  }

  private static void assertRefused(String text, String message) {
    assertEquals(message, refusal(text), text);
  }
}
