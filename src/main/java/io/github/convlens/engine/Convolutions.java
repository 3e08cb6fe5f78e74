package io.github.convlens.engine;

import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.convolutional.Convolution.ConvolutionBuilder;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.util.Optional;

/** DJL's own convolutions; on pictures with ours around them where their padding is not enough. */
final class Convolutions {
  private Convolutions() {}

  static Convolution of(ConvSpec layer) {
    Optional<Size> perSide = perSide(layer);
    int axes = layer.spatialAxes();
    if (axes == 2) {
      return perSide.isPresent()
          ? with(layer, perSide.get(), Conv2d.builder()).build()
          : new PaddedConv2d(layer);
    }
    Size padding = perSide.orElseThrow(() -> BlockBuilder.unknown(layer));
    return axes == 1
        ? with(layer, padding, Conv1d.builder()).build()
        : with(layer, padding, Conv3d.builder()).build();
  }

  /** The zeros that DJL puts on both sides of each axis; empty where others are wanted. */
  private static Optional<Size> perSide(ConvSpec layer) {
    Padding padding = layer.window().padding();
    if (padding == Padding.Automatic.VALID) {
      return Optional.of(Size.all(layer.spatialAxes(), 0));
    }
    return layer.paddingMode() == PaddingMode.ZEROS
            && padding instanceof Padding.Explicit sides
            && sides.isSymmetric()
        ? Optional.of(sides.perSide())
        : Optional.empty();
  }

  /** A builder with the layer's numbers and a padding. */
  static <B extends ConvolutionBuilder<B>> B with(ConvSpec layer, Size perSide, B builder) {
    Windows window = layer.window();
    return builder
        .setFilters(Math.toIntExact(layer.outChannels()))
        .setKernelShape(window.kernel().toShape())
        .optStride(window.stride().toShape())
        .optPadding(perSide.toShape())
        .optDilation(window.dilation().toShape())
        .optGroups(Math.toIntExact(layer.groups()))
        .optBias(layer.biases() > 0);
  }
}
