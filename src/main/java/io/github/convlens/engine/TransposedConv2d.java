package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution, which DJL's PyTorch engine lacks ({@code Conv2dTranspose} throws
 * there). Output {@code o} sums {@code input[i] x kernel[tap]} over all {@code i x stride + tap x
 * dilation = o + padding}; that is an ordinary convolution, with the kernel turned round, over the
 * input with {@code stride - 1} zeros between its elements. Weights lie as PyTorch's do:
 * (inChannels, outChannels / groups, kernel height, kernel width).
 */
final class TransposedConv2d extends AbstractBlock implements Specified {
  private static final byte VERSION = 1;

  private final ConvTransposeSpec layer;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  TransposedConv2d(ConvTransposeSpec layer) {
    super(VERSION);
    this.layer = layer;
    weight =
        addParameter(Parameter.builder().setName("weight").setType(Parameter.Type.WEIGHT).build());
    bias =
        layer.biases() == 0
            ? null
            : addParameter(
                Parameter.builder().setName("bias").setType(Parameter.Type.BIAS).build());
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    weight.setShape(
        new Shape(
            layer.inChannels(),
            layer.outChannels() / layer.groups(),
            layer.kernel().height(),
            layer.kernel().width()));
    if (bias != null) {
      bias.setShape(new Shape(layer.outChannels()));
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    check(inputs);
    NDArray input = inputs.singletonOrThrow();
    NDArray weights = parameterStore.getValue(weight, input.getDevice(), training);
    NDArray shifts = parameterStore.getValue(bias, input.getDevice(), training);
    return new NDList(Scratch.apply(input, x -> convolve(x, weights, shifts)));
  }

  private NDArray convolve(NDArray x, NDArray weights, @Nullable NDArray shifts) {
    NDArray kernel = turned(Scratch.view(weights, x.getManager()));
    return Conv2d.conv2d(
            border().fill(spread(x), 0),
            kernel,
            shifts,
            new Shape(1, 1),
            new Shape(0, 0),
            layer.dilation().toShape(),
            Math.toIntExact(layer.groups()))
        .singletonOrThrow();
  }

  /** (in, out / groups, h, w) to (out, in / groups, h, w), both spatial axes reversed. */
  private NDArray turned(NDArray weights) {
    long groups = layer.groups();
    long in = layer.inChannels() / groups;
    long out = layer.outChannels() / groups;
    long height = layer.kernel().height();
    long width = layer.kernel().width();
    return weights
        .reshape(groups, in, out, height, width)
        .swapAxes(1, 2) // (groups, out / groups, in / groups, h, w)
        .reshape(layer.outChannels(), in, height, width)
        .flip(2, 3);
  }

  /** (b, c, h, w) to (b, c, h x stride, w x stride), zeros behind each element. */
  private NDArray spread(NDArray x) {
    long down = layer.stride().height();
    long across = layer.stride().width();
    if (down == 1 && across == 1) {
      return x;
    }
    Shape s = x.getShape();
    return x.reshape(s.get(0), s.get(1), s.get(2), 1, s.get(3), 1)
        .pad(new Shape(0, across - 1, 0, 0, 0, down - 1), 0)
        .reshape(s.get(0), s.get(1), s.get(2) * down, s.get(3) * across);
  }

  private Border border() {
    return new Border(
        before(Axis.HEIGHT), after(Axis.HEIGHT), before(Axis.WIDTH), after(Axis.WIDTH));
  }

  private long before(Axis axis) {
    return layer.dilation().on(axis) * (layer.kernel().on(axis) - 1) - layer.padding().on(axis);
  }

  /** As in front, with the output padding, without the zeros behind the last element. */
  private long after(Axis axis) {
    return before(axis) + layer.outputPadding().on(axis) - (layer.stride().on(axis) - 1);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}
