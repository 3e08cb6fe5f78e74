package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in front of every line, tables of summaries, and what is beside a print. */
class PasteHeadsTest {
  private static final String PRINT =
      "Sequential(\n  (0): Linear(in_features=4, out_features=2, bias=True)\n  (1): ReLU()\n)";

  private static String refused(String text) {
    return assertThrows(NotationException.class, () -> PyTorch.parse(text)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"trainer_1  | ", "log.txt:", "logs/a.log:", "[rank0]:", "0: "})
  void theSameInFrontOfAllLinesIsTakenOff(String head) {
    String text = head + PRINT.replace("\n", "\n" + head);
    assertEquals(PyTorch.parse(PRINT).toString(), PyTorch.parse(text).toString(), text);
  }

  @Test
  void fileAndLineNumberAreTakenOff() {
    StringBuilder text = new StringBuilder();
    String[] lines = PRINT.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      text.append("log.txt:").append(i + 1).append(':').append(lines[i]).append('\n');
    }
    assertEquals(PyTorch.parse(PRINT).toString(), PyTorch.parse(text.toString()).toString());
  }

  @ParameterizedTest
  @CsvSource({"[rank0]:,[rank1]:", "0:,1:", "a_1 |,a_2 |"})
  void linesOfSeveralProcessesAreNot(String one, String other) {
    StringBuilder text = new StringBuilder();
    for (String line : PRINT.split("\n", -1)) {
      text.append(one + " " + line + "\n" + other + " " + line + "\n");
    }
    assertEquals(
        "line 3, column 1: lines of several processes are mixed here: "
            + one
            + " comes again behind another's line.\n"
            + text.toString().lines().skip(2).findFirst().map(PasteHeadsTest::excerpt).orElseThrow()
            + "\n  ^\nPaste the lines of one process alone, or let one process print.",
        refused(text.toString()));
  }

  private static String excerpt(String line) {
    return "  " + line.substring(0, Math.min(60, line.length())).stripTrailing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Layer (type:depth-idx)       Output Shape       Param #",
        "Layer (type)      Output Shape    Param #",
        "| Name  | Type       | Params | Mode"
      })
  void aTableIsNamed(String head) {
    assertEquals(
        "line 2, column 1: this is the head of a summary's table, as torchinfo, Keras and Lightning"
            + " print it; kernels, strides and padding are not in it.\n  "
            + head
            + "\n  ^\nPaste what print(model) shows in PyTorch.",
        refused("=======\n" + head + "\n=======\nConv2d-1   [-1, 8, 32, 32]   224"));
  }

  @Test
  void aProgressBarBehindALayerIsTakenOff() {
    String text = PRINT.replace("ReLU()", "ReLU() 10%|\u2588    | 10/100 [00:01<00:09,  9.9it/s]");
    assertEquals(PyTorch.parse(PRINT).toString(), PyTorch.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GradScaler() | GradScaler is a scaler of gradients, no layer.
          Normalize(mean=[0.5], std=[0.5]) | Normalize is a transform of data, no layer.
          """)
  void whatStandsBesideANetworkIsNamed(String line, String rule) {
    assertEquals(
        "line 5, column 1: " + rule + "\n  " + line + "\n  ^\nLeave it out.",
        refused(PRINT + "\n" + line));
  }

  @Test
  void transformsAreNamed() {
    assertEquals(
        "line 5, column 1: Compose is a row of transforms, no layer.\n  Compose(\n  ^\n"
            + "Leave it out.",
        refused(PRINT + "\nCompose(\n    Resize(size=256)\n    ToTensor()\n)"));
  }

  @Test
  void learnedNumbersOfAClassAreNamed() {
    assertEquals(
        "line 2, column 30: these are learned numbers of the class itself, and what its forward does"
            + " with them is in no print.\n"
            + "  (ps): ParameterList(  (0): Parameter containing: [torch.float32 of size 3x4])\n  "
            + " ".repeat(27)
            + "^\n"
            + NotKnown.EXPORT,
        refused(
            "P(\n  (ps): ParameterList(  (0): Parameter containing: [torch.float32 of size 3x4])\n"
                + "  (c): Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1))\n)"));
  }

  @Test
  void itemsOfProseAreNoDiff() {
    assertEquals(
        "line 1, column 1: Some is a name, and what it stands for is not in this text.\n"
            + "  Some prose.\n  ^\nWrite the layers themselves, or paste what print(model) shows.",
        refused("Some prose.\n\n- An item.\n- **Another** (one).\n"));
  }
}
