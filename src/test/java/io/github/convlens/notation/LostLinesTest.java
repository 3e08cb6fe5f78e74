package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PyTorch numbers without gaps: {@code del seq[i]} numbers again, a slice keeps its numbers. */
class LostLinesTest {
  private static final String REMEDY =
      " What is shown is taken to be all. Paste all that print(model) shows.";

  private static List<String> notes(String text) {
    List<Note> notes = PyTorch.parse(text).notes();
    assertTrue(notes.stream().allMatch(Note::isAssumption));
    return notes.stream().map(Note::toString).toList();
  }

  @Test
  void aGapIsAnAssumption() {
    assertEquals(
        List.of("4: (3) is not shown between (2) and (4): a line may be lost." + REMEDY),
        notes("Sequential(\n  (2): ReLU()\n  (4): Tanh()\n  (5): ReLU()\n)"));
    assertEquals(
        List.of("5: (3) to (4) are not shown between (2) and (5): lines may be lost." + REMEDY),
        notes("Sequential(\n  (0-2): 3 x ReLU()\n  (5): Tanh()\n)"));
    assertEquals(
        List.of("a.2: (1) is not shown between (0) and (2): a line may be lost." + REMEDY),
        notes("Sequential(\n  (a): Sequential(\n    (0): ReLU()\n    (2): Tanh()\n  )\n)"));
    assertEquals(
        List.of(
            "1: Sequential is opened in one line and closed in another, with nothing between them:"
                + " lines may be lost. It is taken to hold nothing. Paste all that print(model)"
                + " shows."),
        notes("Sequential(\n  (0): ReLU()\n  (1): Sequential(\n  )\n)"));
  }

  @Test
  void whatPyTorchPrintsHasNone() {
    for (String text :
        new String[] {
          "Sequential(\n  (1): ReLU()\n  (2): Tanh()\n  (3): ReLU()\n)",
          "Sequential(\n  (0): Sequential()\n  (1-2): 2 x Tanh()\n  (3): ReLU()\n)",
          "Sequential(\n  (conv1): ReLU()\n  (3): Tanh()\n  (7): ReLU()\n)"
        }) {
      assertEquals(List.of(), notes(text), text);
    }
  }

  private static String failure(String text, Shape input) {
    Graph graph = PyTorch.parse(text);
    return assertThrows(ShapeException.class, () -> Shapes.infer(graph, input)).getMessage();
  }

  @Test
  void itIsTheLikelyCauseOfWhatFailsBehindItAndOfNothingInFront() {
    String net =
        "Sequential(\n  (0): ReLU()\n  (1): Conv2d(3, 8, kernel_size=(3, 3))\n"
            + "  (3): Conv2d(16, 4, kernel_size=(3, 3))\n)";
    assertEquals(
        "layer 3, Conv2d(16, 4, kernel_size=(3, 3)): the input has the wrong number of channels.\n"
            + "in_channels is 16 but the input has 8: [1, 8, 6, 6].\n"
            + "The likely cause is what was assumed: 3: (2) is not shown between (1) and (3): a line"
            + " may be lost. What is shown is taken to be all.\n"
            + "Paste all that print(model) shows.",
        failure(net, new Shape(1, 3, 8, 8)));
    assertEquals(
        "layer 1, Conv2d(3, 8, kernel_size=(3, 3)): the input has the wrong number of channels.\n"
            + "in_channels is 3 but the input has 5: [1, 5, 8, 8].\n"
            + "Use in_channels=5, or an input of 3 channels.",
        failure(net, new Shape(1, 5, 8, 8)));
  }
}
