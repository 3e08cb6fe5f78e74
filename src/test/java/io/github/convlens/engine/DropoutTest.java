package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.notation.PyTorch;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What layers draw while training: how much of it, and of what. */
@ExtendWith(OneThread.class)
class DropoutTest {
  private static final double P = 0.3;

  /** SELU's limit: what AlphaDropout drops becomes this, before it is scaled. */
  private static final double ALPHA = -1.7580993408473766;

  private static double[] train(String notation, Precision precision, NDArray x) {
    Engine.getInstance().setRandomSeed(11);
    Block block = LayerBlocks.of(PyTorch.parse(notation).layer(), precision);
    block.initialize(x.getManager(), precision.dataType(), x.getShape());
    ParameterStore parameters = new ParameterStore(x.getManager(), false);
    NDArray y = block.forward(parameters, new NDList(x), true).head();
    assertEquals(x.getShape(), y.getShape());
    return Rule.doubles(y);
  }

  private static double[] ofOnes(String notation, Precision precision, Shape shape) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return train(notation, precision, manager.ones(shape, precision.dataType()));
    }
  }

  /** Asserts that each unit has one of two values, the first one as often as expected. */
  private static void assertDrawn(
      double[] y, int unit, double dropped, double kept, double tolerance) {
    int count = 0;
    for (int i = 0; i < y.length; i += unit) {
      boolean isDropped = Math.abs(y[i] - dropped) < tolerance;
      count += isDropped ? 1 : 0;
      for (int j = i; j < i + unit; j++) {
        assertEquals(isDropped ? dropped : kept, y[j], tolerance, "element " + j);
      }
    }
    double units = (double) y.length / unit;
    assertEquals(P, count / units, 5 * Math.sqrt(P * (1 - P) / units)); // five deviations
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void elementsAreDroppedAndTheOthersScaled(Precision precision) {
    double[] y = ofOnes("nn.Dropout(0.3)", precision, new Shape(50, 8, 10, 5));
    double ofDjl = 0x1p-24; // it hands the probability on as a float
    assertDrawn(y, 1, 0, 1 / (1 - P), 2 * Math.max(precision.roundoff(), ofDjl));
  }

  /** Without a batch, channels are the first axis. */
  @ParameterizedTest
  @CsvSource({
    "Dropout1d, 200x20x5, 5",
    "Dropout1d, 4000x5, 5",
    "Dropout2d, 200x20x3x2, 6",
    "Dropout3d, 200x20x3x1x2, 6",
    "Dropout3d, 4000x3x1x2, 6",
  })
  void channelsAreDroppedAsAWhole(String type, String sizes, int unit) {
    long[] shape = Arrays.stream(sizes.split("x")).mapToLong(Long::parseLong).toArray();
    for (Precision precision : Precision.values()) {
      double[] y = ofOnes("nn." + type + "(0.3)", precision, new Shape(shape));
      assertDrawn(y, unit, 0, 1 / (1 - P), 2 * precision.roundoff());
    }
  }

  /** Mean 0 and variance 1 stay what they are. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void alphaDropoutDropsToItsLimit(Precision precision) {
    double a = 1 / Math.sqrt((1 - P) * (1 + P * ALPHA * ALPHA));
    double dropped = a * (ALPHA - P * ALPHA);
    double kept = a * (1 - P * ALPHA);
    double tolerance = 8 * precision.roundoff();
    double[] y = ofOnes("nn.AlphaDropout(0.3)", precision, new Shape(50, 20, 5));
    assertDrawn(y, 1, dropped, kept, tolerance);
    double[] channels = ofOnes("nn.FeatureAlphaDropout(0.3)", precision, new Shape(200, 20, 3, 2));
    assertDrawn(channels, 6, dropped, kept, tolerance);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void slopesAreDrawnBetweenTheirBounds(Precision precision) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.ones(new Shape(4000), precision.dataType()).neg();
      double[] y = train("nn.RReLU(0.2, 0.4)", precision, x);
      double slack = precision.roundoff();
      assertTrue(Arrays.stream(y).allMatch(v -> v >= -0.4 - slack && v <= -0.2 + slack));
      assertEquals(-0.3, Arrays.stream(y).average().orElseThrow(), 0.005 + slack);
      double spread = Arrays.stream(y).map(v -> (v + 0.3) * (v + 0.3)).average().orElseThrow();
      assertEquals(0.04 / 12, spread, 0.0004);
      double[] positive = train("nn.RReLU(0.2, 0.4)", precision, x.neg());
      assertTrue(Arrays.stream(positive).allMatch(v -> v == 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void recurrentLayersDropBetweenTheirLayers(Precision precision) {
    for (String kind : new String[] {"RNN", "LSTM", "GRU"}) {
      assertDraws("nn." + kind + "(3, 4, 2, dropout=0.5)", precision, new Shape(6, 2, 3));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void attentionDropsItsWeights(Precision precision) {
    Shape shape = new Shape(6, 2, 4);
    assertDraws("nn.MultiheadAttention(4, 2, dropout=0.5)", precision, shape, shape, shape);
  }

  /** Asserts that two passes in training differ. */
  private static void assertDraws(String notation, Precision precision, Shape... shapes) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = LayerBlocks.of(PyTorch.parse(notation).layer(), precision);
      PyTorchInit.seeded(1).initialize(block, manager, precision, shapes);
      NDList given = new NDList();
      for (Shape shape : shapes) {
        given.add(RandomInput.of(manager, precision, shape, given.size()));
      }
      ParameterStore parameters = new ParameterStore(manager, false);
      double[] first = Rule.doubles(block.forward(parameters, given, true).head());
      double[] second = Rule.doubles(block.forward(parameters, given, true).head());
      double largest = 0;
      for (int i = 0; i < first.length; i++) {
        largest = Math.max(largest, Math.abs(first[i] - second[i]));
      }
      assertTrue(largest > 1e-3, notation);
    }
  }
}
