package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes and counts that stand in books, papers and PyTorch's documentation. */
class PublishedNumbersTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // what, input, kernel, stride, padding, dilation (each height width), output
    "d2l 7.2 corr2d,              3 3, 2 2, 1 1, 0 0, 1 1, 2 2",
    "d2l 7.2 edge detector,       6 8, 1 2, 1 1, 0 0, 1 1, 6 7",
    "d2l 7.3 padding 1,           8 8, 3 3, 1 1, 1 1, 1 1, 8 8",
    "d2l 7.3 kernel 5x3,          8 8, 5 3, 1 1, 2 1, 1 1, 8 8",
    "d2l 7.3 stride 2,            8 8, 3 3, 2 2, 1 1, 1 1, 4 4",
    "'d2l 7.3 stride (3, 4)',     8 8, 3 5, 3 4, 0 1, 1 1, 2 2",
    "d2l 7.6 LeNet conv1,         28 28, 5 5, 1 1, 2 2, 1 1, 28 28",
    "d2l 7.6 LeNet conv2,         14 14, 5 5, 1 1, 0 0, 1 1, 10 10",
    "d2l 8.1 AlexNet conv1,       224 224, 11 11, 4 4, 1 1, 1 1, 54 54",
    "guide fig. 2.1 no padding,   4 4, 3 3, 1 1, 0 0, 1 1, 2 2",
    "guide fig. 2.2 padding 2,    5 5, 4 4, 1 1, 2 2, 1 1, 6 6",
    "guide fig. 2.3 half,         5 5, 3 3, 1 1, 1 1, 1 1, 5 5",
    "guide fig. 2.4 full,         5 5, 3 3, 1 1, 2 2, 1 1, 7 7",
    "guide fig. 2.5 stride 2,     5 5, 3 3, 2 2, 0 0, 1 1, 2 2",
    "guide fig. 2.6 with padding, 5 5, 3 3, 2 2, 1 1, 1 1, 3 3",
    "guide fig. 2.7 odd one left, 6 6, 3 3, 2 2, 1 1, 1 1, 3 3",
    "guide fig. 5.1 dilation 2,   7 7, 3 3, 1 1, 0 0, 2 2, 3 3",
    "torch page square,           50 100, 3 3, 2 2, 0 0, 1 1, 24 49",
    "torch page unequal,          50 100, 3 5, 2 1, 4 2, 1 1, 28 100",
    "torch page dilated,          50 100, 3 5, 2 1, 4 2, 3 1, 26 100",
  })
  void convolutions(
      String what,
      String input,
      String kernel,
      String stride,
      String padding,
      String dilation,
      String output) {
    Windows window =
        Windows.of(size(kernel))
            .withStride(size(stride))
            .withPadding(size(padding))
            .withDilation(size(dilation));
    Size in = size(input);
    Size out = size(output);
    assertEquals(
        new Shape(2, 7, out.height(), out.width()),
        ConvSpec.of(4, 7, window).output(new Shape(2, 4, in.height(), in.width())),
        what);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // what, input, kernel, stride, padding, output_padding, output
    "d2l 14.10 basic,             2 2, 2 2, 1 1, 0 0, 0 0, 3 3",
    "d2l 14.10 padding 1,         2 2, 2 2, 1 1, 1 1, 0 0, 1 1",
    "d2l 14.10 stride 2,          2 2, 2 2, 2 2, 0 0, 0 0, 4 4",
    "d2l 14.10 back to 16,        6 6, 5 5, 3 3, 2 2, 0 0, 16 16",
    "guide fig. 4.1,              2 2, 3 3, 1 1, 0 0, 0 0, 4 4",
    "guide fig. 4.2,              6 6, 4 4, 1 1, 2 2, 0 0, 5 5",
    "guide fig. 4.3,              5 5, 3 3, 1 1, 1 1, 0 0, 5 5",
    "guide fig. 4.4,              7 7, 3 3, 1 1, 2 2, 0 0, 5 5",
    "guide fig. 4.5,              2 2, 3 3, 2 2, 0 0, 0 0, 5 5",
    "guide fig. 4.6,              3 3, 3 3, 2 2, 1 1, 0 0, 5 5",
    "guide fig. 4.7,              3 3, 3 3, 2 2, 1 1, 1 1, 6 6",
    "torch page square,           50 100, 3 3, 2 2, 0 0, 0 0, 101 201",
    "torch page unequal,          50 100, 3 5, 2 1, 4 2, 0 0, 93 100",
    "torch page exact size,       6 6, 3 3, 2 2, 1 1, 1 1, 12 12",
  })
  void transposedConvolutions(
      String what,
      String input,
      String kernel,
      String stride,
      String padding,
      String more,
      String output) {
    LayerSpec layer =
        new ConvTransposeSpec(
            4, 7, size(kernel), size(stride), size(padding), size(more), 1, Bias.WITH, Size.ONE);
    Size in = size(input);
    Size out = size(output);
    assertEquals(
        new Shape(2, 7, out.height(), out.width()),
        layer.output(new Shape(2, 4, in.height(), in.width())),
        what);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "d2l 7.5 default stride,    4 4, 3 3, 3 3, 0 0, 1 1, FLOOR, 1 1",
    "d2l 7.5 padding 1,         4 4, 3 3, 2 2, 1 1, 1 1, FLOOR, 2 2",
    "d2l 7.5 a rectangle,      4 4, 2 3, 2 3, 0 1, 1 1, FLOOR, 2 2",
    "guide fig. 3.1,            5 5, 3 3, 1 1, 0 0, 1 1, FLOOR, 3 3",
    "torch page square,         50 32, 3 3, 2 2, 0 0, 1 1, FLOOR, 24 15",
    "torch page unequal,        50 32, 3 2, 2 1, 0 0, 1 1, FLOOR, 24 31",
    "GoogLeNet pool1 ceil,      112 112, 3 3, 2 2, 0 0, 1 1, CEIL, 56 56",
    "GoogLeNet pool1 floor,     112 112, 3 3, 2 2, 0 0, 1 1, FLOOR, 55 55",
    "ResNet pool,               112 112, 3 3, 2 2, 1 1, 1 1, FLOOR, 56 56",
  })
  void pools(
      String what,
      String input,
      String kernel,
      String stride,
      String padding,
      String dilation,
      Rounding rounding,
      String output) {
    Windows window =
        Windows.of(size(kernel))
            .withStride(size(stride))
            .withPadding(size(padding))
            .withDilation(size(dilation));
    Size in = size(input);
    Size out = size(output);
    assertEquals(
        new Shape(2, 5, out.height(), out.width()),
        new MaxPoolSpec(window, rounding).output(new Shape(2, 5, in.height(), in.width())),
        what);
  }

  @Test
  void leNetHas61706ParametersAnd416520MultiplyAdds() {
    // d2l 7.6, with every layer's own numbers; torch's numel agrees.
    Graph net =
        Graph.sequential(
            ConvSpec.of(1, 6, Windows.of(Size.square(5)).withPadding(Size.square(2))),
            ActivationSpec.of(ActivationSpec.Function.SIGMOID),
            AvgPoolSpec.of(Size.square(2)),
            ConvSpec.of(6, 16, Windows.of(Size.square(5))),
            ActivationSpec.of(ActivationSpec.Function.SIGMOID),
            AvgPoolSpec.of(Size.square(2)),
            FlattenSpec.ALL,
            new LinearSpec(400, 120, Bias.WITH),
            new LinearSpec(120, 84, Bias.WITH),
            new LinearSpec(84, 10, Bias.WITH));
    long[] parameters =
        net.modules().stream().mapToLong(module -> module.layer().parameters()).toArray();
    assertEquals(
        "[156, 0, 0, 2416, 0, 0, 0, 48120, 10164, 850]", java.util.Arrays.toString(parameters));
    Shape picture = new Shape(1, 1, 28, 28);
    assertEquals(new Shape(1, 10), Shapes.infer(net, picture).output());
    assertEquals(61_706, net.parameters());
    assertEquals(236, net.modules().stream().mapToLong(module -> module.layer().biases()).sum());
    // 28x28x6x25 + 10x10x16x150 + 400x120 + 120x84 + 84x10
    assertEquals(117_600 + 240_000 + 48_000 + 10_080 + 840, macs(net, picture));
    assertEquals(3 * 416_520, macs(net, new Shape(3, 1, 28, 28)));
  }

  private static long macs(Graph net, Shape input) {
    Shaped shaped = Shapes.infer(net, input);
    return shaped.graph().nodes().stream()
        .mapToLong(node -> node.layer().macs(shaped.inputsOf(node)))
        .sum();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // what, in, out, kernel, stride, padding, groups, bias, input, parameters, macs
    // torchvision's AlexNet: 64 x 55 x 55 outputs of 363 products
    "AlexNet conv1,    3, 64, 11 11, 4 4, 2 2, 1, WITH, 224 224, 23296, 70276800",
    // torchvision's VGG-16
    "VGG conv1_1,      3, 64, 3 3, 1 1, 1 1, 1, WITH, 224 224, 1792, 86704128",
    // Krizhevsky et al. (2012): conv2 in two groups
    "AlexNet conv2,    96, 256, 5 5, 1 1, 2 2, 2, WITH, 27 27, 307456, 223948800",
    // torchvision's MobileNetV2 features.1.conv.0.0
    "depthwise,        32, 32, 3 3, 1 1, 1 1, 32, WITHOUT, 112 112, 288, 3612672",
    "ResNet-50 conv1,  3, 64, 7 7, 2 2, 3 3, 1, WITHOUT, 224 224, 9408, 118013952",
    // counted by hand: 2 x 4 outputs, 6 maps, 2 x 3 taps over 4 / 2 channels
    "grouped,          4, 6, 2 3, 1 2, 0 0, 2, WITH, 3 9, 78, 576",
  })
  void parametersAndMultiplyAdds(
      String what,
      long in,
      long out,
      String kernel,
      String stride,
      String padding,
      long groups,
      Bias bias,
      String input,
      long parameters,
      long macs) {
    Windows window = Windows.of(size(kernel)).withStride(size(stride)).withPadding(size(padding));
    LayerSpec layer = new ConvSpec(in, out, window, groups, bias, PaddingMode.ZEROS);
    Size size = size(input);
    assertEquals(parameters, layer.parameters(), what);
    assertEquals(macs, layer.macs(new Shape(1, in, size.height(), size.width())), what);
  }

  @Test
  void transposedConvolutionsAreCountedOnTheirInput() {
    LayerSpec layer = WindowCountTest.transposed(2, 2, 0, 0, 1); // 2 to 3 channels
    assertEquals(24, layer.parameters());
    assertEquals(2 * 5 * 2 * 3 * 4, layer.macs(new Shape(1, 2, 2, 5)));
    LayerSpec page =
        new ConvTransposeSpec(
            3, 1, Size.square(2), Size.square(2), Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE);
    assertEquals(48, page.macs(new Shape(1, 3, 2, 2)));
    assertEquals(13, page.parameters());
    LayerSpec grouped =
        new ConvTransposeSpec(
            4, 6, new Size(2, 3), Size.ONE, Size.ZERO, Size.ZERO, 2, Bias.WITH, Size.ONE);
    assertEquals(4 * 3 * 6 + 6, grouped.parameters()); // torch: weight (4, 3, 2, 3), bias 6
  }

  @ParameterizedTest
  @CsvSource({
    // numel of torch's parameters: weight and bias
    "SCALE_AND_SHIFT, 6, 6, 35, 35",
    "SCALE,           6, 0, 35, 0",
    "NONE,            0, 0, 0,  0",
  })
  void normalisations(Affine affine, long scales, long shifts, long layerScales, long layerShifts) {
    LayerSpec batch = new BatchNormSpec(6, 1e-5, 0.1, affine);
    LayerSpec group = new GroupNormSpec(3, 6, 1e-5, affine);
    LayerSpec layer = new LayerNormSpec(java.util.List.of(5L, 7L), 1e-5, affine);
    assertEquals(scales, batch.weights());
    assertEquals(shifts, batch.biases());
    assertEquals(scales, group.weights());
    assertEquals(shifts, group.biases());
    assertEquals(layerScales, layer.weights());
    assertEquals(layerShifts, layer.biases());
    assertEquals(layerScales + layerShifts, layer.parameters());
    assertEquals(0, layer.macs(new Shape(2, 5, 7)));
  }

  @Test
  void slopesAreParameters() {
    assertEquals(7, new PReluSpec(7, 0.25).parameters());
    assertEquals(0, ActivationSpec.of(ActivationSpec.Function.RELU).parameters());
    assertEquals(0, MaxPoolSpec.of(Size.square(2)).macs(new Shape(1, 3, 8, 6)));
  }

  private static Size size(String pair) {
    String[] sides = pair.strip().split(" ");
    return new Size(Long.parseLong(sides[0]), Long.parseLong(sides[1]));
  }
}
