package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How each layer is written: with its defaults left out, and with everything said. */
class NotationOfLayersTest {
  private static final Windows WINDOW =
      new Windows(
          new Size(3, 5),
          new Size(2, 1),
          Padding.Explicit.symmetric(new Size(1, 2)),
          new Size(1, 2));

  @Test
  void convolutions() {
    writes("Conv2d(3, 8, kernel_size=(3, 3))", ConvSpec.of(3, 8, Windows.of(Size.square(3))));
    writes(
        "Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 2),"
            + " groups=2, bias=False, padding_mode='reflect')",
        new ConvSpec(4, 8, WINDOW, 2, Bias.WITHOUT, PaddingMode.REFLECT));
    writes(
        "LazyConv2d(8, kernel_size=(3, 5), padding='same')",
        ConvSpec.of(0, 8, Windows.of(new Size(3, 5)).withPadding(Padding.Automatic.SAME)));
    writes(
        "Conv2d(3, 8, kernel_size=(3, 5), padding=((1, 2), (3, 4)))",
        ConvSpec.of(
            3, 8, Windows.of(new Size(3, 5)).withPadding(new Padding.Explicit(1, 2, 3, 4))));
    writes(
        "ConvTranspose2d(3, 8, kernel_size=(2, 2))",
        new ConvTransposeSpec(
            3, 8, Size.square(2), Size.ONE, Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE));
    writes(
        "ConvTranspose2d(4, 8, kernel_size=(2, 3), stride=(3, 2), padding=(1, 0),"
            + " output_padding=(2, 1), dilation=(1, 2), groups=2, bias=False)",
        new ConvTransposeSpec(
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
        new ConvTransposeSpec(
            0, 8, new Size(2, 3), Size.ONE, Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE));
  }

  @Test
  void pools() {
    writes("MaxPool2d(kernel_size=2)", MaxPoolSpec.of(Size.square(2)));
    writes(
        "MaxPool2d(kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 2),"
            + " ceil_mode=True)",
        new MaxPoolSpec(WINDOW, Rounding.CEIL));
    writes("AvgPool2d(kernel_size=(2, 3))", AvgPoolSpec.of(new Size(2, 3)));
    writes(
        "AvgPool2d(kernel_size=3, stride=2, padding=1, count_include_pad=False,"
            + " divisor_override=7, ceil_mode=True)",
        new AvgPoolSpec(
            Windows.of(Size.square(3)).withStride(Size.square(2)).withPadding(Size.ONE),
            Rounding.CEIL,
            AvgPoolSpec.Divisor.UNPADDED,
            OptionalLong.of(7)));
    writes("AdaptiveAvgPool2d(output_size=1)", AdaptivePoolSpec.globalAverage());
    writes(
        "AdaptiveMaxPool2d(output_size=(5, None))",
        new AdaptivePoolSpec(
            AdaptivePoolSpec.Reduction.MAXIMUM, OptionalLong.of(5), OptionalLong.empty()));
    writes(
        "AdaptiveAvgPool2d(output_size=(None, None))",
        new AdaptivePoolSpec(
            AdaptivePoolSpec.Reduction.AVERAGE, OptionalLong.empty(), OptionalLong.empty()));
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
    writes("Softmax()", ActivationSpec.of(Function.SOFTMAX));
    writes("Softmin(dim=1)", ActivationSpec.along(Function.SOFTMIN, 1));
    writes("LogSoftmax(dim=-1)", ActivationSpec.along(Function.LOG_SOFTMAX, -1));
    writes("GLU()", new ActivationSpec(Function.GLU, List.of()));
    writes("GLU(dim=1)", ActivationSpec.along(Function.GLU, 1));
    writes("RReLU()", ActivationSpec.of(Function.RRELU));
    writes("RReLU(lower=0.1)", new ActivationSpec(Function.RRELU, List.of(0.1, 1 / 3.0)));
    writes(
        "Threshold(threshold=0.1, value=20.0)",
        new ActivationSpec(Function.THRESHOLD, List.of(0.1, 20.0)));
    writes("PReLU()", new PReluSpec(1, 0.25));
    writes("PReLU(num_parameters=6, init=0.1)", new PReluSpec(6, 0.1));
    writes("Dropout(p=0.5)", new DropoutSpec(DropoutSpec.Unit.ELEMENT, 0.5));
    writes("Dropout2d(p=0.0)", new DropoutSpec(DropoutSpec.Unit.CHANNEL, 0));
    writes("Dropout1d(p=0.5)", new DropoutSpec(DropoutSpec.Unit.CHANNEL_OF_SEQUENCE, 0.5));
    writes("Dropout3d(p=0.5)", new DropoutSpec(DropoutSpec.Unit.CHANNEL_OF_VOLUME, 0.5));
    writes("AlphaDropout(p=0.5)", new DropoutSpec(DropoutSpec.Unit.ALPHA, 0.5));
    writes("FeatureAlphaDropout(p=0.5)", new DropoutSpec(DropoutSpec.Unit.FEATURE_ALPHA, 0.5));
    writes("Identity()", new IdentitySpec());
  }

  @Test
  void normalisations() {
    writes("BatchNorm2d(6)", BatchNormSpec.of(6));
    writes(
        "BatchNorm2d(6, eps=0.001, momentum=0.01, affine=False)",
        new BatchNormSpec(6, 1e-3, 0.01, Affine.NONE));
    writes("LazyBatchNorm2d(bias=False)", new BatchNormSpec(0, 1e-5, 0.1, Affine.SCALE));
    writes("GroupNorm(3, 6)", new GroupNormSpec(3, 6, 1e-5, Affine.SCALE_AND_SHIFT));
    writes("GroupNorm(3, 6, eps=1e-06, affine=False)", new GroupNormSpec(3, 6, 1e-6, Affine.NONE));
    writes("LayerNorm((7,))", new LayerNormSpec(List.of(7L), 1e-5, Affine.SCALE_AND_SHIFT));
    writes(
        "LayerNorm((5, 7), eps=0.01, elementwise_affine=False)",
        new LayerNormSpec(List.of(5L, 7L), 0.01, Affine.NONE));
    writes(
        "LayerNorm2d((7,), eps=1e-06)",
        new LayerNormSpec(List.of(7L), 1e-6, Affine.SCALE_AND_SHIFT, LayerNormSpec.Over.CHANNELS));
    writes("LayerNorm((5, 7), bias=False)", new LayerNormSpec(List.of(5L, 7L), 1e-5, Affine.SCALE));
    writes("LocalResponseNorm(5)", new LocalResponseNormSpec(5, 1e-4, 0.75, 1));
    writes(
        "CrossMapLRN2d(4)",
        new LocalResponseNormSpec(LocalResponseNormSpec.Kind.CROSS_MAP, 4, 1e-4, 0.75, 1));
    writes(
        "BatchNorm1d(6, momentum=None, track_running_stats=False)",
        new BatchNormSpec(
            BatchNormSpec.Kind.ONE,
            6,
            1e-5,
            OptionalDouble.empty(),
            Affine.SCALE_AND_SHIFT,
            Statistics.INPUT));
    writes(
        "SyncBatchNorm(6)",
        new BatchNormSpec(
            BatchNormSpec.Kind.SYNC,
            6,
            1e-5,
            OptionalDouble.of(0.1),
            Affine.SCALE_AND_SHIFT,
            Statistics.RUNNING));
    writes("InstanceNorm3d(6)", instanceNorm(3, 6, Affine.NONE, Statistics.INPUT));
    writes(
        "InstanceNorm1d(6, affine=True, track_running_stats=True)",
        instanceNorm(1, 6, Affine.SCALE_AND_SHIFT, Statistics.RUNNING));
    // PyTorch's lazy ones have other defaults
    writes("LazyInstanceNorm1d()", instanceNorm(1, 0, Affine.SCALE_AND_SHIFT, Statistics.RUNNING));
    writes(
        "LazyInstanceNorm2d(affine=False, track_running_stats=False)",
        instanceNorm(2, 0, Affine.NONE, Statistics.INPUT));
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
        "Upsample(scale_factor=2.0)",
        upsample(new Target.By(List.of(2.0)), Mode.NEAREST, Corners.EDGES));
    writes(
        "Upsample(scale_factor=(2.0, 2.0))",
        upsample(new Target.By(2, 2), Mode.NEAREST, Corners.EDGES));
    writes("Upsample(size=7)", upsample(new Target.To(new Size(7)), Mode.NEAREST, Corners.EDGES));
    writes(
        "Upsample(size=(7, 7))",
        upsample(new Target.To(new Size(7, 7)), Mode.NEAREST, Corners.EDGES));
    writes(
        "Upsample(scale_factor=(2.0, 1.5), mode='bilinear', align_corners=True)",
        upsample(new Target.By(2, 1.5), Mode.BILINEAR, Corners.CENTRES));
    writes(
        "Upsample(size=(8, 6), mode='nearest-exact')",
        upsample(new Target.To(new Size(8, 6)), Mode.NEAREST_EXACT, Corners.EDGES));
    writes("ZeroPad2d(2)", new PadSpec(PaddingMode.ZEROS, 0, 2, 2, 2, 2));
    writes("ZeroPad2d((1, -2, 3, 4))", new PadSpec(PaddingMode.ZEROS, 0, 1, -2, 3, 4));
    writes("ConstantPad2d((1, 2, 3, 4), 0.5)", new PadSpec(PaddingMode.ZEROS, 0.5, 1, 2, 3, 4));
    writes("ReflectionPad2d(1)", new PadSpec(PaddingMode.REFLECT, 0, 1, 1, 1, 1));
    writes("ReplicationPad2d(1)", new PadSpec(PaddingMode.REPLICATE, 0, 1, 1, 1, 1));
    writes("CircularPad2d(1)", new PadSpec(PaddingMode.CIRCULAR, 0, 1, 1, 1, 1));
  }

