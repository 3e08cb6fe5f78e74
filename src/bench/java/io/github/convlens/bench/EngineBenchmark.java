package io.github.convlens.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Operator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The engine's 3x3 convolutions, its matrix product, and what a call costs: of DJL's own ReLU on
 * eight numbers and of the same as an operator; float32.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class EngineBenchmark {
  /** Multiply-adds of one product. */
  static final double PRODUCT_MACS = 1024.0 * 1024 * 1024;

  /** Multiply-adds of {@link #conv64} and of {@link #conv256}. */
  static final double CONV64_MACS = 64.0 * 64 * 9 * 56 * 56;

  static final double CONV256_MACS = 256.0 * 256 * 9 * 14 * 14;

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray square = manager.randomUniform(0, 1, new Shape(1024, 1024));
  private final NDArray small = manager.randomUniform(-1, 1, new Shape(8));
  private final Operator relu = Operator.of("torch.relu(x)", "x");
  private final NDArray large = manager.randomUniform(0, 1, new Shape(1, 64, 56, 56));
  private final NDArray deep = manager.randomUniform(0, 1, new Shape(1, 256, 14, 14));
  private final Block of64 = convolution(large);
  private final Block of256 = convolution(deep);

  private Block convolution(NDArray input) {
    Block block =
        Conv2d.builder()
            .setFilters((int) input.getShape().get(1))
            .setKernelShape(new Shape(3, 3))
            .optPadding(new Shape(1, 1))
            .build();
    block.initialize(manager, DataType.FLOAT32, input.getShape());
    return block;
  }

  @Benchmark
  public void conv64() {
    LayerBlocks.forward(of64, large).close();
  }

  @Benchmark
  public void conv256() {
    LayerBlocks.forward(of256, deep).close();
  }

  @Benchmark
  public void matrixProduct() {
    square.matMul(square).close();
  }

  @Benchmark
  public void reluOfDjl() {
    Activation.relu(small).close();
  }

  @Benchmark
  public void reluOfPyTorch() {
    relu.apply(small).close();
  }

  @TearDown
  public void close() {
    manager.close();
  }
}
