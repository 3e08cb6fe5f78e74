package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * A layer in PyTorch's own operators: what its block computes. Its inputs are called {@code x}, or
 * {@code x0}, {@code x1} and so on where there are several; its parameters as a state dict calls
 * them, with {@code _} for a dot.
 */
@FunctionalInterface
interface OperatorText {
  /** In which mode a layer runs. */
  enum Mode {
    /** As after {@code model.eval()}. */
    INFERENCE,
    /** As after {@code model.train()}. */
    TRAINING;

    /** {@code True} while training. */
    String isTraining() {
      return this == TRAINING ? "True" : "False";
    }
  }

  /**
   * Lines of TorchScript.
   *
   * @param statements what is done first; they assign names
   * @param results an expression for each output
   */
  record Lines(List<String> statements, List<String> results) {
    /** One expression. */
    static Lines of(String expression) {
      return new Lines(List.of(), List.of(expression));
    }
  }

  /** The lines for inputs of these shapes. */
  Lines of(List<Shape> inputs, Mode mode);

  /** A text that is the same for all inputs. */
  static OperatorText of(String expression) {
    return (inputs, mode) -> Lines.of(expression);
  }
}
