package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.Sizes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A convolution over one, two or three spatial axes: (batch, inChannels, height, width) to (batch,
 * outChannels, height', width'), each axis by {@link Window}'s formula.
 *
 * <pre>
 *   parameters = outChannels x inChannels / groups x taps  (+ outChannels)
 *   macs       = output elements x inChannels / groups x taps
 * </pre>
 *
 * <p>AlexNet's first, {@code Conv2d(3, 64, kernel_size=11, stride=4, padding=2)} on 224x224: output
 * 55x55, 23,296 parameters. Source: PyTorch's pages of torch.nn.Conv1d, Conv2d and Conv3d.
 *
 * @param inChannels channels of the input; 0: taken from the input, as PyTorch's LazyConv2d does
 * @param outChannels channels of the output
 * @param window kernel, stride, padding, dilation
 * @param groups number of independent groups of channels; divides both channel counts
 * @param bias whether a number is added to each output channel
 * @param paddingMode what stands in the padding
 */
public record ConvSpec(
    long inChannels,
    long outChannels,
    Windows window,
    long groups,
    Bias bias,
    PaddingMode paddingMode)
    implements LayerSpec {

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a count is too small or the groups do not divide the channels
   */
  public ConvSpec {
    if (inChannels != 0) {
      Require.positive(inChannels, "in_channels");
    }
    Require.positive(outChannels, "out_channels");
    Require.groups(inChannels, outChannels, groups);
  }

  /** A convolution with a bias, in one group, with zeros in the padding. */
  public static ConvSpec of(long inChannels, long outChannels, Windows window) {
    return new ConvSpec(inChannels, outChannels, window, 1, Bias.WITH, PaddingMode.ZEROS);
  }

  @Override
  public String type() {
    return (inChannels == 0 ? "LazyConv" : "Conv") + spatialAxes() + "d";
  }

  @Override
  public Shape output(Shape input) {
    if (inChannels == 0) {
      return resolve(input).output(input);
    }
    Require.spatial(input, spatialAxes());
    Require.channels(input, inChannels, "in_channels");
    long[] sizes = input.getShape().clone();
    sizes[1] = outChannels;
    for (Axis axis : window.axes()) {
      int index = axis.index(sizes.length);
      sizes[index] = outputSize(axis, sizes[index]);
    }
    return Sizes.shape(sizes);
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
    return Exact.multiply(inChannels / groups, window.kernel().area());
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return Exact.multiply(parameters(), Pools.positions(output(Require.one(inputs))));
  }

  /**
   * fvcore does not know the operator with a padding in words, which does not pad by reflection.
   */
  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    boolean inWords =
        window.padding() == Padding.Automatic.SAME || window.padding() == Padding.Automatic.VALID;
    long flops = macs(Require.one(inputs));
    return inWords && paddingMode == PaddingMode.ZEROS ? 0 : flops;
  }

  @Override
  public long profilerOperations(List<Shape> inputs) {
    return Pools.productOperations(this, Require.one(inputs));
  }

  @Override
  public Optional<Windows> windows() {
    return Optional.of(window);
  }

  @Override
  public OptionalLong inputChannels() {
    return inChannels == 0 ? OptionalLong.empty() : OptionalLong.of(inChannels);
  }

  @Override
  public int spatialAxes() {
    return window.kernel().rank();
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    Require.spatial(input, spatialAxes());
    return Optional.of(Reach.of(window.on(axis, axis.of(input)), paddingMode));
  }

  @Override
  public Optional<String> formula(Axis axis, Shape input) {
    return Optional.of(Pools.formula(window, Rounding.FLOOR, axis, input));
  }

  @Override
  public LayerSpec resolve(Shape input) {
    if (inChannels != 0) {
      return this;
    }
    Require.spatial(input, spatialAxes());
    return new ConvSpec(input.get(1), outChannels, window, groups, bias, paddingMode);
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.sliding(
        this, axis, inputs.get(index), groups == 1 ? Passage.all() : Passage.untold());
  }

  @Override
  public Map<String, Shape> state() {
    if (inChannels == 0) {
      throw Require.unresolved(this);
    }
    Shape weight = new Shape(outChannels, inChannels / groups);
    return bias.state(weight.addAll(window.kernel().toShape()), outChannels);
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
        .withUnlessAll("stride", window.stride(), 1)
        .withUnless(window.padding().isNone(), "padding", window.padding())
        .withUnlessAll("dilation", window.dilation(), 1)
        .with("groups", groups, 1L)
        .off("bias", bias == Bias.WITHOUT)
        .withWord("padding_mode", paddingMode, PaddingMode.ZEROS)
        .toString();
  }
}
