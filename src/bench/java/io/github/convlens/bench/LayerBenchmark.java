package io.github.convlens.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.PyTorchInit;
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

/** One layer, as LayerBlocks makes it, on 64 channels of 56x56, float32. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class LayerBenchmark {
  private static final Shape INPUT = new Shape(1, 64, 56, 56);

  /** In PyTorch's notation. */
  @Param("nn.ReLU()")
  public String layer;

  private final NDManager manager = NDManager.newBaseManager();
  private NDArray pictures;
  private Block block;

  /** Makes the block. */
  @Setup
  public void open() {
    block = LayerBlocks.of(layer);
    PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT32, INPUT);
    pictures = manager.randomUniform(0, 1, INPUT);
  }

  @Benchmark
  public void forward() {
    LayerBlocks.forward(block, pictures).close();
  }

  @TearDown
  public void close() {
    manager.close();
  }
}
