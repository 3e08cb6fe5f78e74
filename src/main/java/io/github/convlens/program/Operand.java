package io.github.convlens.program;

import java.util.List;

/**
 * An array that a call is given, in the order of its arguments.
 *
 * @param name its name in the program
 * @param type its elements and sizes, as PyTorch recorded them
 * @param from where it comes from
 */
record Operand(String name, TensorType type, From from) {
  /** Where an operand comes from. */
  enum From {
    /** From an earlier call, or the user: an input of the layer. */
    CALL,
    /** From parameters, buffers and constants alone: it is part of the layer. */
    PROGRAM,
    /** From the user, for its sizes alone: an input of the layer that is not read. */
    SIZES
  }

  boolean isInput() {
    return from != From.PROGRAM;
  }

  /** Those that are inputs of the layer. */
  static List<Operand> inputs(List<Operand> operands) {
    return operands.stream().filter(Operand::isInput).toList();
  }
}
