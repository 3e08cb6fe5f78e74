package io.github.convlens.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.github.convlens.engine.Operator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a call costs where there is next to nothing to compute: ReLU of four numbers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class CallBenchmark {
  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray small = manager.randomUniform(-1, 1, new Shape(4));
  private final Operator relu = Operator.of("torch.relu(x)", "x");

  @Benchmark
  public void operator() {
    relu.apply(small).close();
  }

  @Benchmark
  public void djl() {
    Activation.relu(small).close();
  }

  @TearDown
  public void close() {
    manager.close();
  }
}
