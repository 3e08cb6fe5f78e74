package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A transposed convolution: the shape's way back through a convolution with the same numbers.
 *
 * <pre>
 *   output     = (input - 1) x stride - 2 x padding + dilation x (kernel - 1) + outputPadding + 1
 *   parameters = inChannels x outChannels / groups x taps  (+ outChannels)
 *   macs       = input elements x outChannels / groups x taps
 * </pre>
 *
 * <p>Every input element is multiplied with the whole kernel, so the cost is counted on input
 * positions: kernel 2, stride 2, 3 to 1 channels on 2x2 makes 2 x 2 x 3 x 1 x 4 = 48. Source:
 * PyTorch's pages of torch.nn.ConvTranspose1d, ConvTranspose2d and ConvTranspose3d.
 *
 * @param inChannels channels of the input; 0: taken from the input
 * @param outChannels channels of the output
 * @param kernel taps per axis
 * @param stride output positions per input position
 * @param padding rows and columns cut off at each side of the full result
 * @param outputPadding rows and columns added at the bottom and right, to choose among the sizes
 *     that a strided convolution maps to the same size; below stride or dilation
 * @param groups number of independent groups of channels; divides both channel counts
 * @param bias whether a number is added to each output channel
 * @param dilation distance of neighbouring taps
 */
