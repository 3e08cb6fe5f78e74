package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The learned numbers of one layer in float64, by their names in PyTorch's state dict. */
final class Learned {
  private final Map<String, NDArray> arrays;

  Learned(Map<String, NDArray> arrays) {
    this.arrays = arrays;
  }

  /** Those of a block; DJL's own blocks name theirs otherwise, and are asked for the type. */
  static Learned of(Block block) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    block
        .getDirectParameters()
        .forEach(each -> arrays.put(each.getKey(), each.getValue().getArray()));
    block
        .getDirectParameters()
        .forEach(
            each ->
                arrays.putIfAbsent(name(each.getValue().getType()), each.getValue().getArray()));
    return new Learned(arrays);
  }

  private static String name(Parameter.Type type) {
    return switch (type) {
      case WEIGHT, GAMMA, OTHER -> "weight";
      case BIAS, BETA -> "bias";
      case RUNNING_MEAN -> "running_mean";
      case RUNNING_VAR -> "running_var";
    };
  }

  /** All numbers of an array. */
  double[] numbers(String name) {
    return values(name).values();
  }

  /** An array with its shape. */
  Values values(String name) {
    return Values.of(array(name));
  }

  /** An array that the layer may do without. */
  Optional<Values> optional(String name) {
    return Optional.ofNullable(arrays.get(name)).map(Values::of);
  }

  /** The array of a layer that has one, whatever it is called. */
  Values only() {
    return Values.of(arrays.values().iterator().next());
  }

  /** The weights, row by row. */
  Rows weights() {
    return new Rows(array("weight"));
  }

  private NDArray array(String name) {
    return Optional.ofNullable(arrays.get(name))
        .orElseThrow(
            () -> new IllegalStateException("there is no " + name + " among " + arrays.keySet()));
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
