package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.SmallestInput;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** torchvision's networks as PyTorch prints them, against what PyTorch computes for them. */
class OraclesTest {
  @ParameterizedTest
  @CsvFileSource(
      delimiter = '\t',
      resources = "/io/github/convlens/oracles/nets.tsv",
      numLinesToSkip = 1)
  void parametersMacsAndSmallestInput(
      String net, String input, long parameters, long macs, long smallest) throws IOException {
    Graph graph = network(net);
    Trace trace = trace(graph, 1, 3, 224, 224);
    assertEquals("1x3x224x224", input);
    assertEquals(parameters, trace.totals().parameters());
    assertEquals(macs, trace.totals().cost());
    assertEquals(OptionalLong.of(smallest), SmallestInput.square(graph, new Shape(1, 3, 1, 1)));
  }

  /**
   * The table holds one run on 1x3x224x224 and, behind it, those runs on 2x3xNxN, N from 1 up, in
   * which at least the first layer worked; the last of them is the first that works throughout.
   */
  @ParameterizedTest
  @CsvSource({
    "alexnet, 21, 7, 63",
    "vgg16, 39, 1, 32",
    "resnet18, 60, 1, 1",
    "squeezenet1_0, 57, 7, 21"
  })
  void shapeOfEveryLayerAtEverySize(String net, int layers, int first, int last)
      throws IOException {
    Graph network = network(net);
    List<List<String>> runs = runs(net);
    List<String> whole = runs.get(0);
    assertEquals(layers, whole.size());
    assertEquals(whole, ran(trace(network, 1, 3, 224, 224)));
    assertEquals(last - first + 2, runs.size());
    for (int size = 1; size < last; size++) {
      int worked = size < first ? 0 : runs.get(size - first + 1).size();
      long side = size;
      ShapeException failure =
          assertThrows(ShapeException.class, () -> trace(network, 2, 3, side, side), net + size);
      assertEquals(whole.get(worked).split(" ")[0], failure.path().orElseThrow());
    }
    assertEquals(runs.get(runs.size() - 1), ran(trace(network, 2, 3, last, last)));
  }

  /** What PyTorch's hooks see: modules, not joins or functions. */
  private static List<String> ran(Trace trace) {
    return trace.rows().stream()
        .filter(row -> row.origin() == Node.Origin.MODULE)
        .map(row -> row.path() + " " + row.type() + " " + ShapeText.crossed(row.output()))
        .toList();
  }

  private static List<List<String>> runs(String net) throws IOException {
    List<List<String>> runs = new ArrayList<>();
    String start = "";
    for (String line : resource("layers.tsv").split("\n")) {
      String[] cells = line.split("\t");
      if (cells[0].equals(net)) {
        start = start.isEmpty() ? cells[1] : start;
        if (cells[1].equals(start)) {
          runs.add(new ArrayList<>());
        }
        runs.get(runs.size() - 1).add(cells[1] + " " + cells[2] + " " + cells[3]);
      }
    }
    return runs;
  }

  private static Graph network(String net) throws IOException {
    return PyTorch.parse(resource("pytorch_prints/" + net + ".txt"));
  }

  private static Trace trace(Graph graph, long... input) {
    return Trace.of(graph, new Shape(input), Convention.TORCHVISION);
  }

  private static String resource(String name) throws IOException {
    String path = "/io/github/convlens/oracles/" + name;
    try (InputStream in = Objects.requireNonNull(OraclesTest.class.getResourceAsStream(path))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({"resnet50, layer4.2.relu, 427, 32", "vgg16, features.30, 212, 32"})
  void receptiveFieldBeforeTheHead(String net, String path, long size, long stride)
      throws IOException {
    Trace trace = Trace.of(network(net), new Shape(1, 3, 224, 192), Convention.TORCHVISION);
    ReceptiveField field =
        trace.rows().stream()
            .filter(row -> row.path().equals(path))
            .reduce((one, two) -> two)
            .orElseThrow()
            .receptiveField();
    for (ReceptiveField.OnAxis axis : List.of(field.height(), field.width())) {
      assertEquals(size, axis.size());
      assertEquals(Long.toString(stride), axis.stride().toString());
    }
  }
}
