package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import io.github.convlens.program.ScalarType;

/** bfloat16, which DJL's arrays cannot hold: float32 arrays of its numbers stand for it. */
final class Bfloat16 {
  private Bfloat16() {}

  /** The nearest numbers that bfloat16 has, of the input's manager. */
  static NDArray round(NDArray array) {
    return Operator.of(rounded("x"), "x").apply(array);
  }

  /** The text of {@link #round}. */
  static String rounded(String name) {
    return to(to(name, ScalarType.BFLOAT16), ScalarType.FLOAT32);
  }

  /**
   * The text that makes an array another type. On CUDA PyTorch makes one kernel of several steps,
   * in float32 throughout: {@code torch.to} within it does not round. What this calls stays
   * outside.
   */
  static String to(String name, ScalarType type) {
    return Scripts.call("_to_copy", name, "dtype=" + type.number());
  }
}
