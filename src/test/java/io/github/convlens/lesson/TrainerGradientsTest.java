package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import org.junit.jupiter.api.Test;

/** Whether DJL's Trainer follows this batch's gradient or the sum of all so far. */
class TrainerGradientsTest {
  /**
   * The loss w^2 / 2 has the gradient w, so that a rate of 0.25 leaves 3/4 of w: 3, 2.25, 1.6875,
   * 1.265625. With gradients that add up it would be 3, 2.25, 0.9375, -0.609375.
   */
  @Test
  void aStepClearsTheGradients() {
    float[] seen = weightsAfterSteps(1);
    assertEquals("[2.25, 1.6875, 1.265625]", java.util.Arrays.toString(seen));
  }

  /** But two backward passes before a step add up: 3 - 0.25 x 6 = 1.5, then half of that. */
  @Test
  void onlyAStepDoes() {
    float[] seen = weightsAfterSteps(2);
    assertEquals("[1.5, 0.75, 0.375]", java.util.Arrays.toString(seen));
  }

  private static float[] weightsAfterSteps(int passes) {
    float[] seen = new float[3];
    try (Model model = Model.newInstance("line", Device.cpu())) {
      Linear line = Linear.builder().setUnits(1).optBias(false).build();
      line.setInitializer(new ConstantInitializer(3), Parameter.Type.WEIGHT);
      model.setBlock(line);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.l2Loss())
              .optDevices(new Device[] {Device.cpu()})
              .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.25f)).build());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 1));
        NDArray one = trainer.getManager().ones(new Shape(1, 1));
        NDArray zero = trainer.getManager().zeros(new Shape(1, 1));
        for (int step = 0; step < seen.length; step++) {
          for (int pass = 0; pass < passes; pass++) {
            try (GradientCollector collector = trainer.newGradientCollector()) {
              NDList predicted = trainer.forward(new NDList(one));
              collector.backward(trainer.getLoss().evaluate(new NDList(zero), predicted));
            }
          }
          trainer.step();
          seen[step] = line.getParameters().get(0).getValue().getArray().getFloat(0, 0);
        }
      }
    }
    return seen;
  }
}
