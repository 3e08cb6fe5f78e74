package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Random layers of every kind, in one, two and three axes, against PyTorch 2.13. */
class LayersOfAllAxesTest {
  /** Compositions, torchvision's Permute, and a Linear that only prints of attention show. */
  private static final List<String> NOT_PYTORCHS =
      List.of(
          "Concat",
          "DeQuantStub",
          "NonDynamicallyQuantizableLinear",
          "Permute",
          "QuantStub",
          "Residual",
          "Sequential",
          "_LinearWithBias");

  private static final List<String[]> ROWS = Oracle.table("layers_nd.tsv");

  @Test
  void shapesOfAllOutputsAndParametersArePyTorchs() {
    List<String> wrong = new ArrayList<>();
    for (String[] row : ROWS) {
      String answer = answer(row[0], row[1]);
      if (!answer.equals(row[2] + "\t" + row[3])) {
        wrong.add(String.join("\t", row) + "\tbut was\t" + answer);
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static String answer(String notation, String inputs) {
    try {
      List<Shape> shapes = Stream.of(inputs.split(" ")).map(Oracle::shape).toList();
      LayerSpec written = PyTorch.parse(notation).layer();
      LayerSpec layer = shapes.size() == 1 ? written.resolve(shapes.get(0)) : written;
      return layer.outputs(shapes).stream().map(ShapeText::crossed).collect(Collectors.joining(" "))
          + "\t"
          + layer.parameters();
    } catch (NotationException | ShapeException e) {
      return "error\t-";
    }
  }

  /** So many rows, and of each kind so many that PyTorch answers and so many that it refuses. */
  @Test
  void everyKindIsThere() {
    Map<String, int[]> counts = new TreeMap<>();
    for (String[] row : ROWS) {
      String type = row[0].substring("nn.".length(), row[0].indexOf('('));
      counts.computeIfAbsent(type, key -> new int[2])[row[2].equals("error") ? 1 : 0]++;
    }
    assertEquals(2278, ROWS.size());
    List<String> missing =
        PyTorch.names().stream()
            .filter(name -> !counts.containsKey(name) || counts.get(name)[0] == 0)
            .toList();
    assertEquals(NOT_PYTORCHS, missing);
  }
}
