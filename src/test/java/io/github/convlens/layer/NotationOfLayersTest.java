package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How each layer is written: with its defaults left out, and with everything said. */
class NotationOfLayersTest {
  private static final Window2d WINDOW =
      new Window2d(
          new Size(3, 5),
          new Size(2, 1),
          Padding.Explicit.symmetric(new Size(1, 2)),
          new Size(1, 2));

  @Test
  void convolutions() {
    writes("Conv2d(3, 8, kernel_size=(3, 3))", Conv2dSpec.of(3, 8, Window2d.of(Size.square(3))));
    writes(
        "Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 2),"
            + " groups=2, bias=False, padding_mode='reflect')",
        new Conv2dSpec(4, 8, WINDOW, 2, Bias.WITHOUT, PaddingMode.REFLECT));
    writes(
        "LazyConv2d(8, kernel_size=(3, 5), padding='same')",
        Conv2dSpec.of(0, 8, Window2d.of(new Size(3, 5)).withPadding(Padding.Automatic.SAME)));
    writes(
        "Conv2d(3, 8, kernel_size=(3, 5), padding=((1, 2), (3, 4)))",
        Conv2dSpec.of(
            3, 8, Window2d.of(new Size(3, 5)).withPadding(new Padding.Explicit(1, 2, 3, 4))));
    writes(
        "ConvTranspose2d(3, 8, kernel_size=(2, 2))",
        new ConvTranspose2dSpec(
            3, 8, Size.square(2), Size.ONE, Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE));
    writes(
        "ConvTranspose2d(4, 8, kernel_size=(2, 3), stride=(3, 2), padding=(1, 0),"
            + " output_padding=(2, 1), dilation=(1, 2), groups=2, bias=False)",
        new ConvTranspose2dSpec(
            4,
            8,
            new Size(2, 3),
            new Size(3, 2),
            new Size(1, 0),
            new Size(2, 1),
            2,
            Bias.WITHOUT,
            new Size(1, 2)));
    writes(
        "LazyConvTranspose2d(8, kernel_size=(2, 3))",
        new ConvTranspose2dSpec(
            0, 8, new Size(2, 3), Size.ONE, Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE));
  }

  @Test
  void pools() {
    writes("MaxPool2d(kernel_size=2)", MaxPool2dSpec.of(Size.square(2)));
    writes(
        "MaxPool2d(kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 2),"
            + " ceil_mode=True)",
        new MaxPool2dSpec(WINDOW, Rounding.CEIL));
    writes("AvgPool2d(kernel_size=(2, 3))", AvgPool2dSpec.of(new Size(2, 3)));
    writes(
        "AvgPool2d(kernel_size=3, stride=2, padding=1, count_include_pad=False,"
            + " divisor_override=7, ceil_mode=True)",
        new AvgPool2dSpec(
            Window2d.of(Size.square(3)).withStride(Size.square(2)).withPadding(Size.ONE),
            Rounding.CEIL,
            AvgPool2dSpec.Divisor.UNPADDED,
            OptionalLong.of(7)));
    writes("AdaptiveAvgPool2d(output_size=1)", AdaptivePool2dSpec.globalAverage());
    writes(
        "AdaptiveMaxPool2d(output_size=(5, None))",
        new AdaptivePool2dSpec(
            AdaptivePool2dSpec.Reduction.MAXIMUM, OptionalLong.of(5), OptionalLong.empty()));
    writes(
        "AdaptiveAvgPool2d(output_size=(None, None))",
        new AdaptivePool2dSpec(
            AdaptivePool2dSpec.Reduction.AVERAGE, OptionalLong.empty(), OptionalLong.empty()));
  }

