package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import io.github.convlens.program.ScalarType;

/** bfloat16, which DJL's arrays cannot hold: float32 arrays of its numbers stand for it. */
final class Bfloat16 {
  private Bfloat16() {}

  /** The nearest numbers that bfloat16 has, of the input's manager. */
  static NDArray round(NDArray array) {
    String half = Scripts.call("to", "x", ScalarType.BFLOAT16.number());
    return Operator.of(Scripts.call("to", half, ScalarType.FLOAT32.number()), "x").apply(array);
  }
}
