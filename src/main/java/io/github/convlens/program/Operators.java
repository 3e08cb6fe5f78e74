package io.github.convlens.program;

/** What operators are called. */
final class Operators {
  private static final String TORCH = "torch.ops.";
  private static final String PYTHON = "_operator.";

  /** Arithmetic of sizes. */
  static final String OF_SIZES = "sym.";

  private Operators() {}

  /** {@code aten.conv2d.default} of {@code torch.ops.aten.conv2d.default}; {@code sym.mul}. */
  static String name(String target) {
    if (target.startsWith(TORCH)) {
      return target.substring(TORCH.length());
    }
    if (target.startsWith(PYTHON)) {
      return OF_SIZES + target.substring(PYTHON.length());
    }
    if (target.startsWith("torch.sym_")) {
      return OF_SIZES + target.substring("torch.sym_".length());
    }
    return target.startsWith("math.") ? OF_SIZES + target.substring("math.".length()) : target;
  }
}
