package io.github.convlens.layer;

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
}
