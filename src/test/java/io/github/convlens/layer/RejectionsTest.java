package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Target;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every rejection of the package, word for word: rule, numbers, remedy. */
class RejectionsTest {
  private static final Shape PICTURE = new Shape(2, 6, 7, 5);

  private static void rejects(Executable call, String... lines) {
    ShapeException e = assertThrows(ShapeException.class, call);
    assertEquals(String.join("\n", lines), e.getMessage());
  }

  @Test
  void windowsWithNumbersBelowTheirBounds() {
    rejects(
        () -> Window.of(0), "kernel must be at least 1.", "Here it is 0.", "Use kernel 1 or more.");
    rejects(
        () -> new Window(3, 0, 1, 2, 1),
        "stride must be at least 1.",
        "Here it is 0.",
        "Use stride 1 or more.");
    rejects(
        () -> new Window(3, 1, -1, 2, 1),
        "padBefore must be at least 0.",
        "Here it is -1.",
        "Use padBefore 0 or more.");
    rejects(
        () -> new Window(3, 1, 1, -2, 1),
        "padAfter must be at least 0.",
        "Here it is -2.",
        "Use padAfter 0 or more.");
    rejects(
        () -> new Window(3, 1, 1, 2, -4),
        "dilation must be at least 1.",
        "Here it is -4.",
        "Use dilation 1 or more.");
    rejects(
        () -> Window.of(3).outputSize(0),
        "input must be at least 1.",
        "Here it is 0.",
        "Use input 1 or more.");
    rejects(
        () -> Window.of(3).outputSize(-5, Rounding.CEIL),
        "input must be at least 1.",
        "Here it is -5.",
        "Use input 1 or more.");
  }

  @Test
  void kernelsThatDoNotFit() {
    rejects(
        () -> Window.of(5).outputSize(3),
        "the kernel does not fit.",
        "It spans 5 but the padded input is 3 (input 3 + padding 0 + 0).",
        "Use padding >= 1, kernel <= 3, or an input of at least 5 here.");
    rejects(
        () -> Window.of(3, 2, 0, 2).outputSize(3),
        "the kernel does not fit.",
        "It spans 5 (dilation 2 x (kernel 3 - 1) + 1) but the padded input is 3"
            + " (input 3 + padding 0 + 0).",
        "Use padding >= 1, dilation 1, or an input of at least 5 here.");
    rejects(
        () -> Window.of(3, 2, 0, 4).outputSize(6),
        "the kernel does not fit.",
        "It spans 9 (dilation 4 x (kernel 3 - 1) + 1) but the padded input is 6"
            + " (input 6 + padding 0 + 0).",
        "Use padding >= 2, dilation <= 2, or an input of at least 9 here.");
    rejects(
        () -> new Window(7, 1, 1, 0, 3).outputSize(4),
        "the kernel does not fit.",
        "It spans 19 (dilation 3 x (kernel 7 - 1) + 1) but the padded input is 5"
            + " (input 4 + padding 1 + 0).",
        "Use padding >= 8, kernel <= 2, or an input of at least 18 here.");
    rejects(
        () -> new Window(6, 3, 0, 0, 1).outputSize(3, Rounding.CEIL),
        "the kernel does not fit.",
        "It spans 6 but the padded input is 3 (input 3 + padding 0 + 0), and may hang over by 2.",
        "Use padding >= 1, kernel <= 5, or an input of at least 4 here.");
  }

  @Test
  void sizesAndPaddings() {
    rejects(
        () -> Windows.of(new Size(3, 0)),
        "kernel_size must be at least 1 on every axis.",
        "Here it is 0 for the width.",
        "Use kernel_size=1 or more.");
    rejects(
        () -> Windows.of(new Size(3, 2)).withStride(new Size(0, 2)),
        "stride must be at least 1 on every axis.",
        "Here it is 0 for the height.",
        "Use stride=1 or more.");
    rejects(
        () -> Windows.of(new Size(3, 2)).withDilation(new Size(1, -2)),
        "dilation must be at least 1 on every axis.",
        "Here it is -2 for the width.",
        "Use dilation=1 or more.");
    rejects(
        () -> new Padding.Explicit(1, 2, 3, -4),
        "padding must not be negative.",
        "Here it is -4.",
        "Use padding 0 or more; to cut rows off, use a ZeroPad2d with negative numbers.");
    rejects(
        () -> new Windows(new Size(3, 2), new Size(1, 4), Padding.Automatic.SAME, Size.ONE),
        "padding='same' needs stride 1.",
        "The stride here is 4; PyTorch rejects it too.",
        "Use stride=1, a padding in numbers, or padding='same_upper' (ONNX, TensorFlow).");
  }