  @Test
  void activations() {
    writes("ReLU()", ActivationSpec.of(Function.RELU));
    writes("LeakyReLU()", ActivationSpec.of(Function.LEAKY_RELU));
    writes("LeakyReLU(negative_slope=0.2)", new ActivationSpec(Function.LEAKY_RELU, List.of(0.2)));
    writes(
        "Hardtanh(min_val=-2.0, max_val=3.0)",
        new ActivationSpec(Function.HARDTANH, List.of(-2.0, 3.0)));
    writes(
        "Softplus(beta=1e-07, threshold=1e+20)",
        new ActivationSpec(Function.SOFTPLUS, List.of(1e-7, 1e20)));
    writes("GELU(approximate='tanh')", ActivationSpec.of(Function.GELU_TANH));
    writes("Softmax(dim=1)", ActivationSpec.of(Function.SOFTMAX));
    writes("LogSoftmax(dim=-1)", new ActivationSpec(Function.LOG_SOFTMAX, List.of(-1.0)));
    writes("PReLU()", new PReluSpec(1, 0.25));
    writes("PReLU(num_parameters=6, init=0.1)", new PReluSpec(6, 0.1));
    writes("Dropout(p=0.5)", new DropoutSpec(DropoutSpec.Unit.ELEMENT, 0.5));
    writes("Dropout2d(p=0.0)", new DropoutSpec(DropoutSpec.Unit.CHANNEL, 0));
    writes("Identity()", new IdentitySpec());
  }

  @Test
  void normalisations() {
    writes("BatchNorm2d(6)", BatchNorm2dSpec.of(6));
    writes(
        "BatchNorm2d(6, eps=0.001, momentum=0.01, affine=False)",
        new BatchNorm2dSpec(6, 1e-3, 0.01, Affine.NONE));
    writes("LazyBatchNorm2d(bias=False)", new BatchNorm2dSpec(0, 1e-5, 0.1, Affine.SCALE));
    writes("GroupNorm(3, 6)", new GroupNormSpec(3, 6, 1e-5, Affine.SCALE_AND_SHIFT));
    writes("GroupNorm(3, 6, eps=1e-06, affine=False)", new GroupNormSpec(3, 6, 1e-6, Affine.NONE));
    writes("LayerNorm((7,))", new LayerNormSpec(List.of(7L), 1e-5, Affine.SCALE_AND_SHIFT));
    writes(
        "LayerNorm((5, 7), eps=0.01, elementwise_affine=False)",
        new LayerNormSpec(List.of(5L, 7L), 0.01, Affine.NONE));
    writes("LayerNorm((5, 7), bias=False)", new LayerNormSpec(List.of(5L, 7L), 1e-5, Affine.SCALE));
    writes("LocalResponseNorm(5)", new LocalResponseNormSpec(5, 1e-4, 0.75, 1));
    writes(
        "LocalResponseNorm(5, alpha=0.001, beta=0.5, k=2.0)",
        new LocalResponseNormSpec(5, 1e-3, 0.5, 2));
  }

  @Test
  void shapesAndSizes() {
    writes("Flatten()", FlattenSpec.ALL);
    writes("Flatten(start_dim=0, end_dim=2)", new FlattenSpec(0, 2));
    writes("Unflatten(dim=1, unflattened_size=(6,))", new UnflattenSpec(1, List.of(6L)));
    writes("Unflatten(dim=-1, unflattened_size=(2, -1))", new UnflattenSpec(-1, List.of(2L, -1L)));
    writes("PixelShuffle(3)", new PixelShuffleSpec(3));
    writes("Linear(in_features=8, out_features=4)", new LinearSpec(8, 4, Bias.WITH));
    writes("LazyLinear(out_features=4, bias=False)", new LinearSpec(0, 4, Bias.WITHOUT));
    writes(
        "Upsample(scale_factor=2.0)", upsample(new Target.By(2, 2), Mode.NEAREST, Corners.EDGES));
    writes(
        "Upsample(scale_factor=(2.0, 1.5), mode='bilinear', align_corners=True)",
        upsample(new Target.By(2, 1.5), Mode.BILINEAR, Corners.CENTRES));
    writes(
        "Upsample(size=(8, 6), mode='nearest-exact')",
        upsample(new Target.To(new Size(8, 6)), Mode.NEAREST_EXACT, Corners.EDGES));
    writes("ZeroPad2d(2)", new Pad2dSpec(PaddingMode.ZEROS, 0, 2, 2, 2, 2));
    writes("ZeroPad2d((1, -2, 3, 4))", new Pad2dSpec(PaddingMode.ZEROS, 0, 1, -2, 3, 4));
    writes("ConstantPad2d((1, 2, 3, 4), 0.5)", new Pad2dSpec(PaddingMode.ZEROS, 0.5, 1, 2, 3, 4));
    writes("ReflectionPad2d(1)", new Pad2dSpec(PaddingMode.REFLECT, 0, 1, 1, 1, 1));
    writes("ReplicationPad2d(1)", new Pad2dSpec(PaddingMode.REPLICATE, 0, 1, 1, 1, 1));
    writes("CircularPad2d(1)", new Pad2dSpec(PaddingMode.CIRCULAR, 0, 1, 1, 1, 1));
  }

