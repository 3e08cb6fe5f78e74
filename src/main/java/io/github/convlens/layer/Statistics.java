package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a normalisation takes mean and variance from when it is not training. */
public enum Statistics {
  /** From running averages, kept while training ({@code track_running_stats=True}). */
  RUNNING,
  /** From the input itself, always ({@code track_running_stats=False}). */
  INPUT;

  /** What is kept of batches, by the names of a state dict. */
  Map<String, Shape> state(Shape channels) {
    Map<String, Shape> state = new LinkedHashMap<>();
    if (this == RUNNING) {
      state.put("running_mean", channels);
      state.put("running_var", channels);
      state.put("num_batches_tracked", new Shape());
    }
    return state;
  }
}
