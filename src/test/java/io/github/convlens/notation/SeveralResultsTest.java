package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Results of a session, and what labels tell apart, do not run one behind the other. */
class SeveralResultsTest {
  private static final String NET =
      "Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n  (1): ReLU()\n)\n";

  private static String second(int line, int column, String shown, int blanks) {
    return "line "
        + line
        + ", column "
        + column
        + ": a second network is printed here.\n  "
        + shown
        + "\n  "
        + " ".repeat(blanks)
        + "^\nPaste one alone; write nn.Sequential(a, b) to run one behind the other.";
  }

  private static void refused(String message, String text) {
    assertEquals(
        message,
        assertThrows(NotationException.class, () -> PyTorch.parse(text)).getMessage(),
        text);
  }

  @Test
  void eachResultOfASessionIsOne() {
    refused(second(7, 1, "ReLU()", 0), ">>> net\n" + NET + ">>> net[1]\nReLU()");
    refused(
        second(4, 1, "ReLU()", 0),
        ">>> m\nConv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n>>> m2\nReLU()");
    refused(
        second(9, 9, "Out[2]: ReLU()", 8),
        "In [1]: net\nOut[1]: \n" + NET + "\nIn [2]: net[1]\nOut[2]: ReLU()");
    refused(
        second(5, 1, "Sequential(", 0),
        "In [1]: nn.ReLU()\nOut[1]: ReLU()\nIn [3]: net\nOut[3]: \n" + NET);
  }

  @Test
  void aLabelAloneInALineStartsOne() {
    refused(second(7, 1, "ReLU()", 0), "Generator:\n" + NET + "Discriminator:\nReLU()");
    refused(second(4, 1, "ReLU()", 0), "Encoder:\nTanh()\nDecoder:\nReLU()");
  }

  @Test
  void oneResultMayBeLayersOneALine() {
    String read = PyTorch.parse("Conv2d(3, 8, (3, 3))\nReLU()").toString();
    for (String text :
        new String[] {
          ">>> for layer in net: print(layer)\nConv2d(3, 8, kernel_size=(3, 3))\nReLU()",
          "Layers:\nConv2d(3, 8, kernel_size=(3, 3))\nReLU()",
          ">>> x.shape\ntorch.Size([1, 3])\n>>> for layer in net:\n...   print(layer)\n"
              + "Conv2d(3, 8, kernel_size=(3, 3))\nReLU()",
          ">>> nn.Conv2d(3, 8, (3, 3))\n>>> nn.ReLU()"
        }) {
      assertEquals(read, PyTorch.parse(text).toString(), text);
    }
  }
}