  @Test
  void convolutions() {
    Windows window = Windows.of(new Size(3, 2));
    rejects(
        () -> ConvSpec.of(-3, 4, window),
        "in_channels must be at least 1.",
        "Here it is -3.",
        "Use in_channels=1 or more.");
    rejects(
        () -> ConvSpec.of(3, 0, window),
        "out_channels must be at least 1.",
        "Here it is 0.",
        "Use out_channels=1 or more.");
    rejects(
        () -> new ConvSpec(6, 4, window, 0, Bias.WITH, PaddingMode.ZEROS),
        "groups must be at least 1.",
        "Here it is 0.",
        "Use groups=1 or more.");
    rejects(
        () -> new ConvSpec(12, 18, window, 4, Bias.WITH, PaddingMode.ZEROS),
        "groups must divide both channel counts.",
        "Here in_channels is 12, out_channels is 18 and groups is 4.",
        "Use one of groups=1, 2, 3, 6.");
    rejects(
        () -> ConvSpec.of(3, 4, window).output(PICTURE),
        "the input has the wrong number of channels.",
        "in_channels is 3 but the input has 6: [2, 6, 7, 5].",
        "Use in_channels=6, or an input of 3 channels.");
    rejects(
        () -> ConvSpec.of(3, 4, window).output(new Shape(3, 7, 5)),
        "the input must be a picture (batch, channels, height, width).",
        "It has 3 axes: [3, 7, 5].",
        "Give the input its batch and channels, too; behind a Flatten or Linear, put an"
            + " Unflatten between.");
    rejects(
        () -> ConvSpec.of(3, 4, window).output(new Shape(1, 3, 2, 7, 5)),
        "the input must be a picture (batch, channels, height, width).",
        "It has 5 axes: [1, 3, 2, 7, 5].",
        "Use an input of four axes, or the layer for as many.");
    rejects(
        () -> ConvSpec.of(3, 4, window).output(new Shape(1, 3, 7, 0)),
        "the input's sizes must be at least 1.",
        "It is [1, 3, 7, 0].",
        "Use 1 or more on every axis.");
    rejects(
        () -> ConvSpec.of(6, 4, Windows.of(new Size(3, 6))).output(PICTURE),
        "width: the kernel does not fit.",
        "It spans 6 but the padded input is 5 (input 5 + padding 0 + 0).",
        "Use padding >= 1, kernel <= 5, or an input of at least 6 here.");
    rejects(
        () -> ConvSpec.of(0, 4, window).parameters(),
        "a lazy layer takes its channels from its input.",
        "LazyConv2d has not seen an input yet, so its parameters are not known.",
        "Call resolve(input) first.");
  }

  @Test
  void paddingModes() {
    Windows window = Windows.of(new Size(3, 2)).withPadding(new Size(1, 5));
    rejects(
        () -> new ConvSpec(6, 4, window, 1, Bias.WITH, PaddingMode.REFLECT).output(PICTURE),
        "width: reflected padding must be smaller than the input.",
        "The padding is 5 but the input is 5.",
        "Use padding <= 4, or an input of at least 6 here.");
    rejects(
        () ->
            new ConvSpec(6, 4, window, 1, Bias.WITH, PaddingMode.CIRCULAR)
                .output(new Shape(1, 6, 7, 3)),
        "width: circular padding must not be larger than the input.",
        "The padding is 5 but the input is 3.",
        "Use padding <= 3, or an input of at least 5 here.");
    Windows wide = Windows.of(new Size(1, 9)).withPadding(new Size(0, 2));
    rejects(
        () ->
            new ConvSpec(6, 4, wide, 1, Bias.WITH, PaddingMode.REFLECT)
                .output(new Shape(1, 6, 7, 2)),
        "width: reflected padding must be smaller than the input.",
        "The padding is 2 but the input is 2.",
        "Use padding <= 1, or an input of at least 5 here.");
    assertEquals(
        new Shape(2, 6, 8, 8),
        new PadSpec(PaddingMode.REPLICATE, 0, 1, 2, -3, 4).output(PICTURE)); // cut, as PyTorch does
    rejects(
        () -> new PadSpec(PaddingMode.ZEROS, 0, 1, 2, -3, -4).output(PICTURE),
        "height: nothing is left of the picture.",
        "The input is 7 and the padding is -3 and -4.",
        "Use an input of at least 8 here.");
    rejects(
        () -> new PadSpec(PaddingMode.ZEROS, 0, -6, 9, 0, 0).output(PICTURE),
        "width: nothing is left of the picture.",
        "The input is 5 and the padding is -6 and 9.",
        "Use an input of at least 6 here.");
  }

