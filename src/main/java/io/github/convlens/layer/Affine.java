package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** The learned scale and shift of a normalisation. */
public enum Affine {
  /** A scale and a shift for each normalised element or channel (PyTorch's default). */
  SCALE_AND_SHIFT,
  /** A scale alone. */
  SCALE,
  /** Nothing is learned. */
  NONE;

  /** The number of learned scales. */
  long scales(long elements) {
    return this == NONE ? 0 : elements;
  }

  /** The number of learned shifts. */
  long shifts(long elements) {
    return this == SCALE_AND_SHIFT ? elements : 0;
  }

  /** The scales and shifts of a shape by the names of a state dict: {@code weight, bias}. */
  Map<String, Shape> state(Shape shape) {
    Map<String, Shape> state = new LinkedHashMap<>();
    if (this != NONE) {
      state.put("weight", shape);
    }
    if (this == SCALE_AND_SHIFT) {
      state.put("bias", shape);
    }
    return state;
  }
}