public record ConvTransposeSpec(
    long inChannels,
    long outChannels,
    Size kernel,
    Size stride,
    Size padding,
    Size outputPadding,
    long groups,
    Bias bias,
    Size dilation)
    implements LayerSpec {

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small, the groups do not divide the channels, or the
   *     output padding is neither below the stride nor below the dilation
   */
  public ConvTransposeSpec {
    if (inChannels != 0) {
      Require.positive(inChannels, "in_channels");
    }
    Require.positive(outChannels, "out_channels");
    kernel.requireAtLeast(1, "kernel_size");
    stride.requireAtLeast(1, "stride");
    padding.requireAtLeast(0, "padding");
    outputPadding.requireAtLeast(0, "output_padding");
    dilation.requireAtLeast(1, "dilation");
    Require.groups(inChannels, outChannels, groups);
    for (Axis axis : kernel.axes()) {
      long limit = Math.max(stride.on(axis), dilation.on(axis));
      if (outputPadding.on(axis) >= limit) {
        throw ShapeException.of(
                "output_padding must be smaller than the stride or the dilation",
                "It is "
                    + outputPadding.on(axis)
                    + " where the stride is "
                    + stride.on(axis)
                    + " and the dilation is "
                    + dilation.on(axis)
                    + ".",
                "Use output_padding <= " + (limit - 1) + ".")
            .on(axis);
      }
    }
  }

  @Override
  public String type() {
    return (inChannels == 0 ? "LazyConvTranspose" : "ConvTranspose") + spatialAxes() + "d";
  }

  @Override
  public Shape output(Shape input) {
    if (inChannels == 0) {
      return resolve(input).output(input);
    }
    Require.spatial(input, spatialAxes());
    Require.channels(input, inChannels, "in_channels");
    return Pools.sized(input, outChannels, this::outputSize);
  }

  /**
   * The output's size on one axis: {@code (input - 1) x stride - 2 x padding + dilation x (kernel -
   * 1) + outputPadding + 1}.
   *
   * @throws ShapeException if nothing is left of the output
   */
  public long outputSize(Axis axis, long input) {
    long full = Exact.add(Exact.multiply(input - 1, stride.on(axis)), span(axis));
    long cut = Exact.multiply(2, padding.on(axis));
    long size = Exact.add(full, outputPadding.on(axis)) - cut;
    if (size < 1) {
      long needed = Exact.add(input, -Math.floorDiv(size - 1, stride.on(axis)));
      throw ShapeException.of(
              "nothing is left of the output",
              ("(input " + input + " - 1) x stride " + stride.on(axis))
                  + (" + span " + span(axis))
                  + (" + output_padding " + outputPadding.on(axis))
                  + (" - 2 x padding " + padding.on(axis) + " = " + size + "."),
              "Use padding <= "
                  + (full + outputPadding.on(axis) - 1) / 2
                  + (", or an input of at least " + needed + " here."))
          .on(axis)
          .needing(needed);
    }
    return size;
  }

  /**
   * The formula with this layer's numbers and its value, for people: {@code (4 - 1) x 2 + 3 + 1 - 2
   * x 1 = 8}: steps, span, output padding, padding.
   *
   * @throws ShapeException if nothing is left of the output
   */
  public String explain(Axis axis, long input) {
    return "("
        + input
        + " - 1) x "
        + stride.on(axis)
        + " + "
        + span(axis)
        + " + "
        + outputPadding.on(axis)
        + " - 2 x "
        + padding.on(axis)
        + " = "
        + outputSize(axis, input);
  }

  /** {@code dilation x (kernel - 1) + 1} on one axis. */
  private long span(Axis axis) {
    return Window.of(kernel.on(axis), 1, 0, dilation.on(axis)).span();
  }

  @Override
  public long weights() {
    if (inChannels == 0) {
      throw Require.unresolved(this);
    }
    return Exact.multiply(inChannels, macsPerInput());
  }

  @Override
  public long biases() {
    return bias.parameters(outChannels);
  }

  @Override
  public long macs(Shape input) {
    output(input);
    return Exact.multiply(Exact.elements(input), macsPerInput());
  }

  private long macsPerInput() {
    return Exact.multiply(outChannels / groups, kernel.area());
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return Exact.multiply(parameters(), Pools.positions(output(Require.one(inputs))));
  }

  @Override
  public long profilerOperations(List<Shape> inputs) {
    return Pools.productOperations(this, Require.one(inputs));
  }

  @Override
  public OptionalLong inputChannels() {
    return inChannels == 0 ? OptionalLong.empty() : OptionalLong.of(inChannels);
  }

  @Override
  public Optional<Size> taps() {
    return Optional.of(kernel);
  }

  @Override
  public int spatialAxes() {
    return kernel.rank();
  }

  /**
   * Output {@code o} receives input {@code i} where {@code o = i x stride - padding + tap x
   * dilation}: the taps of one output are {@code stride / gcd(stride, dilation)} apart, and some
   * outputs have none.
   */
  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    Require.spatial(input, spatialAxes());
    long step = stride.on(axis);
    return Optional.of(new Reach(step, 1, o -> run(axis, o), PaddingMode.ZEROS));
  }

  private Reach.Run run(Axis axis, long output) {
    long step = stride.on(axis);
    long apart = dilation.on(axis);
    long taps = kernel.on(axis);
    long place = Exact.add(output, padding.on(axis));
    long common = Exact.gcd(step, apart);
    if (place % common != 0) {
      return Reach.Run.NONE;
    }
    // The taps t with position x step + t x apart = place, of one remainder modulo tapStep.
    long tapStep = step / common;
    BigInteger modulus = BigInteger.valueOf(tapStep);
    long tap =
        BigInteger.valueOf(apart / common)
            .modInverse(modulus)
            .multiply(BigInteger.valueOf(place / common))
            .mod(modulus)
            .longValueExact();
    if (tap >= taps) {
      return Reach.Run.NONE;
    }
    long first = Math.floorDiv(place - Exact.multiply(tap, apart), step);
    return new Reach.Run(first, -apart / common, (taps - 1 - tap) / tapStep + 1, tap, tapStep);
  }

  @Override
  public Optional<String> formula(Axis axis, Shape input) {
    Require.spatial(input, spatialAxes());
    return Optional.of(explain(axis, axis.of(input)));
  }

  @Override
  public LayerSpec resolve(Shape input) {
    if (inChannels != 0) {
      return this;
    }
    Require.spatial(input, spatialAxes());
    return new ConvTransposeSpec(
        input.get(1), outChannels, kernel, stride, padding, outputPadding, groups, bias, dilation);
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
    Shape weight = new Shape(inChannels, outChannels / groups);
    return bias.state(weight.addAll(kernel.toShape()), outChannels);
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
        .with("kernel_size", kernel)
        .withUnlessAll("stride", stride, 1)
        .withUnlessAll("padding", padding, 0)
        .withUnlessAll("output_padding", outputPadding, 0)
        .withUnlessAll("dilation", dilation, 1)
        .with("groups", groups, 1L)
        .off("bias", bias == Bias.WITHOUT)
        .toString();
  }
}
