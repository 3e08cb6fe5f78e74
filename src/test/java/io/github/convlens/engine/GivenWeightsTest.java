package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.internal.GivenWeights;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kernel written by hand: which weights become which number, and what stays behind. */
class GivenWeightsTest {
  private static final Shape INPUT = new Shape(1, 2, 4, 5);

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aKernelGoesToEveryChannel() {
    Block block = initialized("nn.Sequential(nn.ReLU(), nn.Conv2d(2, 3, (1, 2)))");
    GivenWeights.write(block, List.of(1.0, -2.0), new Shape(1, 2));
    assertArrayEquals(new float[] {1, -2, 1, -2, 1, -2, 1, -2, 1, -2, 1, -2}, weights(block));
  }

  @Test
  void aKernelForEachOutputGoesToEveryInput() {
    Block block = initialized("nn.Conv2d(2, 3, (1, 2))");
    GivenWeights.write(block, List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), new Shape(3, 1, 2));
    assertArrayEquals(new float[] {1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6}, weights(block));
  }

  @Test
  void aWholeKernelIsTakenAsItIs() {
    Block block = initialized("nn.Conv2d(2, 1, (1, 2))");
    GivenWeights.write(block, List.of(1.0, 2.0, 3.0, 4.0), new Shape(1, 2, 1, 2));
    assertArrayEquals(new float[] {1, 2, 3, 4}, weights(block));
  }

  /** Zero input makes the bias alone visible. */
  @Test
  void theBiasBecomesZero() {
    Block block = initialized("nn.Conv2d(2, 3, (1, 2))");
    GivenWeights.write(block, List.of(1.0, 1.0), new Shape(1, 2));
    try (NDArray output = LayerBlocks.forward(block, manager.zeros(INPUT))) {
      assertEquals(0, output.abs().max().getFloat());
    }
  }

  @Test
  void onlyTheFirstConvolutionIsWritten() {
    Block block = initialized("nn.Sequential(nn.Conv2d(2, 1, 1), nn.Conv2d(1, 1, 1))");
    float before = block.getParameters().valueAt(2).getArray().sum().getFloat();
    GivenWeights.write(block, List.of(7.0), new Shape(1, 1));
    assertArrayEquals(new float[] {7, 7}, weights(block));
    assertEquals(before, block.getParameters().valueAt(2).getArray().sum().getFloat());
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    Block block = initialized("nn.Conv2d(2, 3, (1, 2))");
    List<Double> numbers = List.of(1.0, 2.0);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> GivenWeights.write(block, numbers, new Shape(2, 1)));
    assertEquals(
        "weights of shape (2, 1) do not fit the first convolution, whose weights are (outChannels,"
            + " inChannels, height, width) = (3, 2, 1, 2).",
        e.getMessage());
  }

  @Test
  void nothingStaysBehind() {
    Block block = initialized("nn.Conv2d(2, 3, (1, 2))");
    int arrays = manager.getManagedArrays().size();
    for (int i = 0; i < 100; i++) {
      GivenWeights.write(block, List.of(1.0, -1.0), new Shape(1, 2));
    }
    assertEquals(arrays, manager.getManagedArrays().size());
  }

  private Block initialized(String layer) {
    Block block = Parsed.block(layer, INPUT);
    PyTorchInit.seeded(3).initialize(block, manager, Precision.FLOAT32, INPUT);
    return block;
  }

  private static float[] weights(Block block) {
    return block.getParameters().valueAt(0).getArray().toFloatArray();
  }
}
