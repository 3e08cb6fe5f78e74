package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * A transposed convolution: the shape's way back through a convolution with the same numbers.
 *
 * <pre>
 *   output     = (input - 1) x stride - 2 x padding + dilation x (kernel - 1) + outputPadding + 1
 *   parameters = inChannels x outChannels / groups x kernel height x kernel width  (+ outChannels)
 *   macs       = input elements x outChannels / groups x kernel height x kernel width
 * </pre>
 *
 * <p>Every input element is multiplied with the whole kernel, so the cost is counted on input
 * positions: kernel 2, stride 2, 3 to 1 channels on 2x2 makes 2 x 2 x 3 x 1 x 4 = 48. Source:
 * PyTorch's page of torch.nn.ConvTranspose2d.
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
public record ConvTranspose2dSpec(
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
  public ConvTranspose2dSpec {
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
    for (Axis axis : Axis.values()) {
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
    return inChannels == 0 ? "LazyConvTranspose2d" : "ConvTranspose2d";
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
    return Exact.multiply(outChannels / groups, Exact.multiply(kernel.height(), kernel.width()));
  }

  /**
   * Output {@code o} receives input {@code i} where {@code o = i x stride - padding + tap x
   * dilation} for some tap, so it reads at most {@code floor((span - 1) / stride) + 1} neighbouring
   * inputs.
   */
  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    long step = stride.on(axis);
    long start = -Math.floorDiv(span(axis) - 1 - padding.on(axis), step);
    return Optional.of(new Reach((span(axis) - 1) / step + 1, new Ratio(1, step), start));
  }

  @Override
  public LayerSpec resolve(Shape input) {
    if (inChannels != 0) {
      return this;
    }
    Require.picture(input);
    return new ConvTranspose2dSpec(
        input.get(1), outChannels, kernel, stride, padding, outputPadding, groups, bias, dilation);
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
        .with("stride", stride, Size.ONE)
        .with("padding", padding, Size.ZERO)
        .with("output_padding", outputPadding, Size.ZERO)
        .with("dilation", dilation, Size.ONE)
        .with("groups", groups, 1L)
        .off("bias", bias == Bias.WITHOUT)
        .toString();
  }
}
