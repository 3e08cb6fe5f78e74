package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PyTorchInitTest {
  private static Block block(NDManager manager, String notation, Shape input, long seed) {
    return block(manager, notation, input, seed, Precision.FLOAT32);
  }

  private static Block block(
      NDManager manager, String notation, Shape input, long seed, Precision precision) {
    Block block = Parsed.block(notation, input);
    PyTorchInit.seeded(seed).initialize(block, manager, precision, input);
    return block;
  }

  private static double[] values(Block block, String parameter) {
    return Rule.doubles(block.getParameters().get(parameter).getArray());
  }

  /** 1 / sqrt(fan in), where PyTorch 2.13's {@code _calculate_fan_in_and_fan_out} says fan in. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nn.Conv2d(6, 160, 5) | 6x9x9 | 150",
        "nn.Conv2d(8, 160, (3, 2), groups=4) | 8x9x9 | 12",
        "nn.Conv2d(6, 160, (4, 2), padding='same') | 6x9x9 | 48",
        "nn.ConvTranspose2d(40, 12, (3, 2), groups=2) | 40x4x4 | 36",
        "nn.Linear(40, 90) | 2x2x40 | 40",
      })
  void weightsAndBiasesAreUniformWithinTheBound(String notation, String input, int fanIn) {
    long[] sizes =
        java.util.stream.Stream.of(("1x" + input).split("x")).mapToLong(Long::parseLong).toArray();
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = block(manager, notation, new Shape(sizes), 1);
      double bound = 1 / Math.sqrt(fanIn);
      for (String name : new String[] {"weight", "bias"}) {
        double[] values = values(block, name);
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        assertTrue(largest <= bound && largest > 0.85 * bound, name + " " + largest + " " + bound);
      }
      double[] weights = values(block, "weight");
      double mean = Arrays.stream(weights).average().orElseThrow();
      double square = Arrays.stream(weights).map(w -> w * w).average().orElseThrow();
      assertEquals(0, mean, 5 * bound / Math.sqrt(3.0 * weights.length));
      assertEquals(bound * bound / 3, square, 0.1 * bound * bound);
    }
  }

  @Test
  void normalisationsStartAsTheIdentityAndSlopesAsAsked() {
    Shape shape = new Shape(1, 4, 3, 5);
    String net =
        "nn.Sequential(nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.LayerNorm(5),"
            + " nn.PReLU(4, init=0.125))";
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = block(manager, net, shape, 1);
      for (Parameter parameter : block.getParameters().values()) {
        double expected =
            switch (parameter.getType()) {
              case GAMMA, RUNNING_VAR -> 1;
              case BETA, RUNNING_MEAN -> 0;
              default -> 0.125;
            };
        for (double value : Rule.doubles(parameter.getArray())) {
          assertEquals(expected, value, parameter.getName());
        }
      }
    }
  }

  @Test
  void theSeedDecides() {
    String net = "nn.Sequential(nn.Conv2d(2, 3, 3), nn.Conv2d(3, 3, 3))";
    Shape shape = new Shape(1, 2, 7, 8);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = block(manager, net, shape, 5);
      double[] weights = values(block, "0.weight");
      assertArrayEquals(weights, values(block(manager, net, shape, 5), "0.weight"));
      assertNotEquals(weights[0], values(block(manager, net, shape, 6), "0.weight")[0]);
      assertNotEquals(weights[0], values(block, "1.weight")[0]);
      assertArrayEquals(
          weights, values(block(manager, net, shape, 5, Precision.FLOAT64), "0.weight"));
      assertArrayEquals(
          weights, values(block(manager, net, shape, 5, Precision.FLOAT16), "0.weight"), 2e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({"float32, FLOAT32", "Float64, FLOAT64", "float16, FLOAT16"})
  void precisionsHavePyTorchsNames(String name, Precision precision) {
    assertEquals(precision, Precision.parse(name));
    assertEquals(precision, Precision.of(precision.dataType()));
    assertEquals(name.toLowerCase(java.util.Locale.ROOT), precision.toString());
  }

  @Test
  void bfloat16IsAPrecisionAndNoArrays() {
    assertEquals(Precision.BFLOAT16, Precision.parse("bfloat16"));
    assertEquals(DataType.FLOAT32, Precision.BFLOAT16.dataType());
    assertEquals(
        """
        DJL cannot hold arrays of bfloat16.
        It aborts the process where it is asked for one.
        Use float32 arrays and Precision.BFLOAT16.\
        """,
        assertThrows(IllegalArgumentException.class, () -> Precision.of(DataType.BFLOAT16))
            .getMessage());
    assertEquals(
        "'int8' is not a number type that layers can run in.\n"
            + "There are float32, float64, float16 and bfloat16.\nUse one of them.",
        assertThrows(IllegalArgumentException.class, () -> Precision.of(DataType.INT8))
            .getMessage());
  }

  /** As PyTorch's reset_parameters leaves it. */
  @Test
  void theVectorOfPaddingIsZero() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = LayerBlocks.of("nn.Embedding(4, 3, padding_idx=-2)");
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT32, new Shape(1, 5));
      double[] rows = values(block, "weight");
      assertArrayEquals(new double[3], Arrays.copyOfRange(rows, 6, 9));
      assertEquals(9, Arrays.stream(rows).filter(number -> number != 0).count());
    }
  }
}
