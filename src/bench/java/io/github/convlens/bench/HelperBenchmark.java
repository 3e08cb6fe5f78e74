package io.github.convlens.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.lesson.D2l;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The lesson's helpers, and the engine's own convolution on the same arrays. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class HelperBenchmark {
  private final NDManager manager = NDManager.newBaseManager();

  private final NDArray small = manager.randomUniform(0, 1, new Shape(8, 8));
  private final Block conv2d =
      Conv2d.builder()
          .setFilters(1)
          .setKernelShape(new Shape(3, 3))
          .optPadding(new Shape(1, 1))
          .build();

  private final NDArray matrix = manager.randomUniform(0, 1, new Shape(64, 64));
  private final NDArray kernel = manager.randomUniform(0, 1, new Shape(3, 3));

  private final NDArray picture = manager.randomUniform(0, 1, new Shape(16, 64, 64));
  private final NDArray batch = picture.reshape(1, 16, 64, 64);
  private final NDArray kernels = manager.randomUniform(0, 1, new Shape(32, 16, 3, 3));
  private final Block engine =
      Conv2d.builder().setFilters(32).setKernelShape(new Shape(3, 3)).optBias(false).build();

  /** Gives the engine's convolution its weights. */
  public HelperBenchmark() {
    engine.initialize(manager, DataType.FLOAT32, batch.getShape());
  }

  @Benchmark
  public void compConv2d() {
    D2l.compConv2d(conv2d, small).close();
  }

  @Benchmark
  public void corr2d() {
    D2l.corr2d(matrix, kernel).close();
  }

  @Benchmark
  public void corr2dMultiInOut() {
    D2l.corr2dMultiInOut(picture, kernels).close();
  }

  @Benchmark
  public void enginesConv2d() {
    LayerBlocks.forward(engine, batch).close();
  }

  @TearDown
  public void close() {
    manager.close();
  }
}
