package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * A 2-D convolution: (batch, inChannels, height, width) to (batch, outChannels, height', width'),
 * each axis by {@link Window}'s formula.
 *
 * <pre>
 *   parameters = outChannels x inChannels / groups x kernel height x kernel width  (+ outChannels)
 *   macs       = output elements x inChannels / groups x kernel height x kernel width
 * </pre>
 *
 * <p>AlexNet's first, {@code Conv2d(3, 64, kernel_size=11, stride=4, padding=2)} on 224x224: output
 * 55x55, 23,296 parameters. Source: PyTorch's page of torch.nn.Conv2d.
 *
 * @param inChannels channels of the input; 0: taken from the input, as PyTorch's LazyConv2d does
 * @param outChannels channels of the output
 * @param window kernel, stride, padding, dilation
 * @param groups number of independent groups of channels; divides both channel counts
 * @param bias whether a number is added to each output channel
 * @param paddingMode what stands in the padding
 */
public record Conv2dSpec(
    long inChannels,
    long outChannels,
    Window2d window,
    long groups,
    Bias bias,
    PaddingMode paddingMode)
    implements LayerSpec {

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a count is too small or the groups do not divide the channels
   */
  public Conv2dSpec {
    if (inChannels != 0) {
      Require.positive(inChannels, "in_channels");
    }
    Require.positive(outChannels, "out_channels");
    Require.groups(inChannels, outChannels, groups);
  }

  /** A convolution with a bias, in one group, with zeros in the padding. */
  public static Conv2dSpec of(long inChannels, long outChannels, Window2d window) {
    return new Conv2dSpec(inChannels, outChannels, window, 1, Bias.WITH, PaddingMode.ZEROS);
  }

  @Override
  public String type() {
    return inChannels == 0 ? "LazyConv2d" : "Conv2d";
  }

  @Override
  public Shape output(Shape input) {
    if (inChannels == 0) {
      return resolve(input).output(input);
    }
    Require.channels(input, inChannels, "in_channels");
    return new Shape(
        input.get(0),
        outChannels,
        outputSize(Axis.HEIGHT, input.get(2)),
        outputSize(Axis.WIDTH, input.get(3)));
  }

  private long outputSize(Axis axis, long input) {
    if (paddingMode != PaddingMode.ZEROS) {
      Window onAxis = window.on(axis, input);
      long padding = Math.max(onAxis.padBefore(), onAxis.padAfter());
      paddingMode.check(axis, input, padding, onAxis.leastInput());
    }
    return window.outputSize(
        axis, input, Rounding.FLOOR, new Window.Bounds(paddingMode.largest(input), 1));
  }

  @Override
  public long weights() {
    return Exact.multiply(outChannels, macsPerOutput());
  }

  @Override
  public long biases() {
    return bias.parameters(outChannels);
  }

  @Override
  public long macs(Shape input) {
    return inChannels == 0
        ? resolve(input).macs(input)
        : Exact.multiply(Exact.elements(output(input)), macsPerOutput());
  }

  private long macsPerOutput() {
    if (inChannels == 0) {
      throw Require.unresolved(this);
    }
    return Exact.multiply(
        inChannels / groups, Exact.multiply(window.kernel().height(), window.kernel().width()));
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(window.on(axis, Require.size(axis, input)).reach());
  }

  @Override
  public LayerSpec resolve(Shape input) {
    if (inChannels != 0) {
      return this;
    }
    Require.picture(input);
    return new Conv2dSpec(input.get(1), outChannels, window, groups, bias, paddingMode);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type());
    if (inChannels != 0) {
      call.with(inChannels);
    }
    return call.with(outChannels)
        .with("kernel_size", window.kernel())
        .with("stride", window.stride(), Size.ONE)
        .with("padding", window.padding(), Padding.NONE)
        .with("dilation", window.dilation(), Size.ONE)
        .with("groups", groups, 1L)
        .off("bias", bias == Bias.WITHOUT)
        .withWord("padding_mode", paddingMode, PaddingMode.ZEROS)
        .toString();
  }
}