  @Test
  void transposedConvolutions() {
    rejects(
        () -> WindowCountTest.transposed(3, 2, 0, 3, 2),
        "height: output_padding must be smaller than the stride or the dilation.",
        "It is 3 where the stride is 2 and the dilation is 2.",
        "Use output_padding <= 1.");
    rejects(
        () -> WindowCountTest.transposed(3, 2, 4, 1, 1).output(new Shape(1, 2, 2, 9)),
        "height: nothing is left of the output.",
        "(input 2 - 1) x stride 2 + span 3 + output_padding 1 - 2 x padding 4 = -2.",
        "Use padding <= 2, or an input of at least 4 here.");
    rejects(
        () -> WindowCountTest.transposed(3, 2, -1, 0, 1),
        "padding must be at least 0 on every axis.",
        "Here it is -1 for the height.",
        "Use padding=0 or more.");
    rejects(
        () -> WindowCountTest.transposed(3, 2, 1, -1, 1),
        "output_padding must be at least 0 on every axis.",
        "Here it is -1 for the height.",
        "Use output_padding=0 or more.");
  }

  @Test
  void pools() {
    rejects(
        () ->
            new MaxPoolSpec(
                Windows.of(new Size(3, 2)).withPadding(new Size(1, 2)).withDilation(new Size(1, 3)),
                Rounding.FLOOR),
        "width: a pool's padding must be at most half of its kernel.",
        "The padding is 2 per side but the kernel is 2.",
        "Use padding <= 1, or kernel_size >= 4.");
    rejects(
        () ->
            new AvgPoolSpec(
                Windows.of(new Size(3, 2)).withDilation(new Size(1, 3)),
                Rounding.FLOOR,
                AvgPoolSpec.Divisor.PADDED,
                OptionalLong.empty()),
        "average pooling has no dilation.",
        "The dilation here is (1, 3).",
        "Use dilation 1, or a depthwise Conv2d with equal weights.");
    rejects(
        () ->
            new AvgPoolSpec(
                Windows.of(new Size(3, 2)),
                Rounding.FLOOR,
                AvgPoolSpec.Divisor.PADDED,
                OptionalLong.of(0)),
        "divisor_override must be at least 1.",
        "Here it is 0.",
        "Use divisor_override=1 or more.");
    rejects(
        () ->
            new AdaptivePoolSpec(
                AdaptivePoolSpec.Reduction.AVERAGE, OptionalLong.empty(), OptionalLong.of(0)),
        "output_size must be at least 1.",
        "Here it is 0.",
        "Use output_size=1 or more.");
  }

