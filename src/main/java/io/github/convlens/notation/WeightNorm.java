package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import java.util.List;
import java.util.OptionalLong;

/**
 * What weight normalisation adds to a layer: a length for each slice of its weight along axis 0.
 * {@code ParametrizedConv2d(3, 8, kernel_size=(3, 3))} has 8 of them.
 *
 * @param lengths how many
 */
record WeightNorm(long lengths) implements CustomSpec {
  @Override
  public String type() {
    return "weight_norm";
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public long weights() {
    return lengths;
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return 0;
  }

  /** The size of a layer's weight along axis 0; empty where it has several weights. */
  static OptionalLong lengths(LayerSpec layer) {
    if (layer instanceof LinearSpec linear) {
      return OptionalLong.of(linear.outFeatures());
    }
    if (layer instanceof ConvSpec conv) {
      return OptionalLong.of(conv.outChannels());
    }
    return layer instanceof ConvTransposeSpec conv
        ? OptionalLong.of(conv.inChannels())
        : OptionalLong.empty();
  }
}
