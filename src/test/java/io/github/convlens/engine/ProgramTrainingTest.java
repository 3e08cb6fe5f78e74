package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.convlens.program.Program;
import io.github.convlens.program.Pt2File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs in training: gradients, steps and running statistics are PyTorch's. */
class ProgramTrainingTest {
  private static NDManager manager;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    PyTorchEngine.start(progress -> {});
    manager = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME);
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  private static List<String> with(String answer) {
    Predicate<String> has =
        name -> {
          try (NDManager own = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME)) {
            return Programs.numbers(own, name).containsKey(answer);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    return Programs.names().stream().filter(has).toList();
  }

  static List<String> withGradients() {
    return with("dx");
  }

  static List<String> withSteps() {
    return with("train_x");
  }

  static List<String> withTraining() {
    return with("train_y");
  }

  /** A pass in training, outside of any collector. */
  static NDList forward(ProgramBlock block, NDArray x) {
    return block.forward(new ParameterStore(x.getManager(), false), new NDList(x), true);
  }

  private static GradientCollector collector() {
    return Engine.getEngine(PyTorchEngine.NAME).newGradientCollector();
  }

  @ParameterizedTest
  @MethodSource("withGradients")
  void gradientsOfEvalModeAreThoseOfPyTorch(String name) throws Exception {
    try (NDManager own = manager.newSubManager()) {
      Map<String, NDArray> numbers = Programs.numbers(own, name);
      ProgramBlock block =
          ProgramBlock.of(Programs.read(name), own).trainIn(ProgramBlock.Mode.EVAL);
      NDArray x = numbers.get("x");
      x.setRequiresGradient(true);
      try (GradientCollector gradients = collector()) {
        NDList y = forward(block, x);
        List<NDArray> weights = Programs.numbered(numbers, "loss_weight");
        NDArray loss = y.get(0).mul(weights.get(0)).sum();
        for (int i = 1; i < y.size(); i++) {
          loss = loss.add(y.get(i).mul(weights.get(i)).sum());
        }
        gradients.backward(loss);
      }
      double worst = Programs.relative(x.getGradient(), numbers.get("dx"));
      for (Map.Entry<String, NDArray> each : numbers.entrySet()) {
        if (each.getKey().startsWith("grad:")) {
          Parameter parameter = block.parameter(each.getKey().substring(5));
          NDArray gradient = parameter.getArray().getGradient();
          worst = Math.max(worst, Programs.relative(gradient, each.getValue()));
        }
      }
      assertTrue(worst <= 1e-5, name + ": " + worst);
    }
  }

  /** With DJL's Trainer and its SGD. */
  @ParameterizedTest
  @MethodSource("withSteps")
  void threeStepsAreThoseOfPyTorch(String name) throws Exception {
    try (NDManager own = manager.newSubManager();
        Model model = Model.newInstance(name, Device.cpu(), PyTorchEngine.NAME)) {
      Map<String, NDArray> numbers = Programs.numbers(own, name);
      ProgramBlock block = ProgramBlock.of(Programs.read(name), own);
      model.setBlock(block);
      NDArray x = numbers.get("train_x");
      double worst = 0;
      try (Trainer trainer = model.newTrainer(sgd())) {
        trainer.initialize(x.getShape());
        List<NDArray> targets = Programs.numbered(numbers, "train_target");
        for (int step = 0; step < 3; step++) {
          double loss = step(trainer, x, targets);
          double expected = numbers.get("train_losses").getFloat(step);
          worst = Math.max(worst, Math.abs(loss - expected) / expected);
        }
      }
      for (Map.Entry<String, NDArray> each : numbers.entrySet()) {
        if (each.getKey().startsWith("trained:")) {
          NDArray array = block.parameter(each.getKey().substring(8)).getArray();
          worst = Math.max(worst, Programs.relative(array, each.getValue()));
        }
      }
      assertTrue(worst <= 1e-5, name + ": " + worst);
    }
  }

  private static DefaultTrainingConfig sgd() {
    return new DefaultTrainingConfig(Loss.l2Loss())
        .optDevices(new Device[] {Device.cpu()})
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build());
  }

  private static double step(Trainer trainer, NDArray x, List<NDArray> targets) {
    NDArray loss;
    try (GradientCollector gradients = trainer.newGradientCollector()) {
      NDList y = trainer.forward(new NDList(x));
      loss = y.get(0).sub(targets.get(0)).square().mean();
      for (int i = 1; i < y.size(); i++) {
        loss = loss.add(y.get(i).sub(targets.get(i)).square().mean());
      }
      gradients.backward(loss);
    }
    trainer.step();
    return loss.getFloat();
  }

  /** Counters of batches, norms that run twice, tied weights and bfloat16 among them. */
  @ParameterizedTest
  @MethodSource("withTraining")
  void trainModeIsThatOfPyTorch(String name) throws Exception {
    try (NDManager own = manager.newSubManager()) {
      Program program = Programs.read(name);
      Map<String, NDArray> numbers = Programs.numbers(own, name);
      ProgramBlock block = ProgramBlock.of(program, own);
      NDArray x = Programs.inputs(program, numbers).head();
      try (GradientCollector gradients = collector()) {
        NDArray y = forward(block, x).head();
        assertTrue(Programs.off(y, numbers.get("train_y")) <= 1e-6, name);
        gradients.backward(y.sum());
      }
      numbers.forEach(
          (key, expected) -> {
            if (key.startsWith("after:")) {
              NDArray array = block.stateDict().get(key.substring(6)).getArray();
              assertTrue(Programs.off(array, expected) <= 1e-6, key);
            }
            if (key.startsWith("tgrad:")) {
              NDArray array = block.stateDict().get(key.substring(6)).getArray();
              assertTrue(Programs.off(array.getGradient(), expected) <= 1e-5, key);
            }
          });
    }
  }

  @Test
  void dropoutsDropInTrainModeAlone() throws Exception {
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(Programs.read("drops"), own);
      NDArray x = own.ones(new Shape(4, 4, 2, 2));
      NDArray eval = LayerBlocks.forward(block, x);
      assertEquals(x, eval);
      assertNotEquals(forward(block, x).head(), forward(block, x).head());
      block.trainIn(ProgramBlock.Mode.EVAL);
      assertEquals(x, forward(block, x).head());
    }
  }

  @Test
  void inferenceLeavesStatisticsAlone() throws Exception {
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(Programs.read("norms"), own);
      NDArray mean = block.parameter("a.running_mean").getArray();
      NDArray before = mean.duplicate();
      LayerBlocks.forward(block, own.ones(new Shape(3, 4, 5)));
      assertEquals(before, mean);
      forward(block, own.ones(new Shape(3, 4, 5)));
      assertNotEquals(before, mean);
    }
  }

  @Test
  void aModelIsSavedAndLoaded() throws Exception {
    try (NDManager own = manager.newSubManager();
        Model model = Model.newInstance("unet", Device.cpu(), PyTorchEngine.NAME);
        Model other = Model.newInstance("unet", Device.cpu(), PyTorchEngine.NAME)) {
      NDArray x = Programs.numbers(own, "unet").get("train_x");
      ProgramBlock block = ProgramBlock.of(Programs.read("unet"), own);
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(sgd())) {
        trainer.initialize(x.getShape());
        step(trainer, x, List.of(own.zeros(new Shape(2, 2, 32, 24))));
      }
      model.save(folder, "unet");
      ProgramBlock fresh = ProgramBlock.of(Programs.read("unet"), own);
      NDArray before = LayerBlocks.forward(fresh, x);
      other.setBlock(fresh);
      other.load(folder, "unet");
      assertNotEquals(before, LayerBlocks.forward(fresh, x));
      assertEquals(LayerBlocks.forward(block, x), LayerBlocks.forward(fresh, x));
      assertTrue(fresh.parameter("head.weight").requiresGradient());
      assertFalse(fresh.parameter("d1.1.running_var").requiresGradient());
    }
  }

  /** Freezing, and thawing by a block around it, which knows nothing of buffers. */
  @Test
  void itTakesItsPlaceInASequenceAndFreezes() throws Exception {
    try (NDManager own = manager.newSubManager();
        Model model = Model.newInstance("dense", Device.cpu(), PyTorchEngine.NAME)) {
      ProgramBlock features = ProgramBlock.of(Programs.read("densenet").before("classifier"), own);
      SequentialBlock net =
          new SequentialBlock().add(features).add(Linear.builder().setUnits(3).build());
      features.freezeParameters(true);
      model.setBlock(net);
      NDArray x = Programs.numbers(own, "densenet").get("train_x");
      NDArray weight = features.parameter("features.conv0.weight").getArray();
      NDArray before = weight.duplicate();
      List<NDArray> targets = List.of(own.ones(new Shape(2, 3)));
      try (Trainer trainer = model.newTrainer(sgd())) {
        trainer.initialize(x.getShape());
        double first = step(trainer, x, targets);
        assertEquals(before, weight);
        net.freezeParameters(false);
        step(trainer, x, targets);
        assertNotEquals(before, weight);
        assertFalse(features.parameter("features.norm0.running_mean").requiresGradient());
        assertTrue(step(trainer, x, targets) < first);
      }
    }
  }

  /** What has requires_grad=False in PyTorch does not learn here, until it is thawed. */
  @Test
  void parametersThatDidNotLearnAreFrozen() throws Exception {
    try (NDManager own = manager.newSubManager();
        Model model = Model.newInstance("frozen", Device.cpu(), PyTorchEngine.NAME)) {
      Program program = Programs.read("frozen");
      String bias = "layers.a\"].bias";
      ProgramBlock block = ProgramBlock.of(program, own);
      ProgramBlock part = ProgramBlock.of(program.upTo("layers.b'\n    torch"), own);
      for (ProgramBlock each : List.of(block, part)) {
        assertFalse(each.parameter("scale").requiresGradient());
        assertFalse(each.parameter(bias).requiresGradient());
        assertTrue(each.parameter("layers.a\"].weight").requiresGradient());
      }
      block.saveProgram(folder.resolve("again.pt2"));
      assertEquals(program.inputs(), Pt2File.read(folder.resolve("again.pt2")).inputs());
      model.setBlock(block);
      NDArray scale = block.parameter("scale").getArray();
      NDArray before = scale.duplicate();
      NDArray x = Programs.numbers(own, "frozen").get("x");
      List<NDArray> targets = List.of(own.ones(new Shape(3, 3)));
      try (Trainer trainer = model.newTrainer(sgd())) {
        trainer.initialize(x.getShape());
        double first = step(trainer, x, targets);
        assertTrue(step(trainer, x, targets) < first);
        assertEquals(before, scale);
        block.freezeParameters(false);
        step(trainer, x, targets);
        assertNotEquals(before, scale);
      }
    }
  }

  @Test
  void noArrayIsLeftBehindInTraining() throws Exception {
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(Programs.read("unet"), own);
      NDArray x = Programs.numbers(own, "unet").get("train_x");
      int before = own.getManagedArrays().size();
      forward(block, x).close();
      assertEquals(before, own.getManagedArrays().size());
    }
  }
}