  private static LayerSpec instanceNorm(
      int axes, long features, Affine affine, Statistics statistics) {
    return new InstanceNormSpec(axes, features, 1e-5, OptionalDouble.of(0.1), affine, statistics);
  }

  @Test
  void sequencesAndVolumes() {
    Windows window =
        new Windows(
            new Size(3), new Size(2), new Padding.Explicit(new Size(1), new Size(4)), new Size(1));
    writes(
        "Conv1d(3, 8, kernel_size=(3,), stride=(2,), padding=((1, 4),))",
        ConvSpec.of(3, 8, window));
    writes(
        "Conv3d(3, 8, kernel_size=(3, 5, 7), padding=(1, 2, 3))",
        ConvSpec.of(3, 8, Windows.of(new Size(3, 5, 7)).withPadding(new Size(1, 2, 3))));
    writes(
        "LazyConvTranspose3d(8, kernel_size=(2, 3, 4), stride=(2, 2, 2))",
        new ConvTransposeSpec(
            0,
            8,
            new Size(2, 3, 4),
            Size.all(3, 2),
            Size.all(3, 0),
            Size.all(3, 0),
            1,
            Bias.WITH,
            Size.all(3, 1)));
    writes("MaxPool1d(kernel_size=2)", MaxPoolSpec.of(new Size(2)));
    writes("AvgPool3d(kernel_size=(2, 3, 4))", AvgPoolSpec.of(new Size(2, 3, 4)));
    writes(
        "LPPool1d(norm_type=1.5, kernel_size=3)",
        new LpPoolSpec(1.5, Windows.of(new Size(3)).withStride(new Size(3)), Rounding.FLOOR));
    writes(
        "LPPool2d(norm_type=2, kernel_size=(2, 3), stride=1, ceil_mode=True)",
        new LpPoolSpec(2, Windows.of(new Size(2, 3)), Rounding.CEIL));
    writes(
        "AdaptiveMaxPool3d(output_size=(5, None, 2))",
        new AdaptivePoolSpec(
            AdaptivePoolSpec.Reduction.MAXIMUM,
            List.of(OptionalLong.of(5), OptionalLong.empty(), OptionalLong.of(2))));
    writes(
        "ReflectionPad1d((1, 2))", new PadSpec(PaddingMode.REFLECT, 0, new Size(1), new Size(2)));
    // PyTorch's order: the last axis first
    writes(
        "ConstantPad3d((5, 6, 3, 4, 1, 2), 0.5)",
        new PadSpec(PaddingMode.ZEROS, 0.5, new Size(1, 3, 5), new Size(2, 4, 6)));
    writes(
        "Upsample(size=(4, 6, 8), mode='trilinear')",
        upsample(new Target.To(new Size(4, 6, 8)), Mode.TRILINEAR, Corners.EDGES));
    writes(
        "Upsample(scale_factor=2.5, mode='linear', align_corners=True,"
            + " recompute_scale_factor=True)",
        new UpsampleSpec(
            new Target.By(List.of(2.5)),
            Mode.LINEAR,
            Corners.CENTRES,
            UpsampleSpec.Scale.RECOMPUTED));
  }

