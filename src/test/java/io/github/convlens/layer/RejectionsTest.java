package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Target;
import java.util.List;
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
        () -> Window2d.of(new Size(3, 0)),
        "kernel_size must be at least 1 on every axis.",
        "Here it is 0 for the width.",
        "Use kernel_size=1 or more.");
    rejects(
        () -> Window2d.of(new Size(3, 2)).withStride(new Size(0, 2)),
        "stride must be at least 1 on every axis.",
        "Here it is 0 for the height.",
        "Use stride=1 or more.");
    rejects(
        () -> Window2d.of(new Size(3, 2)).withDilation(new Size(1, -2)),
        "dilation must be at least 1 on every axis.",
        "Here it is -2 for the width.",
        "Use dilation=1 or more.");
    rejects(
        () -> new Padding.Explicit(1, 2, 3, -4),
        "padding must not be negative.",
        "Here it is -4.",
        "Use padding 0 or more; to cut rows off, use a ZeroPad2d with negative numbers.");
    rejects(
        () -> new Window2d(new Size(3, 2), new Size(1, 4), Padding.Automatic.SAME, Size.ONE),
        "padding='same' needs stride 1.",
        "The stride here is 4; PyTorch rejects it too.",
        "Use stride=1, a padding in numbers, or padding='same_upper' (ONNX, TensorFlow).");
  }

  @Test
  void convolutions() {
    Window2d window = Window2d.of(new Size(3, 2));
    rejects(
        () -> Conv2dSpec.of(-3, 4, window),
        "in_channels must be at least 1.",
        "Here it is -3.",
        "Use in_channels=1 or more.");
    rejects(
        () -> Conv2dSpec.of(3, 0, window),
        "out_channels must be at least 1.",
        "Here it is 0.",
        "Use out_channels=1 or more.");
    rejects(
        () -> new Conv2dSpec(6, 4, window, 0, Bias.WITH, PaddingMode.ZEROS),
        "groups must be at least 1.",
        "Here it is 0.",
        "Use groups=1 or more.");
    rejects(
        () -> new Conv2dSpec(12, 18, window, 4, Bias.WITH, PaddingMode.ZEROS),
        "groups must divide both channel counts.",
        "Here in_channels is 12, out_channels is 18 and groups is 4.",
        "Use one of groups=1, 2, 3, 6.");
    rejects(
        () -> Conv2dSpec.of(3, 4, window).output(PICTURE),
        "the input has the wrong number of channels.",
        "in_channels is 3 but the input has 6: [2, 6, 7, 5].",
        "Use in_channels=6, or an input of 3 channels.");
    rejects(
        () -> Conv2dSpec.of(3, 4, window).output(new Shape(3, 7, 5)),
        "the input must be a picture (batch, channels, height, width).",
        "It has 3 axes: [3, 7, 5].",
        "Put this layer before the Flatten or Linear, or an Unflatten in front of it.");
    rejects(
        () -> Conv2dSpec.of(3, 4, window).output(new Shape(1, 3, 2, 7, 5)),
        "the input must be a picture (batch, channels, height, width).",
        "It has 5 axes: [1, 3, 2, 7, 5].",
        "Use an input of four axes.");
    rejects(
        () -> Conv2dSpec.of(3, 4, window).output(new Shape(1, 3, 7, 0)),
        "the input's sizes must be at least 1.",
        "It is [1, 3, 7, 0].",
        "Use a batch, channels, a height and a width of 1 or more.");
    rejects(
        () -> Conv2dSpec.of(6, 4, Window2d.of(new Size(3, 6))).output(PICTURE),
        "width: the kernel does not fit.",
        "It spans 6 but the padded input is 5 (input 5 + padding 0 + 0).",
        "Use padding >= 1, kernel <= 5, or an input of at least 6 here.");
    rejects(
        () -> Conv2dSpec.of(0, 4, window).parameters(),
        "a lazy layer takes its channels from its input.",
        "LazyConv2d has not seen an input yet, so its parameters are not known.",
        "Call resolve(input) first.");
  }

  @Test
  void paddingModes() {
    Window2d window = Window2d.of(new Size(3, 2)).withPadding(new Size(1, 5));
    rejects(
        () -> new Conv2dSpec(6, 4, window, 1, Bias.WITH, PaddingMode.REFLECT).output(PICTURE),
        "width: reflected padding must be smaller than the input.",
        "The padding is 5 but the input is 5.",
        "Use padding <= 4, or an input of at least 6 here.");
    rejects(
        () ->
            new Conv2dSpec(6, 4, window, 1, Bias.WITH, PaddingMode.CIRCULAR)
                .output(new Shape(1, 6, 7, 3)),
        "width: circular padding must not be larger than the input.",
        "The padding is 5 but the input is 3.",
        "Use padding <= 3, or an input of at least 5 here.");
    Window2d wide = Window2d.of(new Size(1, 9)).withPadding(new Size(0, 2));
    rejects(
        () ->
            new Conv2dSpec(6, 4, wide, 1, Bias.WITH, PaddingMode.REFLECT)
                .output(new Shape(1, 6, 7, 2)),
        "width: reflected padding must be smaller than the input.",
        "The padding is 2 but the input is 2.",
        "Use padding <= 1, or an input of at least 5 here.");
    rejects(
        () -> new Pad2dSpec(PaddingMode.REPLICATE, 0, 1, 2, -3, 4),
        "this kind of padding must not be negative.",
        "Here it is -3.",
        "Use 0 or more; to cut rows off, use a ZeroPad2d with negative numbers.");
    rejects(
        () -> new Pad2dSpec(PaddingMode.ZEROS, 0, 1, 2, -3, -4).output(PICTURE),
        "height: nothing is left of the picture.",
        "The input is 7 and the padding is -3 and -4.",
        "Use an input of at least 8 here.");
    rejects(
        () -> new Pad2dSpec(PaddingMode.ZEROS, 0, -6, 9, 0, 0).output(PICTURE),
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
            new MaxPool2dSpec(
                Window2d.of(new Size(3, 2))
                    .withPadding(new Size(1, 2))
                    .withDilation(new Size(1, 3)),
                Rounding.FLOOR),
        "width: a pool's padding must be at most half of its kernel.",
        "The padding is 2 per side but the kernel is 2.",
        "Use padding <= 1, or kernel_size >= 4.");
    rejects(
        () ->
            new AvgPool2dSpec(
                Window2d.of(new Size(3, 2)).withDilation(new Size(1, 3)),
                Rounding.FLOOR,
                AvgPool2dSpec.Divisor.PADDED,
                OptionalLong.empty()),
        "average pooling has no dilation.",
        "The dilation here is (1, 3).",
        "Use dilation 1, or a depthwise Conv2d with equal weights.");
    rejects(
        () ->
            new AvgPool2dSpec(
                Window2d.of(new Size(3, 2)),
                Rounding.FLOOR,
                AvgPool2dSpec.Divisor.PADDED,
                OptionalLong.of(0)),
        "divisor_override must be at least 1.",
        "Here it is 0.",
        "Use divisor_override=1 or more.");
    rejects(
        () ->
            new AdaptivePool2dSpec(
                AdaptivePool2dSpec.Reduction.AVERAGE, OptionalLong.empty(), OptionalLong.of(0)),
        "output_size must be at least 1.",
        "Here it is 0.",
        "Use output_size=1 or more.");
  }

  @Test
  void upsampling() {
    rejects(
        () -> new UpsampleSpec(new Target.By(2, 3), Mode.NEAREST, Corners.CENTRES),
        "align_corners goes with the modes bilinear and bicubic.",
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
        () -> new ActivationSpec(Function.SOFTMAX, List.of(-5.0)).output(PICTURE),
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
        () -> BatchNorm2dSpec.of(4).output(PICTURE),
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
  void branches() {
    rejects(
        () -> ConcatSpec.of(),
        "Concat needs at least one branch.",
        "Here it has none.",
        "Write Concat(branch, branch).");
    LayerSpec same = Conv2dSpec.of(6, 4, Window2d.of(Size.ONE));
    LayerSpec smaller = Conv2dSpec.of(6, 4, Window2d.of(new Size(3, 2)));
    rejects(
        () -> ConcatSpec.of(same, smaller).output(PICTURE),
        "branches must agree on every axis but the channels.",
        "Branch 0 makes [2, 4, 7, 5] but branch 1 makes [2, 4, 5, 4].",
        "Use the same stride in all branches, and padding that keeps their sizes equal.");
    rejects(
        () -> ConcatSpec.of(new FlattenSpec(0, -1)).output(PICTURE),
        "branches are joined on the channel axis.",
        "Branch 0 makes [420], which has none.",
        "Use branches whose output has at least two axes.");
    rejects(
        () -> ResidualSpec.of(smaller, same).output(PICTURE),
        "the branches of a sum must have the same shape.",
        "main makes [2, 4, 5, 4] but shortcut makes [2, 4, 7, 5].",
        "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the size.");
    rejects(
        () ->
            new ResidualSpec(new Child("main", same), new Child("", new IdentitySpec()))
                .output(PICTURE),
        "the branches of a sum must have the same shape.",
        "main makes [2, 4, 7, 5] but the input is [2, 6, 7, 5].",
        "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the size.");
  }

  @Test
  void argumentsThatNoNotationCanWrite() {
    IllegalArgumentException count =
        assertThrows(
            IllegalArgumentException.class, () -> new ActivationSpec(Function.ELU, List.of()));
    assertEquals("ELU takes [Parameter[name=alpha, defaultValue=1.0]], not []", count.getMessage());
    IllegalArgumentException zero =
        assertThrows(IllegalArgumentException.class, () -> new Ratio(3, 0));
    assertEquals("a denominator is positive, not 0", zero.getMessage());
  }
}
