package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.Padding;
import java.util.List;
import java.util.Optional;

/**
 * A layer whose window slides over a sequence or a picture.
 *
 * @param layer the layer
 * @param input the shape that goes in
 * @param output the shape that comes out
 * @param height its lane down the rows; of a sequence that of its only row
 * @param width its lane along a row
 */
record Sliding(LayerSpec layer, Shape input, Shape output, Lane height, Lane width) {
  /** What its numbers mean. */
  enum Kind {
    CONVOLUTION,
    TRANSPOSED,
    MAXIMUM,
    MEAN,
    /** A layer whose values are not computed here. */
    OTHER
  }

  /** Whether a layer has a window that is drawn. */
  static boolean is(LayerSpec layer, Shape input) {
    int axes = input.dimension() - 2;
    return (axes == 1 || axes == 2) && layer.taps().isPresent() && layer.spatialAxes() == axes;
  }

  /** A layer for which {@link #is} holds. */
  static Sliding of(LayerSpec layer, Shape input) {
    Shape output = layer.output(input);
    List<Axis> axes = Axis.in(input);
    Lane last = Lane.of(layer, axes.get(axes.size() - 1), input, output);
    Lane first = axes.size() == 1 ? Lane.SINGLE : Lane.of(layer, axes.get(0), input, output);
    return new Sliding(layer, input, output, first, last);
  }

  /**
   * A padding and the convolution behind it as one convolution with a padding per side, which
   * PyTorch has no argument for; empty where a graph is something else.
   */
  static Optional<ConvSpec> padded(Graph graph) {
    if (graph.nodes().size() != 2
        || !(graph.nodes().get(0).layer() instanceof PadSpec pad)
        || !(graph.nodes().get(1).layer() instanceof ConvSpec conv)
        || pad.value() != 0
        || pad.spatialAxes() != conv.spatialAxes()
        || !conv.window().padding().isNone()) {
      return Optional.empty();
    }
    boolean cuts =
        pad.before().axes().stream()
            .anyMatch(axis -> Math.min(pad.before().on(axis), pad.after().on(axis)) < 0);
    return cuts
        ? Optional.empty()
        : Optional.of(
            new ConvSpec(
                conv.inChannels(),
                conv.outChannels(),
                conv.window().withPadding(new Padding.Explicit(pad.before(), pad.after())),
                conv.groups(),
                conv.bias(),
                pad.mode()));
  }

  Kind kind() {
    if (layer instanceof ConvSpec) {
      return Kind.CONVOLUTION;
    }
    if (layer instanceof ConvTransposeSpec) {
      return Kind.TRANSPOSED;
    }
    if (layer instanceof MaxPoolSpec) {
      return Kind.MAXIMUM;
    }
    return layer instanceof AvgPoolSpec ? Kind.MEAN : Kind.OTHER;
  }

  boolean hasKernel() {
    return kind() == Kind.CONVOLUTION || kind() == Kind.TRANSPOSED;
  }

  long inChannels() {
    return input.get(1);
  }

  long outChannels() {
    return output.get(1);
  }

  /** Pools take each channel for itself. */
  long groups() {
    if (layer instanceof ConvSpec conv) {
      return conv.groups();
    }
    return layer instanceof ConvTransposeSpec conv ? conv.groups() : inChannels();
  }

  /** How many input channels one output channel is made of. */
  long depth() {
    return inChannels() / groups();
  }

  /** The first of the input channels that an output channel is made of. */
  long firstChannel(long out) {
    return out / (outChannels() / groups()) * depth();
  }

  /** Whether the layer is a matrix product at each position. */
  boolean isPointwise() {
    return kind() == Kind.CONVOLUTION
        && groups() == 1
        && height.kernel() == 1
        && width.kernel() == 1
        && height.output() == height.input()
        && width.output() == width.input()
        && height.padBefore() + width.padBefore() == 0;
  }
}