  @Test
  void featuresAndSteps() {
    writes("LSTM(4, 8)", recurrent(RecurrentSpec.Kind.LSTM, 1, Bias.WITH, 0, 0, "tanh"));
    writes(
        "LSTM(4, 8, num_layers=2, bias=False, dropout=0.5, proj_size=3)",
        recurrent(RecurrentSpec.Kind.LSTM, 2, Bias.WITHOUT, 0.5, 3, "tanh"));
    writes(
        "RNN(4, 8, nonlinearity='relu')",
        recurrent(RecurrentSpec.Kind.RNN, 1, Bias.WITH, 0, 0, "relu"));
    writes(
        "GRU(4, 8, batch_first=True, bidirectional=True)",
        new RecurrentSpec(
            RecurrentSpec.Kind.GRU,
            4,
            8,
            1,
            Bias.WITH,
            RecurrentSpec.Layout.BATCH_FIRST,
            0,
            RecurrentSpec.Directions.BOTH,
            0,
            "tanh"));
    writes("Embedding(10, 3)", new EmbeddingSpec(10, 3));
    writes("RMSNorm((7,))", new RmsNormSpec(List.of(7L), OptionalDouble.empty(), Affine.SCALE));
    writes(
        "RMSNorm((5, 7), eps=0.01, elementwise_affine=False)",
        new RmsNormSpec(List.of(5L, 7L), OptionalDouble.of(0.01), Affine.NONE));
    writes(
        "MultiheadAttention(8, 2, dropout=0.1, bias=False, kdim=3, vdim=5, batch_first=True)",
        new MultiheadAttentionSpec(
            8, 2, 0.1, Bias.WITHOUT, 3, 5, RecurrentSpec.Layout.BATCH_FIRST));
    writes("Permute([0, 2, 3, 1])", new PermuteSpec(List.of(0, 2, 3, 1)));
    writes("ChannelShuffle(3)", new ChannelShuffleSpec(3));
    writes("PixelUnshuffle(3)", new PixelShuffleSpec(PixelShuffleSpec.Direction.TO_CHANNELS, 3));
  }

