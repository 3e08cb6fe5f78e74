package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The derivatives of the activations where differences cannot tell them: at 0, and far out. The
 * numbers are PyTorch's; activation_gradients.py made them.
 */
@ExtendWith(OneThread.class)
class ActivationGradientsTest {
  private static final double[] AT = {-40, -2, 0, 2, 25, 40};

  @TestFactory
  Stream<DynamicTest> areAsInPyTorch() throws IOException {
    Path numbers = Path.of("src/test/resources/io/github/convlens/engine/activation_gradients.tsv");
    return Files.readAllLines(numbers).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t"))
        .map(parts -> DynamicTest.dynamicTest(parts[0], () -> check(parts[0], parts[1])));
  }

  private static void check(String notation, String expected) {
    double[] derivatives =
        Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    Shape shape = new Shape(1, AT.length);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Parsed.block(notation, shape);
      PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT64, shape);
      NDArray x = manager.create(AT, shape);
      x.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        ParameterStore parameters = new ParameterStore(manager, false);
        collector.backward(block.forward(parameters, new NDList(x), true).singletonOrThrow().sum());
      }
      assertArrayEquals(derivatives, x.getGradient().toDoubleArray(), 1e-6);
    }
  }
}
