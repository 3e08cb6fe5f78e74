package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text in, PyTorch's own answer out. */
class OracleTest {
  /** Their print leaves an argument out that the call has. */
  private static final List<String> PRINTS_THAT_HIDE =
      List.of(
          "nn.AvgPool2d(3, 2, 1, True, False)",
          "nn.AvgPool2d((2, 3), divisor_override=5)",
          "nn.Upsample(scale_factor=(1.5, 2.5), mode='bilinear', align_corners=True)",
          "nn.PReLU(4, init=0.1)");

  @Test
  void randomLayersHaveTheShapesOfPyTorch() {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : Oracle.text("random_layers.tsv").lines().toList()) {
      String[] row = line.split("\t", -1);
      if (!row[0].equals("input")) {
        rows++;
        String answer = answer(row[1], Oracle.shape(row[0]));
        if (!answer.equals(row[2])) {
          wrong.add(line + " but was " + answer);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(600, rows);
  }

  private static String answer(String notation, Shape input) {
    try {
      LayerSpec layer = PyTorch.parse(notation).layer().resolve(input);
      return Arrays.toString(layer.output(input).getShape());
    } catch (NotationException | ShapeException e) {
      return "error";
    }
  }

  @Test
  void everyLeafIsReadFromItsCallAndFromItsPrint() {
    List<String[]> rows = Oracle.table("leaves.tsv");
    for (String[] row : rows) {
      Shape input = Oracle.shape(row[0]);
      LayerSpec called = PyTorch.parse(row[1]).layer();
      LayerSpec printed = PyTorch.parse(row[2]).layer();
      LayerSpec resolved = called.resolve(input);
      assertEquals(row[3], Arrays.toString(resolved.output(input).getShape()), row[1]);
      assertEquals(Long.parseLong(row[4]), resolved.parameters(), row[1]);
      assertEquals(!PRINTS_THAT_HIDE.contains(row[1]), called.equals(printed), row[1]);
      assertEquals(called, PyTorch.parse(called.toString()).layer(), row[1]);
    }
    assertEquals(80, rows.size());
  }

  @TestFactory
  List<DynamicTest> printedNetworksHaveThePublishedNumbers() {
    return Oracle.table("nets.tsv").stream()
        .map(row -> DynamicTest.dynamicTest(row[0], () -> checkNetwork(row)))
        .toList();
  }

  /**
   * Modules with torchvision's names and forwards, written anew and run in PyTorch; the smallest
   * input was found by trying.
   */
  @ParameterizedTest
  @CsvSource({"densenet121, 7978856, 2834161664, 29", "googlenet,   6624904, 1498376192, 15"})
  void branchingNetworksRunAsTheyDoInPyTorch(
      String name, long parameters, long macs, long smallest) {
    Graph printed = PyTorch.parse(Oracle.text("pytorch_prints/" + name + ".txt"));
    Trace trace = Trace.of(printed, new Shape(1, 3, 224, 224), Convention.TORCHVISION);
    assertEquals(parameters, trace.totals().parameters());
    assertEquals(parameters, printed.parameters());
    assertEquals(macs, trace.totals().cost());
    assertEquals(new Shape(2, 1000), run(printed, smallest));
    assertThrows(ShapeException.class, () -> run(printed, smallest - 1));
    assertEquals(printed, PyTorch.parse(printed.toString()));
  }

  private static void checkNetwork(String[] row) {
    Graph printed = PyTorch.parse(Oracle.text("pytorch_prints/" + row[0] + ".txt"));
    Trace trace = Trace.of(printed, Oracle.shape(row[1]), Convention.TORCHVISION);
    assertEquals(List.of(), trace.notes());
    assertEquals(Long.parseLong(row[2]), trace.totals().parameters());
    assertEquals(Long.parseLong(row[3]), trace.totals().cost());
    assertEquals(new Shape(1, 1000), trace.output());
    assertEquals(printed, PyTorch.parse(printed.toString()));
    long smallest = Long.parseLong(row[4]);
    assertEquals(new Shape(2, 1000), run(printed, smallest));
    if (smallest > 1) {
      assertThrows(ShapeException.class, () -> run(printed, smallest - 1));
    }
  }

  private static Shape run(Graph network, long side) {
    return Shapes.infer(network, new Shape(2, 3, side, side)).output();
  }

  /** The first run of each network in the table; what follows are its tries with smaller inputs. */
  @Test
  void printedNetworksRunTheirLayersInPyTorchsOrder() {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    String net = "";
    for (String[] row : Oracle.table("layers.tsv")) {
      if (!row[0].equals(net)) {
        net = row[0];
        String name = net;
        Graph printed = PyTorch.parse(Oracle.text("pytorch_prints/" + net + ".txt"));
        Trace.of(printed, new Shape(1, 3, 224, 224), Convention.TORCHVISION).rows().stream()
            .filter(each -> each.origin() == Node.Origin.MODULE)
            .map(
                each ->
                    String.join(
                        " ", name, each.path(), each.type(), ShapeText.crossed(each.output())))
            .forEach(actual::add);
      }
      if (row[3].startsWith("1x")) {
        expected.add(String.join(" ", row));
      }
    }
    assertEquals(expected, actual);
  }
}
