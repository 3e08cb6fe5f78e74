package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.stream.IntStream;

/** The simple numbers that the PyTorch values were made with. */
final class Rule {
  private Rule() {}

  static double[] input(long size) {
    return IntStream.range(0, Math.toIntExact(size))
        .mapToDouble(i -> (i * 5 % 13 - 6) / 4.0)
        .toArray();
  }

  static double[] weight(long size) {
    return IntStream.range(0, Math.toIntExact(size))
        .mapToDouble(i -> (i * 7 % 11 - 5) / 4.0)
        .toArray();
  }

  static double[] variance(long size) {
    return IntStream.range(0, Math.toIntExact(size))
        .mapToDouble(i -> (i * 7 % 11 + 1) / 4.0)
        .toArray();
  }

  static NDArray input(NDManager manager, Precision precision, Shape shape) {
    return array(manager, precision, shape, input(shape.size()));
  }

  /** In float64 {@code toType} would share memory that dies with the first array. */
  static NDArray array(NDManager manager, Precision precision, Shape shape, double[] values) {
    NDArray exact = manager.create(values, shape);
    if (precision == Precision.FLOAT64) {
      return exact;
    }
    try (exact) {
      return exact.toType(precision.dataType(), true);
    }
  }

  /** Gives every parameter of an initialised block its numbers, those that PyTorch has. */
  static void fill(Block block) {
    for (Parameter parameter : block.getParameters().values()) {
      long size = parameter.getShape().size();
      switch (parameter.getType()) {
        case RUNNING_VAR -> set(parameter, variance(size));
        case RUNNING_MEAN -> set(parameter, weight(size));
        default -> {
          if (parameter.requiresGradient()) {
            set(parameter, weight(size));
          }
        }
      }
    }
  }

  private static void set(Parameter parameter, double[] values) {
    NDArray array = parameter.getArray();
    try (NDArray exact = array.getManager().create(values, array.getShape());
        NDArray same = exact.toType(array.getDataType(), true)) {
      array.set(same.toByteBuffer());
    }
  }

  static double[] doubles(NDArray array) {
    try (NDArray exact = array.toType(ai.djl.ndarray.types.DataType.FLOAT64, true)) {
      return exact.toDoubleArray();
    }
  }
}
