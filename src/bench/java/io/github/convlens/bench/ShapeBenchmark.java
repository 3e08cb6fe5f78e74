package io.github.convlens.bench;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.TraceJson;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Shapes from text, without an engine. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class ShapeBenchmark {
  static final String LAYER = "nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))";

  private final Shape picture = new Shape(1, 1, 8, 8);
  private final LayerSpec layer = PyTorch.parse(LAYER).layer();

  /** A network of 100,000 layers: large enough to disturb what is small. */
  @State(Scope.Benchmark)
  public static class Deep {
    private final String text =
        "nn.Sequential(" + "nn.Conv2d(1, 1, 3, padding=1), ".repeat(100_000) + "nn.ReLU())";
    private final Trace trace = trace();

    Trace trace() {
      return Trace.of(PyTorch.parse(text), new Shape(1, 1, 8, 8), Convention.TORCHVISION);
    }
  }

  /** Text to shape. */
  @Benchmark
  public Shape parseAndShape() {
    return PyTorch.parse(LAYER).layer().output(picture);
  }

  /** A layer that has been read to shape. */
  @Benchmark
  public Shape shape() {
    return layer.output(picture);
  }

  /** 100,000 layers from text to the rows of a table. */
  @Benchmark
  public Trace parseAndTraceDeep(Deep deep) {
    return deep.trace();
  }

  /** A trace of 100,000 layers to JSON. */
  @Benchmark
  public void jsonOfDeep(Deep deep) throws IOException {
    TraceJson.write(deep.trace, Writer.nullWriter());
  }
}
