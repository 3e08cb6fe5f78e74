package io.github.convlens.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.ProgramBlock;
import io.github.convlens.program.Pt2File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Exported programs on pictures of 224x224, float32: forward, and a step of training. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class ProgramBenchmark {
  /** The program's file. */
  @Param("")
  public String file;

  /** How many pictures. */
  @Param("1")
  public int batch;

  private final NDManager manager = NDManager.newBaseManager(Device.cpu());
  private final Model model = Model.newInstance("program", Device.cpu());
  private ProgramBlock block;
  private NDArray pictures;
  private NDArray labels;
  private Trainer trainer;

  /** Opens the program. */
  @Setup
  public void open() throws IOException {
    block = ProgramBlock.of(Pt2File.read(Path.of(file)), manager);
    pictures = manager.randomUniform(0, 1, new Shape(batch, 3, 224, 224));
    labels = manager.arange(batch).toType(DataType.FLOAT32, false);
    model.setBlock(block);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.001f)).build())
                .optDevices(new Device[] {Device.cpu()}));
    trainer.initialize(pictures.getShape());
  }

  /** Scores of a batch. */
  @Benchmark
  public void forward() {
    LayerBlocks.forward(block, pictures).close();
  }

  /** Forward, loss, gradients of all parameters, and SGD's step, by DJL's Trainer. */
  @Benchmark
  public void step() {
    try (NDManager scratch = manager.newSubManager()) {
      NDList data = new NDList(pictures.duplicate());
      NDList wanted = new NDList(labels.duplicate());
      data.attach(scratch);
      wanted.attach(scratch);
      Batch one = new Batch(scratch, data, wanted, batch, Batchifier.STACK, Batchifier.STACK, 0, 1);
      EasyTrain.trainBatch(trainer, one);
      trainer.step();
    }
  }

  @TearDown
  public void close() {
    trainer.close();
    model.close();
    manager.close();
  }
}
