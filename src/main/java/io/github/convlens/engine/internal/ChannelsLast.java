package io.github.convlens.engine.internal;

import ai.djl.ndarray.NDArray;
import io.github.convlens.engine.Operator;

/**
 * Pictures whose memory holds the channels of a pixel side by side, while their shape stays (batch,
 * channels, height, width): the layout in which CUDA's half-precision convolutions are fastest.
 * Every layer computes the same on it. Source: PyTorch's tutorial "Channels Last Memory Format".
 */
public final class ChannelsLast {
  private ChannelsLast() {}

  /**
   * A copy of the pictures in channels-last memory; it belongs to the input's manager.
   *
   * @param pictures (batch, channels, height, width)
   * @throws IllegalArgumentException if there are not four axes
   */
  public static NDArray of(NDArray pictures) {
    if (pictures.getShape().dimension() != 4) {
      throw new IllegalArgumentException(
          "channels-last memory is for pictures (batch, channels, height, width).\n"
              + "This array has "
              + pictures.getShape().dimension()
              + " axes: "
              + pictures.getShape()
              + ".\n"
              + "Use an array of four axes.");
    }
    return Operator.of("torch.clone(x, memory_format=2)", "x").apply(pictures);
  }
}
