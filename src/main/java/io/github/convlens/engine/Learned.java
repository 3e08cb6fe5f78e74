package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.HashMap;
import java.util.Map;

/** The learned numbers of one block in float64, as they lie in it. */
final class Learned {
  private final Block block;

  Learned(Block block) {
    this.block = block;
  }

  /** All numbers of the parameter of this type. */
  double[] numbers(Parameter.Type type) {
    return Values.of(array(type)).values();
  }

  /** The weights, row by row. */
  Rows weights() {
    return new Rows(array(Parameter.Type.WEIGHT));
  }

  private NDArray array(Parameter.Type type) {
    return block.getDirectParameters().values().stream()
        .filter(parameter -> parameter.getType() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(block + " has no " + type))
        .getArray();
  }

  /**
   * What stands behind each index of the first axis, fetched when it is asked for: a Linear can
   * have a hundred million weights, and a sample of its outputs reads few of them.
   */
  static final class Rows {
    private final NDArray array;
    private final Map<Long, double[]> fetched = new HashMap<>();

    private Rows(NDArray array) {
      this.array = array;
    }

    double[] get(long index) {
      return fetched.computeIfAbsent(
          index,
          i -> {
            try (NDArray row = array.get(i)) {
              return Values.of(row).values();
            }
          });
    }

    /** The largest absolute value, found on the engine. */
    double largest() {
      try (NDArray sizes = array.abs();
          NDArray largest = sizes.max()) {
        return Values.of(largest).at();
      }
    }
  }
}
