package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.ShapeException;
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
    LayerSpec printed = PyTorch.parse(Oracle.text("pytorch_prints/" + name + ".txt")).layer();
    Shape input = new Shape(1, 3, 224, 224);
    LayerSpec layer = printed.resolve(input);
    assertEquals(parameters, layer.parameters());
    assertEquals(macs, layer.macs(input));
    assertEquals(new Shape(2, 1000), run(printed, smallest));
    assertThrows(ShapeException.class, () -> run(printed, smallest - 1));
    assertEquals(printed, PyTorch.parse(printed.toString()).layer());
  }

  private static void checkNetwork(String[] row) {
    Parsed parsed = PyTorch.parse(Oracle.text("pytorch_prints/" + row[0] + ".txt"));
    Shape input = Oracle.shape(row[1]);
    LayerSpec layer = parsed.layer().resolve(input);
    assertEquals(List.of(), parsed.notes());
    assertEquals(Long.parseLong(row[2]), layer.parameters());
    assertEquals(Long.parseLong(row[3]), layer.macs(input));
    assertEquals(new Shape(1, 1000), layer.output(input));
    assertEquals(parsed.layer(), PyTorch.parse(parsed.layer().toString()).layer());
    long smallest = Long.parseLong(row[4]);
    assertEquals(new Shape(2, 1000), run(parsed.layer(), smallest));
    if (smallest > 1) {
      assertThrows(ShapeException.class, () -> run(parsed.layer(), smallest - 1));
    }
  }

  private static Shape run(LayerSpec layer, long side) {
    Shape input = new Shape(2, 3, side, side);
    return layer.resolve(input).output(input);
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
        Shape input = new Shape(1, 3, 224, 224);
        LayerSpec layer = PyTorch.parse(Oracle.text("pytorch_prints/" + net + ".txt")).layer();
        walk(new Child("", layer.resolve(input)), "", input, net, actual);
      }
      if (row[3].startsWith("1x")) {
        expected.add(String.join(" ", row));
      }
    }
    assertEquals(expected, actual);
  }

  /** Writes down the leaves that were written, in the order in which they run. */
  private static Shape walk(Child child, String outer, Shape input, String net, List<String> rows) {
    String path = Child.join(outer, child.name());
    LayerSpec layer = child.layer();
    if (layer instanceof ModuleSpec module) {
      return walk(new Child(child.name(), module.forward()), outer, input, net, rows);
    }
    if (layer instanceof SequentialSpec sequential) {
      Shape shape = input;
      for (Child next : sequential.children()) {
        shape = walk(next, path, shape, net, rows);
      }
      return shape;
    }
    if (layer instanceof ResidualSpec sum) {
      walk(sum.shortcut(), path, walkMain(sum, path, input, net, rows), net, rows);
      return layer.output(input);
    }
    if (layer instanceof ConcatSpec concat) {
      concat.branches().forEach(branch -> walk(branch, path, input, net, rows));
      return layer.output(input);
    }
    Shape output = layer.output(input);
    if (child.origin() == Child.Origin.WRITTEN && !child.name().isEmpty()) {
      String size =
          Arrays.toString(output.getShape()).replace(", ", "x").replaceAll("[\\[\\]]", "");
      rows.add(net + " " + path + " " + layer.type() + " " + size);
    }
    return output;
  }

  private static Shape walkMain(
      ResidualSpec sum, String path, Shape input, String net, List<String> rows) {
    walk(sum.main(), path, input, net, rows);
    return input;
  }
}
