package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.gson.JsonObject;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code print(model)} and {@code print(torch.export.export(model, (x,)))} show of
 * torchvision's convolutional classifiers is the same network: the same layers and joins with the
 * same outputs, parameters and multiply-adds. A printed program has paths where there are weights.
 */
class PrintsAndProgramsTest {
  /** What runs without a call in eval mode. */
  private static final Set<String> WITHOUT_CALL = Set.of("Dropout", "Identity", "StochasticDepth");

  static Stream<String> sameInOrder() {
    return Stream.of(
        "alexnet",
        "densenet169",
        "efficientnet_b0",
        "efficientnet_v2_m",
        "mnasnet0_5",
        "mobilenet_v3_large",
        "regnet_x_3_2gf",
        "regnet_y_400mf",
        "resnet34",
        "resnext50_32x4d",
        "squeezenet1_1",
        "vgg11",
        "vgg16_bn");
  }

  @ParameterizedTest
  @MethodSource("sameInOrder")
  void rowsAreTheSame(String name) throws IOException {
    assertEquals(rows(ofPrint(name)).toList(), rows(ofProgram(name)).toList());
  }

  /** Branches whose order no output depends on run in another order. */
  @ParameterizedTest
  @ValueSource(strings = "inception_v3_noaux")
  void rowsAreTheSameInAnotherOrder(String name) throws IOException {
    assertNotEquals(rows(ofPrint(name)).toList(), rows(ofProgram(name)).toList());
    assertEquals(rows(ofPrint(name)).sorted().toList(), rows(ofProgram(name)).sorted().toList());
  }

  /**
   * A layer of the print that is several calls of the program: ChannelShuffle views and transposes,
   * LayerNorm2d permutes around a LayerNorm.
   */
  @ParameterizedTest
  @ValueSource(strings = {"convnext_tiny", "shufflenet_v2_x1_0"})
  void convolutionsAndTotalsAreTheSame(String name) throws IOException {
    assertEquals(convolutions(ofPrint(name)), convolutions(ofProgram(name)));
    assertEquals(ofPrint(name).totals().parameters(), ofProgram(name).totals().parameters());
    assertEquals(ofPrint(name).totals().cost(), ofProgram(name).totals().cost());
  }

  private static List<String> convolutions(Trace trace) {
    return rows(trace).filter(row -> row.contains("Conv2d(") || row.contains("Linear(")).toList();
  }

  private static Trace ofPrint(String name) throws IOException {
    JsonObject network = Oracles.networks().getAsJsonObject(name);
    Graph graph = PyTorch.parse(network.get("print").getAsString());
    return Trace.of(
        Shapes.infer(graph, Oracles.shapes(network.getAsJsonArray("input")).get(0)),
        Convention.TORCHVISION);
  }

  private static Trace ofProgram(String name) throws IOException {
    for (Path file : List.of(Oracles.prints(), Oracles.morePrints())) {
      try (ZipFile prints = new ZipFile(file.toFile())) {
        if (prints.getEntry(name + ".txt") != null) {
          byte[] text = prints.getInputStream(prints.getEntry(name + ".txt")).readAllBytes();
          Program program = ProgramText.parse(new String(text, StandardCharsets.UTF_8));
          return Trace.of(
              Shapes.infer(ProgramGraph.of(program), ProgramInputs.own(program)),
              Convention.TORCHVISION);
        }
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static Stream<String> rows(Trace trace) {
    return trace.rows().stream()
        .filter(row -> !WITHOUT_CALL.contains(row.type()))
        .map(PrintsAndProgramsTest::text);
  }

  private static String text(Row row) {
    return String.join(
        " ",
        row.parameters() > 0 ? row.path() : "",
        row.layer().toString(),
        row.output().toString(),
        row.parameters() + " parameters",
        row.cost() + " multiply-adds");
  }
}