  @Test
  void upsampling() {
    rejects(
        () -> new UpsampleSpec(new Target.By(2, 3), Mode.NEAREST, Corners.CENTRES),
        "align_corners goes with the modes linear, bilinear, trilinear and bicubic.",
        "The mode here is 'nearest'.",
        "Leave align_corners out, or use mode='bilinear'.");
    rejects(
        () -> new Target.To(new Size(4, 0)),
        "size must be at least 1 on every axis.",
        "Here it is 0 for the width.",
        "Use size=1 or more.");
    rejects(
        () -> new Target.By(2, -0.5),
        "scale_factor must be a positive number.",
        "Here it is (2.0, -0.5).",
        "Use a factor above 0, such as 2.");
    rejects(
        () -> new Target.By(2, 0.15).size(Axis.WIDTH, 5),
        "width: nothing is left of the picture.",
        "The input is 5 and its factor is 0.15.",
        "Use a larger factor, or an input of at least 7 here.");
    rejects(
        () -> new Target.By(1e-20, 1).size(Axis.HEIGHT, 5),
        "height: nothing is left of the picture.",
        "The input is 5 and its factor is 1.0E-20.",
        "Use a larger factor.");
    rejects(
        () -> new Target.By(2.5, 1).size(Axis.HEIGHT, 1L << 52),
        "height: the numbers are too large.",
        "The input is 4503599627370496 and its factor is 2.5; the product passes 2^53, where"
            + " doubles leave whole numbers out.",
        "Use a smaller input, or a whole number as factor.");
    rejects(
        () -> new PixelShuffleSpec(4).output(PICTURE),
        "the channels must be a multiple of upscale_factor^2.",
        "upscale_factor^2 is 16 but the input has 6 channels.",
        "Use 16 channels.");
    rejects(
        () -> new PixelShuffleSpec(0),
        "upscale_factor must be at least 1.",
        "Here it is 0.",
        "Use upscale_factor=1 or more.");
  }

  @Test
  void axes() {
    rejects(
        () -> new FlattenSpec(1, 4).output(PICTURE),
        "end_dim names an axis that the input does not have.",
        "end_dim is 4 but the input has 4 axes: [2, 6, 7, 5].",
        "Use a number from -4 to 3.");
    rejects(
        () -> new FlattenSpec(3, -3).output(PICTURE),
        "start_dim must not come behind end_dim.",
        "Here start_dim is axis 3 and end_dim is axis 1.",
        "Use start_dim <= end_dim.");
    rejects(
        () -> ActivationSpec.along(Function.SOFTMAX, -5).output(PICTURE),
        "dim names an axis that the input does not have.",
        "dim is -5 but the input has 4 axes: [2, 6, 7, 5].",
        "Use a number from -4 to 3.");
    rejects(
        () -> new UnflattenSpec(1, List.of(2L, -1L, -1L)),
        "unflattened_size takes positive sizes, of which one may be -1.",
        "Here they are [2, -1, -1].",
        "Use sizes whose product is the size of the axis.");
    rejects(
        () -> new UnflattenSpec(1, List.of(2L, 4L)).output(PICTURE),
        "the sizes do not make up the axis.",
        "Axis 1 has 6 elements; [2, 4] make 8.",
        "Use sizes whose product is 6.");
  }

  @Test
  void linearLayers() {
    rejects(
        () -> new LinearSpec(-1, 4, Bias.WITH),
        "in_features must be at least 1.",
        "Here it is -1.",
        "Use in_features=1 or more.");
    rejects(
        () -> new LinearSpec(1, 0, Bias.WITH),
        "out_features must be at least 1.",
        "Here it is 0.",
        "Use out_features=1 or more.");
    rejects(
        () -> new LinearSpec(8, 4, Bias.WITH).output(new Shape(2, 9)),
        "the input's last axis must be in_features.",
        "in_features is 8 but the last axis is 9: [2, 9].",
        "Use in_features=9, or an input of 8 features.");
    rejects(
        () -> new LinearSpec(8, 4, Bias.WITH).output(PICTURE),
        "the input's last axis must be in_features.",
        "in_features is 8 but the last axis is 5, and flattened the input [2, 6, 7, 5] has 210"
            + " features.",
        "Use a Flatten and in_features=210.");
    rejects(
        () -> new LinearSpec(8, 4, Bias.WITH).output(new Shape()),
        "the input needs at least one axis.",
        "It has none.",
        "Use an input (batch, features).");
  }

