package io.github.convlens.lesson;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.function.Function;

/**
 * One step of gradient descent that forgets its gradients: {@code parameter -= learningRate x
 * gradient}.
 *
 * <p>DJL's PyTorch engine adds every backward pass to the gradients that are already there. A loop
 * that does not clear them follows the sum of all gradients so far and runs away; so this step
 * clears them before it returns.
 */
public final class TrainingStep {
  private TrainingStep() {}

  /**
   * Computes the loss, follows its gradient one step down, and clears the gradients.
   *
   * @param parameters what is learned; changed in place, otherwise owned by the caller as before
   * @param learningRate how far to go
   * @param loss from a manager, on which to put what is needed on the way, to the loss, one
   *     element; everything in that manager is released on return
   * @return the loss before the step
   */
  public static float descend(
      List<NDArray> parameters, float learningRate, Function<NDManager, NDArray> loss) {
    parameters.forEach(parameter -> parameter.setRequiresGradient(true));
    clearGradients(parameters);
    try (NDManager scratch = parameters.get(0).getManager().newSubManager()) {
      float value;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray computed = loss.apply(scratch);
        computed.attach(scratch);
        collector.backward(computed);
        value = computed.toType(DataType.FLOAT32, false).getFloat();
      }
      for (NDArray parameter : parameters) {
        // The same numbers, not watched: PyTorch refuses to change a watched array in place.
        try (NDArray numbers = parameter.stopGradient();
            NDArray gradient = parameter.getGradient();
            NDArray step = gradient.mul(learningRate)) {
          numbers.subi(step);
        }
      }
      return value;
    } finally {
      clearGradients(parameters);
    }
  }

  /**
   * Sets the gradients of these arrays to zero; arrays that have none yet are left alone.
   *
   * @param parameters arrays that require gradients; nothing is added to their managers
   */
  static void clearGradients(List<NDArray> parameters) {
    for (NDArray parameter : parameters) {
      // To write into an array DJL makes views of it in its manager, which is not to keep them.
      try (NDManager scratch = parameter.getManager().newSubManager()) {
        NDArray gradient = parameter.getGradient();
        gradient.attach(scratch);
        gradient.set(new NDIndex("..."), 0);
      }
    }
  }
}