  @Test
  void compositions() {
    LayerSpec pair = SequentialSpec.of(new IdentitySpec(), FlattenSpec.ALL);
    String text = "Sequential(\n  (0): Identity()\n  (1): Flatten()\n)";
    writes(text, pair);
    writes("Sequential()", SequentialSpec.of());
    writes(
        "Block(\n  (a): Sequential(\n    (0): Identity()\n    (1): Flatten()\n  )\n)",
        new ModuleSpec("Block", List.of(new Child("a", pair)), pair));
    writes(
        "Concat(\n  (0): Identity()\n  (1): Flatten()\n)",
        ConcatSpec.of(new IdentitySpec(), FlattenSpec.ALL));
    writes(
        "Residual(\n  (main): Flatten()\n  (shortcut): Identity()\n)",
        ResidualSpec.of(FlattenSpec.ALL, new IdentitySpec()));
  }

  @Test
  void choicesAreWrittenAsPyTorchWritesThem() {
    assertEquals("ceil_mode=True", Rounding.CEIL.toString());
    assertEquals("ceil_mode=False", Rounding.FLOOR.toString());
    assertEquals("height", Axis.HEIGHT.toString());
    assertEquals("width", Axis.WIDTH.toString());
    assertEquals("'same_lower'", Padding.Automatic.SAME_LOWER.toString());
    assertEquals("valid", Padding.Automatic.VALID.word());
    assertEquals("(1, 2)", Padding.Explicit.symmetric(new Size(1, 2)).toString());
    assertEquals("3", Size.square(3).toShortString());
  }

  @Test
  void formulasWithTheirNumbers() {
    assertEquals(
        "floor((8 + 1 + 1 - 5) / 4) + 1 = 2", Window.of(5, 4, 1, 1).explain(8, Rounding.FLOOR));
    assertEquals(
        "span = 2 x (3 - 1) + 1 = 5, floor((9 + 0 + 3 - 5) / 2) + 1 = 4",
        new Window(3, 2, 0, 3, 2).explain(9, Rounding.FLOOR));
  }

  @Test
  void listsAreCopies() {
    List<Long> sizes = new ArrayList<>(List.of(5L, 7L));
    List<Child> children = new ArrayList<>(List.of(new Child("a", new IdentitySpec())));
    List<Double> numbers = new ArrayList<>(List.of(0.2));
    UnflattenSpec unflatten = new UnflattenSpec(1, sizes);
    LayerNormSpec norm = new LayerNormSpec(sizes, 1e-5, Affine.NONE);
    SequentialSpec sequential = new SequentialSpec(children);
    ConcatSpec concat = new ConcatSpec(children);
    ModuleSpec module = new ModuleSpec("Block", children, sequential);
    ActivationSpec activation = new ActivationSpec(Function.LEAKY_RELU, numbers);
    sizes.clear();
    children.clear();
    numbers.clear();
    assertEquals(List.of(5L, 7L), unflatten.sizes());
    assertEquals(List.of(5L, 7L), norm.normalizedShape());
    assertEquals(1, sequential.children().size());
    assertEquals(1, concat.branches().size());
    assertEquals(1, module.children().size());
    assertEquals(List.of(0.2), activation.arguments());
  }

  private static LayerSpec upsample(Target target, Mode mode, Corners corners) {
    return new UpsampleSpec(target, mode, corners);
  }

  private static void writes(String notation, LayerSpec layer) {
    assertEquals(notation, layer.toString());
    assertEquals(notation.substring(0, notation.indexOf('(')), layer.type());
  }
}