  @Test
  void normalisationsAndSlopes() {
    rejects(
        () -> BatchNormSpec.of(4).output(PICTURE),
        "the input has the wrong number of channels.",
        "num_features is 4 but the input has 6: [2, 6, 7, 5].",
        "Use num_features=6, or an input of 4 channels.");
    rejects(
        () -> new GroupNormSpec(4, 6, 1e-5, Affine.NONE),
        "num_groups must divide num_channels.",
        "Here num_channels is 6 and num_groups is 4.",
        "Use num_groups=1, num_groups=6, or another divisor.");
    rejects(
        () -> new GroupNormSpec(4, 8, 1e-5, Affine.NONE).output(PICTURE),
        "the input has the wrong number of channels.",
        "num_channels is 8 but the input is [2, 6, 7, 5].",
        "Use an input of 8 channels, or another num_channels.");
    rejects(
        () -> new GroupNormSpec(6, 6, 1e-5, Affine.NONE).output(new Shape(1, 6, 1, 1)),
        "a group needs more than one value to be normalised.",
        "num_groups is 6 and the input [1, 6, 1, 1] has no more.",
        "Use fewer groups, or a larger input.");
    rejects(
        () -> new LayerNormSpec(List.of(), 1e-5, Affine.NONE),
        "normalized_shape needs at least one size.",
        "Here it is empty.",
        "Use the last axis.");
    rejects(
        () -> new LayerNormSpec(List.of(6L, 5L), 1e-5, Affine.NONE).output(PICTURE),
        "the input's last axes must be normalized_shape.",
        "normalized_shape is [6, 5] but the input is [2, 6, 7, 5].",
        "Use the sizes of the input's last axes, such as normalized_shape=5.");
    rejects(
        () -> new RmsNormSpec(List.of(), OptionalDouble.empty(), Affine.SCALE),
        "normalized_shape needs at least one size.",
        "Here it is empty.",
        "Use the last axis.");
    rejects(
        () -> new RmsNormSpec(List.of(6L), OptionalDouble.empty(), Affine.NONE).output(PICTURE),
        "the input's last axes must be normalized_shape.",
        "normalized_shape is [6] but the input is [2, 6, 7, 5].",
        "Use the sizes of the input's last axes, such as normalized_shape=5.");
    rejects(
        () -> ofChannels(6L, 5L),
        "LayerNorm2d has one normalized_shape, the channels.",
        "Here it is [6, 5].",
        "Use a single size.");
    rejects(
        () -> ofChannels(5L).output(PICTURE),
        "the input must be a picture with normalized_shape channels.",
        "normalized_shape is [5] but the input is [2, 6, 7, 5].",
        "Use normalized_shape=6.");
    rejects(
        () -> ofChannels(6L).output(new Shape(2, 6, 7)),
        "the input must be a picture with normalized_shape channels.",
        "normalized_shape is [6] but the input is [2, 6, 7].",
        "Use an input (batch, channels, height, width).");
    rejects(
        () -> new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(6L, -1L))).output(PICTURE),
        "the sizes of a split must make up the axis.",
        "They are [6, -1] and the axis has 6.",
        "Use sizes whose sum is 6.");
    rejects(
        () -> new SplitSpec.Parts.Sizes(List.of(-1L, -1L)),
        "split_size must be at least 1.",
        "Here it is -1.",
        "Use split_size=1 or more.");
    rejects(
        () -> new LocalResponseNormSpec(5, 1e-4, 0.75, 1).output(new Shape(2, 9)),
        "the input needs a channel axis and at least one more.",
        "It is [2, 9].",
        "Put this layer before the Flatten.");
    rejects(
        () -> new PReluSpec(3, 0.25).output(PICTURE),
        "PReLU has one slope, or one for each channel.",
        "num_parameters is 3 but the input has 6 channels.",
        "Use num_parameters=1 or num_parameters=6.");
    rejects(
        () -> new DropoutSpec(DropoutSpec.Unit.CHANNEL, 1.5),
        "p is a probability.",
        "Here it is 1.5.",
        "Use a number from 0 to 1.");
  }

  @Test
  void joins() {
    Shape same = new Shape(2, 4, 7, 5);
    Shape smaller = new Shape(2, 4, 5, 4);
    rejects(
        () -> ConcatenationSpec.OF_CHANNELS.outputs(List.of()),
        "a concatenation needs inputs.",
        "Here there is none.",
        "Give it at least one.");
    rejects(
        () -> ConcatenationSpec.OF_CHANNELS.outputs(List.of(same, smaller)),
        "branches must agree on every axis but the channels.",
        "They are [2, 4, 7, 5] and [2, 4, 5, 4].",
        "Use the same stride in all branches, and padding that keeps their sizes equal.");
    rejects(
        () -> new ConcatenationSpec(2).outputs(List.of(same, smaller)),
        "branches must agree on every axis but axis 2.",
        "They are [2, 4, 7, 5] and [2, 4, 5, 4].",
        "Use the same stride in all branches, and padding that keeps their sizes equal.");
    rejects(
        () -> ConcatenationSpec.OF_CHANNELS.outputs(List.of(new Shape(420))),
        "dim names an axis that the input does not have.",
        "dim is 1 but the input has 1 axes: [420].",
        "Use a number from -1 to 0.");
    rejects(
        () -> new SumSpec().outputs(List.of(smaller, same)),
        "the inputs of a sum must have the same shape.",
        "They are [2, 4, 5, 4] and [2, 4, 7, 5].",
        "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the size.");
    rejects(
        () -> new ProductSpec().outputs(List.of(smaller, same)),
        "the inputs of a product must have equal sizes, or 1, on every axis.",
        "They are [2, 4, 5, 4] and [2, 4, 7, 5].",
        "Keep the axes of what is averaged or flattened (1x1), or use equal sizes.");
    assertEquals(
        List.of(new Shape(2, 4, 7, 5)),
        new ProductSpec().outputs(List.of(same, new Shape(2, 4, 1, 1))));
    rejects(
        () -> ScaleSpec.plus(Double.POSITIVE_INFINITY),
        "a constant must be a finite number.",
        "The factor is 1.0, the summand Infinity.",
        "Use one that a float holds.");
    rejects(
        () -> new SumSpec().outputs(List.of()),
        "a sum needs inputs.",
        "Here there is none.",
        "Give it two.");
    rejects(
        () -> new MatrixProductSpec().outputs(List.of(same)),
        "a matrix product takes two inputs.",
        "Here there is one.",
        "Give it two.");
    rejects(
        () -> new MatrixProductSpec().outputs(List.of(smaller, same)),
        "the columns of the first matrix must be the rows of the second.",
        "They are [2, 4, 5, 4] and [2, 4, 7, 5].",
        "Use (..., n, k) and (..., k, m).");
  }

  @Test
  void sequencesAndVolumes() {
    rejects(
        () -> AvgPoolSpec.of(new Size(2, 3, 4)).output(new Shape(1, 2, 5, 2, 9)),
        "height: an average over a volume needs an input as large as its kernel.",
        "The kernel is 3 but the input is 2; its padding does not count here.",
        "Use kernel <= 2, or an input of at least 3 here.");
    rejects(
        () -> new LpPoolSpec(0, Windows.of(new Size(3)), Rounding.FLOOR),
        "norm_type is an exponent that is not 0.",
        "Here it is 0.",
        "Use norm_type=2.");
    rejects(
        () -> new LpPoolSpec(2, Windows.of(new Size(3)).withDilation(new Size(2)), Rounding.FLOOR),
        "power-average pooling has neither padding nor dilation.",
        "Here padding is (0,) and dilation is (2,).",
        "Leave them out, or put a ZeroPad in front.");
    rejects(
        () ->
            new AdaptivePoolSpec(AdaptivePoolSpec.Reduction.AVERAGE, List.of(OptionalLong.empty())),
        "output_size of a pool over one axis must be a number.",
        "Here it is None, which PyTorch takes for pictures and volumes only.",
        "Use output_size=1 or more, or leave the layer out to keep the length.");
    rejects(
        () -> new PadSpec(PaddingMode.CIRCULAR, 0, new Size(1, 2), new Size(3, -1)),
        "width: circular padding cannot cut off at one end and add at the other.",
        "Here the padding is 2 and -1.",
        "Use a ZeroPad with the negative number in front of it.");
    rejects(
        () -> new DropoutSpec(DropoutSpec.Unit.CHANNEL_OF_SEQUENCE, 0.5).output(PICTURE),
        "Dropout1d takes sequences (batch, channels, length).",
        "The input has 4 axes: [2, 6, 7, 5].",
        "Use Dropout2d for pictures, Dropout3d for volumes, or Dropout.");
    rejects(
        () ->
            new UpsampleSpec(
                new Target.To(new Size(4, 5)),
                Mode.NEAREST,
                Corners.EDGES,
                UpsampleSpec.Scale.RECOMPUTED),
        "recompute_scale_factor goes with scale_factor.",
        "Here the size is given, so there is no factor to compute anew.",
        "Leave recompute_scale_factor out.");
    rejects(
        () -> new UpsampleSpec(new Target.By(2, 3), Mode.TRILINEAR, Corners.EDGES),
        "size and scale_factor have one number, or one for each axis of the mode.",
        "The mode here is 'trilinear' and there are 2 numbers.",
        "Use one number, or as many as the mode has axes: 3.");
    rejects(
        () ->
            new PixelShuffleSpec(PixelShuffleSpec.Direction.TO_CHANNELS, 3)
                .output(new Shape(1, 2, 6, 7)),
        "width: the size must be a multiple of downscale_factor.",
        "downscale_factor is 3 but the input has 7.",
        "Use an input of 9 here.");
    rejects(
        () -> new ChannelShuffleSpec(4).output(PICTURE),
        "groups must divide the channels.",
        "groups is 4 but the input has 6 channels.",
        "Use groups=1, or another divisor of 6.");
    rejects(
        () -> new ChannelShuffleSpec(2).output(new Shape(2, 6)),
        "the input needs a channel axis and at least one more.",
        "It is [2, 6].",
        "Put this layer before the Flatten.");
  }

  @Test
  void activationsWithNumbersThatPyTorchRefuses() {
    rejects(
        () -> new ActivationSpec(Function.CELU, List.of(0.0)),
        "CELU divides by alpha.",
        "Here there is 0.0.",
        "Use alpha=1.0.");
    rejects(
        () -> new ActivationSpec(Function.HARDTANH, List.of(2.0, 1.0)),
        "max_val of Hardtanh must be above min_val.",
        "Here there is 2.0 and 1.0.",
        "Use min_val=-1.0, max_val=1.0.");
    rejects(
        () -> new ActivationSpec(Function.SOFTSHRINK, List.of(-0.5)),
        "lambd of Softshrink must not be negative.",
        "Here there is -0.5.",
        "Use lambd=0.5.");
    rejects(
        () -> new ActivationSpec(Function.GLU, List.of()).output(PICTURE),
        "GLU halves an axis, whose size must be even.",
        "Axis 3 of [2, 6, 7, 5] is 5.",
        "Use an even number there, or another dim.");
  }

  @Test
  void statisticsOfASingleValue() {
    rejects(
        () -> instanceNorm(3).output(new Shape(4, 3, 1, 1)),
        "a channel needs more than one value to be normalised.",
        "The input [4, 3, 1, 1] has one value in each channel.",
        "Use a larger input, or leave the layer out here.");
    rejects(
        () -> batchNorm(Affine.SCALE_AND_SHIFT).output(new Shape(1, 6, 1, 1)),
        "a channel needs more than one value to be normalised.",
        "The input [1, 6, 1, 1] has one value in each channel.",
        "Use a larger input or batch, or track_running_stats=True.");
    // with neither parameters nor running averages any channels will do, as in PyTorch
    assertEquals(PICTURE, instanceNorm(4).output(PICTURE));
    assertEquals(PICTURE, batchNorm(Affine.NONE).output(PICTURE));
  }

  private static LayerSpec instanceNorm(long features) {
    return new InstanceNormSpec(
        2, features, 1e-5, OptionalDouble.empty(), Affine.NONE, Statistics.INPUT);
  }

  private static LayerSpec batchNorm(Affine affine) {
    return new BatchNormSpec(
        BatchNormSpec.Kind.TWO,
        affine == Affine.NONE ? 4 : 6,
        1e-5,
        OptionalDouble.empty(),
        affine,
        Statistics.INPUT);
  }

  @Test
  void featuresAndSteps() {
    rejects(
        () -> lstm(8, 0, 0).output(new Shape(5, 3, 7)),
        "the input must be (length, batch, input_size).",
        "input_size is 4 and the input is [5, 3, 7].",
        "Use an input of three axes whose last one is 4, or of two, (length, input_size), for one"
            + " sequence.");
    rejects(
        () -> lstm(8, 8, 0),
        "proj_size belongs to an LSTM and is smaller than hidden_size.",
        "Here it is 8 and hidden_size is 8.",
        "Leave it out.");
    rejects(
        () -> lstm(8, 0, 1.5),
        "dropout is a probability.",
        "Here it is 1.5.",
        "Use a number from 0 to 1.");
    MultiheadAttentionSpec attention =
        new MultiheadAttentionSpec(8, 2, 0, Bias.WITH, 3, 8, RecurrentSpec.Layout.BATCH_FIRST);
    rejects(
        () -> attention.output(new Shape(2, 5, 8)),
        "MultiheadAttention takes a query, keys and values.",
        "Here there is one input.",
        "Give it three; in a Sequential it cannot stand.");
    rejects(
        () ->
            attention.outputs(List.of(new Shape(2, 5, 8), new Shape(2, 6, 4), new Shape(2, 6, 8))),
        "the keys must have three axes, the last one of kdim.",
        "kdim is 3 and the input is [2, 6, 4].",
        "Use a last axis of 3.");
    rejects(
        () ->
            attention.outputs(List.of(new Shape(2, 5, 8), new Shape(2, 6, 3), new Shape(2, 7, 8))),
        "keys and values must be as many, in batches of the query's size.",
        "The inputs are [[2, 5, 8], [2, 6, 3], [2, 7, 8]].",
        "Use the same length for keys and values, and the same batch for all.");
    rejects(
        () ->
            new MultiheadAttentionSpec(8, 3, 0, Bias.WITH, 8, 8, RecurrentSpec.Layout.BATCH_FIRST),
        "num_heads must divide embed_dim.",
        "Here embed_dim is 8 and num_heads is 3.",
        "Use num_heads=1, or another divisor.");
  }

  private static LayerSpec lstm(long hidden, long projSize, double dropout) {
    return new RecurrentSpec(
        RecurrentSpec.Kind.LSTM,
        4,
        hidden,
        1,
        Bias.WITH,
        RecurrentSpec.Layout.LENGTH_FIRST,
        dropout,
        RecurrentSpec.Directions.ONE,
        projSize,
        "tanh");
  }

  @Test
  void axesInAnotherOrderOrInParts() {
    rejects(
        () -> new PermuteSpec(List.of(0, 1, 1)),
        "dims must name every axis once.",
        "Here they are [0, 1, 1].",
        "Use an order of the axes, such as [0, 2, 3, 1].");
    rejects(
        () -> new PermuteSpec(List.of(0, 2, 1)).output(PICTURE),
        "dims must name as many axes as the input has.",
        "They are [0, 2, 1] and the input is [2, 6, 7, 5].",
        "Use 4 numbers.");
    rejects(
        () -> new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(2L, 3L))).output(PICTURE),
        "the sizes of a split must make up the axis.",
        "They are [2, 3] and the axis has 6.",
        "Use sizes whose sum is 6.");
    rejects(
        () -> new ReshapeSpec(List.of(4L, -1L)).output(PICTURE),
        "the sizes do not make up the input.",
        "It has 210 elements behind the batch; [4, -1] make 4.",
        "Use sizes whose product is 210.");
    rejects(
        () -> new ReshapeSpec(List.of(0L)),
        "a shape takes positive sizes, of which one may be -1.",
        "Here they are [0].",
        "Use sizes whose product is the number of elements.");
  }

  @Test
  void argumentsThatNoNotationCanWrite() {
    IllegalArgumentException count =
        assertThrows(
            IllegalArgumentException.class, () -> new ActivationSpec(Function.ELU, List.of()));
    assertEquals(
        "ELU takes [Parameter[name=alpha, defaultValue=OptionalDouble[1.0]]], not []",
        count.getMessage());
    IllegalArgumentException zero =
        assertThrows(IllegalArgumentException.class, () -> new Ratio(3, 0));
    assertEquals("a denominator is positive, not 0", zero.getMessage());
  }

  private static LayerNormSpec ofChannels(Long... sizes) {
    return new LayerNormSpec(
        List.of(sizes), 1e-6, Affine.SCALE_AND_SHIFT, LayerNormSpec.Over.CHANNELS);
  }
}
