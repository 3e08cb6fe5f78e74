package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

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

  /** An array of given numbers in a precision; no other array stays behind. */
  static NDArray of(NDManager manager, Precision precision, Shape shape, float[] values) {
    NDArray array = manager.create(FloatBuffer.wrap(values), shape, DataType.FLOAT32);
    if (precision == Precision.FLOAT32) {
      return array;
    }
    try (array) {
      return array.toType(precision.dataType(), false);
    }
  }
}
