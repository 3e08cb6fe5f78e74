package io.github.convlens.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;

/**
 * A place for intermediate arrays. DJL puts every result into the manager of its left operand, so a
 * computation of five steps on a caller's array would leave four arrays behind.
 */
public final class Scratch {
  private Scratch() {}

  /**
   * Runs the steps on a second handle of the input whose results die here; the last one moves to
   * the input's manager. The input itself is never moved, so threads may share it.
   */
  public static NDArray apply(NDArray input, UnaryOperator<NDArray> steps) {
    return apply(new NDList(input), views -> new NDList(steps.apply(views.head()))).head();
  }

  /** The same for several inputs, which have one manager, and several results. */
  public static NDList apply(NDList inputs, UnaryOperator<NDList> steps) {
    NDManager owner = inputs.head().getManager();
    try (NDManager scratch = owner.newSubManager(inputs.head().getDevice())) {
      NDList views = new NDList();
      inputs.forEach(input -> views.add(view(input, scratch)));
      NDList results = steps.apply(views);
      results.attach(owner);
      return results;
    }
  }

  /** A second handle of the same memory, which belongs to the given manager; gradients pass it. */
  public static NDArray view(NDArray array, NDManager manager) {
    NDArray view = array.reshape(array.getShape());
    view.attach(manager);
    return view;
  }

  /**
   * Puts other finite numbers in the place of an array's, also where PyTorch watches it for
   * gradients. {@code NDArray.copyTo} does the same, but has the native library print a warning.
   */
  public static void write(NDArray values, NDArray target) {
    try (NDArray unwatched = target.stopGradient()) {
      unwatched.subi(unwatched).addi(values);
    }
  }

  /** Closes the arrays of a list, save those that are also in one of the other lists. */
  public static void close(NDList done, NDList... needed) {
    for (NDArray array : done) {
      if (!contains(array, needed)) {
        array.close();
      }
    }
  }

  /** Compares handles: {@code NDArray.equals} compares contents. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean contains(NDArray array, NDList[] lists) {
    for (NDList list : lists) {
      for (NDArray other : list) {
        if (other == array) {
          return true;
        }
      }
    }
    return false;
  }
}
