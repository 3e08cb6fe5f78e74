package io.github.convlens.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.graph.Shapes;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An epoch of the lesson's LeNet with DJL's Trainer, on made-up pictures in memory. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class TrainingBenchmark {
  private static final int PICTURES = 60 * 256;

  private final NDManager manager = NDManager.newBaseManager(Device.cpu());
  private final ArrayDataset pictures = pictures();
  private final Model model = Model.newInstance("lenet", Device.cpu());
  private final Trainer trainer;

  /** Gives the network its weights. */
  public TrainingBenchmark() {
    Block block =
        LayerBlocks.of(Shapes.infer(PyTorch.parse(Presets.text("lenet")), Presets.input("lenet")));
    PyTorchInit.seeded(0).setInitializers(block);
    model.setBlock(block);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.9f)).build())
                .optDevices(new Device[] {Device.cpu()})
                .addEvaluator(new Accuracy())
                .addTrainingListeners(TrainingListener.Defaults.basic()));
    trainer.initialize(Presets.input("lenet"));
  }

  private ArrayDataset pictures() {
    NDArray data = manager.randomUniform(0, 1, new Shape(PICTURES, 1, 28, 28));
    NDArray labels = manager.arange(PICTURES).mod(10).toType(DataType.FLOAT32, false);
    return new ArrayDataset.Builder()
        .setData(data)
        .optLabels(labels)
        .setSampling(256, true)
        .build();
  }

  @Benchmark
  public void lenetEpoch() throws IOException, TranslateException {
    EasyTrain.fit(trainer, 1, pictures, null);
  }

  @TearDown
  public void close() {
    trainer.close();
    model.close();
    manager.close();
  }
}
