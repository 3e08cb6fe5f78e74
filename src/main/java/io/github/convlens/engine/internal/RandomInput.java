package io.github.convlens.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Precision;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.EmbeddingSpec;
import java.nio.FloatBuffer;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Numbers to feed a network with where there is no picture. */
public final class RandomInput {
  private RandomInput() {}

  /**
   * An array of independent numbers, uniform between -1 and 1, which the seed alone decides: the
   * same on every device, and the same in every precision up to rounding.
   *
   * @param manager whose device it is on, and who owns it
   * @param precision the number type
   * @param shape any shape
   * @param seed any number
   */
  public static NDArray of(NDManager manager, Precision precision, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return of(manager, precision, shape, values);
  }

  /**
   * Numbers for one of a network's inputs: the same, or whole numbers (int64) where an Embedding
   * reads them, each of which is one of its rows.
   *
   * @param input which input, from 0
   */
  public static NDArray of(
      NDManager manager, Precision precision, Shaped network, int input, long seed) {
    Shape shape = network.inputs().get(input);
    OptionalLong rows = rows(network, input);
    if (rows.isEmpty()) {
      return of(manager, precision, shape, seed);
    }
    long[] indices = new SplittableRandom(seed).longs(shape.size(), 0, rows.getAsLong()).toArray();
    return manager.create(indices, shape);
  }

  /** Whether a network's input is of whole numbers, because an Embedding reads it. */
  public static boolean isOfIndices(Shaped network, int input) {
    return rows(network, input).isPresent();
  }

  /** How many rows the smallest table has that is read by an input. */
  private static OptionalLong rows(Shaped network, int input) {
    return network.graph().nodes().stream()
        .filter(node -> node.inputs().contains(new Edge.OfInput(input)))
        .flatMap(node -> node.layer() instanceof EmbeddingSpec e ? Stream.of(e) : Stream.of())
        .mapToLong(EmbeddingSpec::numEmbeddings)
        .min();
  }

  /** An array of given numbers in a precision; no other array stays behind. */
  public static NDArray of(NDManager manager, Precision precision, Shape shape, float[] values) {
    NDArray array = manager.create(FloatBuffer.wrap(values), shape, DataType.FLOAT32);
    if (precision.dataType() == DataType.FLOAT32) {
      return array;
    }
    try (array) {
      return array.toType(precision.dataType(), false);
    }
  }
}
