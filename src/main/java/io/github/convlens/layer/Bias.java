package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a layer adds one learned number to every output channel. */
public enum Bias {
  /** One learned number for each output channel (PyTorch's default). */
  WITH,
  /** None, as is usual before a batch normalisation. */
  WITHOUT;

  /** The number of bias parameters of a layer with so many output channels. */
  public long parameters(long outChannels) {
    return this == WITH ? outChannels : 0;
  }

  /** A weight and what is added, by the names of a state dict: {@code weight, bias}. */
  Map<String, Shape> state(Shape weight, long outChannels) {
    Map<String, Shape> state = new LinkedHashMap<>();
    state.put("weight", weight);
    if (this == WITH) {
      state.put("bias", new Shape(outChannels));
    }
    return state;
  }
}
