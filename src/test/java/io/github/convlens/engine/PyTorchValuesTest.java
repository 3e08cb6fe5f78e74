package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every kind of layer computes what PyTorch computed. */
@ExtendWith(OneThread.class)
class PyTorchValuesTest {
  record Case(String layer, Shape input, Shape output, double[] values) {
    String name() {
      return layer + " on " + Arrays.toString(input.getShape());
    }

    static Case of(String line) {
      String[] fields = line.split("\t");
      double[] values = Stream.of(fields[3].split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Case(fields[0], shape(fields[1]), shape(fields[2]), values);
    }

    private static Shape shape(String text) {
      return new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream in = PyTorchValuesTest.class.getResourceAsStream("pytorch_values.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Case::of)
          .toList();
    }
  }

  @Test
  void thereAreAsManyAsWereMade() throws IOException {
    assertEquals(149, cases().size());
  }

  @TestFactory
  Stream<DynamicTest> inFloat64() throws IOException {
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c, Precision.FLOAT64, 1e-8)));
  }

  @TestFactory
  Stream<DynamicTest> inFloat32() throws IOException {
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c, Precision.FLOAT32, 2e-6)));
  }

  /** Half precision on the CPU, for all but the layers that its PyTorch lacks there. */
  @TestFactory
  Stream<DynamicTest> inFloat16() throws IOException {
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c, Precision.FLOAT16, 2e-2)));
  }

  private static void check(Case c, Precision precision, double tolerance) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Parsed.block(c.layer, c.input);
      PyTorchInit.seeded(1).initialize(block, manager, precision, c.input);
      Rule.fill(block);
      NDArray input = Rule.input(manager, precision, c.input);
      assertEquals(c.output, block.getOutputShapes(new Shape[] {c.input})[0]);
      NDArray output = LayerBlocks.forward(block, input);
      assertEquals(c.output, output.getShape());
      assertEquals(precision.dataType(), output.getDataType());
      double[] actual = Rule.doubles(output);
      for (int i = 0; i < actual.length; i++) {
        assertEquals(
            c.values[i], actual[i], tolerance * (1 + Math.abs(c.values[i])), "element " + i);
      }
    }
  }
}
