package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.convlens.engine.internal.RandomInput;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The gradient of every kind of layer, in its input and in each parameter, against central
 * differences in float64. The loss weighs each output differently, so that an error cannot cancel.
 */
@ExtendWith(OneThread.class)
class GradientsTest {
  private static final double STEP = 1e-6;

  @TestFactory
  Stream<DynamicTest> agreesWithDifferences() throws IOException {
    return PyTorchValuesTest.cases().stream()
        .filter(c -> !c.layer().contains("Dropout"))
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c.layer(), c.input())));
  }

  /** PyTorch's own gradient of it is off by some channels. */
  @Test
  void ofANormAcrossMapsItIsTheDerivative() {
    check("nn.CrossMapLRN2d(3, alpha=0.5)", new Shape(2, 5, 2, 3));
  }

  private static void check(String notation, Shape shape) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Parsed.block(notation, shape);
      PyTorchInit.seeded(3).initialize(block, manager, Precision.FLOAT64, shape);
      NDArray input = manager.create(wave(shape.size(), 1), shape);
      input.setRequiresGradient(true);
      List<NDArray> learned = new ArrayList<>(List.of(input));
      block.getParameters().values().stream()
          .filter(Parameter::requiresGradient)
          .forEach(parameter -> learned.add(parameter.getArray()));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(loss(block, input));
      }
      int moved = 0;
      for (NDArray array : learned) {
        double[] gradient = array.getGradient().toDoubleArray();
        moved += compare(block, input, array, gradient);
      }
      assertTrue(moved > 0, "no gradient at all");
    }
  }

  /**
   * Compares some 30 elements, spread over the array by an odd step; returns how many gradients are
   * not zero.
   */
  private static int compare(Block block, NDArray input, NDArray array, double[] gradient) {
    double[] values = array.toDoubleArray();
    int moved = 0;
    for (int i = 0; i < values.length; i += (values.length / 31) | 1) {
      double before = lossWith(block, input, array, values, i, -STEP);
      double after = lossWith(block, input, array, values, i, STEP);
      array.set(DoubleBuffer.wrap(values));
      double expected = (after - before) / (2 * STEP);
      assertEquals(
          expected, gradient[i], 1e-6 * (1 + Math.abs(expected)), array.getName() + " " + i);
      moved += gradient[i] == 0 ? 0 : 1;
    }
    return moved;
  }

  private static double lossWith(
      Block block, NDArray input, NDArray array, double[] values, int index, double step) {
    double[] changed = values.clone();
    changed[index] += step;
    array.set(DoubleBuffer.wrap(changed));
    try (NDArray loss = loss(block, input)) {
      return loss.toDoubleArray()[0];
    }
  }

  private static NDArray loss(Block block, NDArray input) {
    NDManager manager = input.getManager();
    ParameterStore parameters = new ParameterStore(manager, false);
    NDArray output = block.forward(parameters, new NDList(input), true).singletonOrThrow();
    return output.mul(manager.create(wave(output.size(), 2), output.getShape())).sum();
  }

  /** Numbers without ties and away from the kinks of rectifiers. */
  private static double[] wave(long size, double phase) {
    double[] values = new double[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1.3 * Math.sin(phase + 2.7 * i);
      assertNotEquals(0, values[i]);
    }
    return values;
  }

  /** DJL's own Trainer trains a network that has a block of ours of every kind with weights. */
  @Test
  void aTrainerLowersTheLoss() {
    Shape shape = new Shape(6, 2, 5, 7);
    String notation =
        "nn.Sequential(nn.Conv2d(2, 4, (2, 3), padding='same', padding_mode='reflect'),"
            + " nn.BatchNorm2d(4), nn.PReLU(4), nn.ConvTranspose2d(4, 6, 3, stride=2),"
            + " nn.GroupNorm(2, 6), nn.SiLU(), nn.Dropout2d(0.1),"
            + " nn.AvgPool2d(3, 2, 1, count_include_pad=False),"
            + " Residual(nn.Conv2d(6, 6, 1), nn.Identity()), nn.LayerNorm(8),"
            + " nn.Flatten(), nn.LazyLinear(3))";
    try (Model model = Model.newInstance("net")) {
      Block block = Parsed.block(notation, shape);
      PyTorchInit.seeded(1).setInitializers(block);
      model.setBlock(block);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
              .optDevices(new Device[] {Device.cpu()});
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(shape);
        double first = step(trainer, shape);
        double last = first;
        for (int i = 0; i < 30; i++) {
          last = step(trainer, shape);
        }
        assertTrue(first > 0.8 && last < 0.2, "from " + first + " to " + last);
      }
    }
  }

  private static double step(Trainer trainer, Shape shape) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDList pictures = new NDList(RandomInput.of(manager, Precision.FLOAT32, shape, 1));
      NDList labels = new NDList(manager.create(new float[] {0, 1, 2, 2, 1, 0}));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(pictures, labels));
        collector.backward(loss);
        trainer.step();
        return loss.getFloat();
      }
    }
  }
}