  private static LayerSpec recurrent(
      RecurrentSpec.Kind kind,
      long layers,
      Bias bias,
      double dropout,
      long projSize,
      String nonlinearity) {
    return new RecurrentSpec(
        kind,
        4,
        8,
        layers,
        bias,
        RecurrentSpec.Layout.LENGTH_FIRST,
        dropout,
        RecurrentSpec.Directions.ONE,
        projSize,
        nonlinearity);
  }

  @Test
  void functionsOfSeveralArrays() {
    writes("add()", new SumSpec());
    writes("mul()", new ProductSpec());
    writes("mul(0.2)", ScaleSpec.times(0.2));
    writes("add(1.0)", ScaleSpec.plus(1));
    writes("mul(-1.0, add=1.0)", new ScaleSpec(-1, 1));
    writes("concat()", ConcatenationSpec.OF_CHANNELS);
    writes("concat(dim=2)", new ConcatenationSpec(2));
    writes("matmul()", new MatrixProductSpec());
    writes("chunk(2, dim=1)", new SplitSpec(1, new SplitSpec.Parts.Chunks(2)));
    writes("split([2, 3], dim=-1)", new SplitSpec(-1, new SplitSpec.Parts.Sizes(List.of(2L, 3L))));
    writes("mean([2, 3])", new MeanSpec(List.of(2, 3), MeanSpec.Axes.DROPPED));
    writes("mean([2, 3], keepdim=True)", new MeanSpec(List.of(2, 3), MeanSpec.Axes.KEPT));
    writes("reshape([16, -1])", new ReshapeSpec(List.of(16L, -1L)));
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
    List<Double> numbers = new ArrayList<>(List.of(0.2));
    UnflattenSpec unflatten = new UnflattenSpec(1, sizes);
    LayerNormSpec norm = new LayerNormSpec(sizes, 1e-5, Affine.NONE);
    ActivationSpec activation = new ActivationSpec(Function.LEAKY_RELU, numbers);
    sizes.clear();
    numbers.clear();
    assertEquals(List.of(5L, 7L), unflatten.sizes());
    assertEquals(List.of(5L, 7L), norm.normalizedShape());
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
