package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.PyTorch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A verification finds a wrong formula in every kind of layer and in every join. */
@ExtendWith(OneThread.class)
class VerificationMutantsTest {
  /** Distinct sizes, an odd and an even one. */
  private static final Shape SHAPE = new Shape(2, 4, 5, 6);

  /** Layers, and what a faulty engine would compute in their place with the same weights. */
  private static final List<List<String>> PAIRS =
      Stream.of(
              """
              nn.ReLU() | nn.LeakyReLU(0.0001)
              nn.ReLU6() | nn.ReLU()
              nn.LeakyReLU() | nn.LeakyReLU(0.0101)
              nn.ELU() | nn.ELU(alpha=1.001)
              nn.ELU(alpha=1.5) | nn.CELU(alpha=1.5)
              nn.CELU(alpha=0.5) | nn.CELU(alpha=0.501)
              nn.SELU() | nn.ELU(alpha=1.6732632423543772)
              nn.GELU() | nn.GELU(approximate='tanh')
              nn.GELU(approximate='tanh') | nn.GELU()
              nn.SiLU() | nn.Hardswish()
              nn.Mish() | nn.SiLU()
              nn.Hardswish() | nn.SiLU()
              nn.Hardsigmoid() | nn.Sigmoid()
              nn.Hardtanh() | nn.Hardtanh(-1, 1.001)
              nn.Sigmoid() | nn.Hardsigmoid()
              nn.LogSigmoid() | nn.Softplus()
              nn.Tanh() | nn.Softsign()
              nn.Softplus() | nn.Softplus(beta=1.001)
              nn.Softplus(threshold=2) | nn.Softplus(threshold=3)
              nn.Softsign() | nn.Tanh()
              nn.Tanhshrink() | nn.Softshrink()
              nn.Hardshrink(1) | nn.Hardshrink(2)
              nn.Softshrink() | nn.Softshrink(0.501)
              nn.Softmax(dim=1) | nn.Softmax(dim=2)
              nn.Softmax(dim=-1) | nn.Softmax(dim=0)
              nn.LogSoftmax(dim=1) | nn.LogSoftmax(dim=3)
              nn.LogSoftmax(dim=1) | nn.Softmax(dim=1)
              nn.Softmax2d() | nn.Softmax(dim=3)
              nn.Softmin(dim=1) | nn.Softmax(dim=1)
              nn.Threshold(0.5, -2) | nn.Threshold(0.5, -2.001)
              nn.Threshold(0.5, -2) | nn.Threshold(0.6, -2)
              nn.GLU() | nn.GLU(dim=1)
              nn.AdaptiveAvgPool2d(3) | nn.AdaptiveMaxPool2d(3)
              nn.AdaptiveMaxPool2d(3) | nn.AdaptiveAvgPool2d(3)
              nn.AvgPool2d(3, 2, 1) | nn.AvgPool2d(3, 2, 1, count_include_pad=False)
              nn.AvgPool2d(2) | nn.AvgPool2d(2, divisor_override=3)
              nn.MaxPool2d(3, 1) | nn.AvgPool2d(3, 1)
              nn.MaxPool2d((3, 1), 1, dilation=(2, 1)) | nn.AvgPool2d((5, 1), 1)
              nn.BatchNorm2d(4) | nn.BatchNorm2d(4, eps=0)
              nn.GroupNorm(2, 4) | nn.GroupNorm(4, 4)
              nn.GroupNorm(2, 4, eps=0.01) | nn.GroupNorm(2, 4, eps=0)
              nn.InstanceNorm2d(4) | nn.GroupNorm(1, 4, affine=False)
              nn.InstanceNorm2d(4, affine=True) | nn.GroupNorm(2, 4)
              nn.LayerNorm(6, eps=0.01) | nn.LayerNorm(6, eps=0)
              LayerNorm2d((4,), eps=0.01) | LayerNorm2d((4,), eps=0)
              nn.LayerNorm((5, 6)) | nn.LayerNorm((5, 6), eps=1)
              nn.LocalResponseNorm(3, alpha=0.1) | nn.LocalResponseNorm(3, alpha=0.1, beta=0.751)
              nn.LocalResponseNorm(3, k=2) | nn.LocalResponseNorm(4, k=2)
              nn.ReflectionPad2d(2) | nn.ReplicationPad2d(2)
              nn.ReplicationPad2d(2) | nn.ReflectionPad2d(2)
              nn.CircularPad2d(2) | nn.ReflectionPad2d(2)
              nn.ConstantPad2d(1, 0.5) | nn.ZeroPad2d(1)
              nn.ZeroPad2d((1, 0, 2, 0)) | nn.ZeroPad2d((0, 1, 0, 2))
              nn.Upsample(scale_factor=2) | nn.Upsample(size=(10, 12), mode='bilinear')
              nn.Upsample(size=(7, 9)) | nn.Upsample(size=(7, 9), mode='nearest-exact')
              nn.Upsample(size=(7, 9), mode='nearest-exact') | nn.Upsample(size=(7, 9))
              nn.Upsample(scale_factor=1.5, mode='bilinear') | nn.Upsample(size=(7, 9), mode='bilinear')
              nn.Upsample(scale_factor=1.5, mode='bilinear', recompute_scale_factor=True) | nn.Upsample(scale_factor=1.5, mode='bilinear')
              nn.Upsample(size=(7, 9), mode='bilinear') | nn.Upsample(size=(7, 9), mode='bilinear', align_corners=True)
              nn.Upsample(size=(7, 9), mode='bicubic') | nn.Upsample(size=(7, 9), mode='bicubic', align_corners=True)
              nn.Upsample(size=(7, 9), mode='bicubic') | nn.Upsample(size=(7, 9), mode='bilinear')
              nn.Conv2d(4, 3, 3, padding=1) | nn.Conv2d(4, 3, 3, padding=1, padding_mode='reflect')
              nn.Conv2d(4, 3, 3, padding=1, padding_mode='circular') | nn.Conv2d(4, 3, 3, padding=1, padding_mode='replicate')
              nn.Conv2d(4, 3, 3, padding=1, dilation=1) | nn.Conv2d(4, 3, 3, padding=2, dilation=2)
              nn.Dropout1d(0.2) | nn.ReLU() | 2x4x7
              nn.Dropout3d(0.2) | nn.ReLU() | 2x4x3x4x5
              nn.AvgPool1d(3, 2, 1) | nn.AvgPool1d(3, 2, 1, count_include_pad=False) | 2x4x7
              nn.AvgPool1d(3, 2, 1, ceil_mode=True, count_include_pad=False) | nn.AvgPool1d(3, 2, 1, ceil_mode=True) | 2x4x8
              nn.AvgPool3d(2, 1, 1) | nn.AvgPool3d(2, 1, 1, count_include_pad=False) | 2x4x3x4x5
              nn.AvgPool3d(2) | nn.AvgPool3d(2, divisor_override=7) | 2x4x3x4x5
              nn.MaxPool1d(3, 1) | nn.AvgPool1d(3, 1) | 2x4x7
              nn.MaxPool1d(3, 1, dilation=2) | nn.MaxPool1d(5, 1) | 2x4x7
              nn.MaxPool3d((1, 2, 3), 1) | nn.AvgPool3d((1, 2, 3), 1) | 2x4x3x4x5
              nn.AdaptiveAvgPool1d(3) | nn.AdaptiveMaxPool1d(3) | 2x4x7
              nn.AdaptiveMaxPool3d((2, 3, 4)) | nn.AdaptiveAvgPool3d((2, 3, 4)) | 2x4x3x4x5
              nn.LPPool1d(2, 3) | nn.AvgPool1d(3) | 2x4x7
              nn.LPPool2d(2, 2) | nn.LPPool2d(4, 2)
              nn.LPPool2d(2, (3, 1), ceil_mode=True) | nn.LPPool2d(4, (3, 1), ceil_mode=True)
              nn.LPPool3d(2, (1, 2, 2)) | nn.LPPool3d(2, (1, 2, 1), stride=(1, 2, 2)) | 2x4x1x4x4
              nn.BatchNorm2d(4, track_running_stats=False) | nn.InstanceNorm2d(4, affine=True)
              nn.BatchNorm1d(4, track_running_stats=False) | nn.GroupNorm(4, 4) | 3x4x7
              nn.InstanceNorm1d(4) | nn.GroupNorm(2, 4, affine=False) | 2x4x7
              nn.InstanceNorm3d(4, eps=0.01) | nn.InstanceNorm3d(4) | 2x4x3x4x5
              nn.RMSNorm((6,), eps=0.01) | nn.RMSNorm((6,), eps=0)
              nn.RMSNorm((5, 6)) | nn.LayerNorm((5, 6), bias=False)
              nn.CrossMapLRN2d(3, alpha=0.1, k=2) | nn.LocalResponseNorm(3, alpha=0.1, k=2) | 2x8x3x2
              nn.LocalResponseNorm(3, alpha=0.1) | nn.LocalResponseNorm(3, alpha=0.11) | 2x4x7
              nn.LocalResponseNorm(3, alpha=0.1) | nn.LocalResponseNorm(2, alpha=0.1) | 2x4x3x4x5
              nn.ReflectionPad1d(2) | nn.ReplicationPad1d(2) | 2x4x7
              nn.CircularPad1d((2, 1)) | nn.ReflectionPad1d((2, 1)) | 2x4x7
              nn.ConstantPad1d((1, 0), 0.5) | nn.ZeroPad1d((1, 0)) | 2x4x7
              nn.ReflectionPad3d(1) | nn.ReplicationPad3d(1) | 2x4x3x4x5
              nn.CircularPad3d((1, 0, 0, 1, 1, 0)) | nn.ZeroPad3d((1, 0, 0, 1, 1, 0)) | 2x4x3x4x5
              nn.ZeroPad3d((0, 1, 0, 0, 0, 0)) | nn.ZeroPad3d((1, 0, 0, 0, 0, 0)) | 2x4x3x4x5
              nn.Upsample(size=9, mode='linear') | nn.Upsample(size=9) | 2x4x7
              nn.Upsample(size=9, mode='linear') | nn.Upsample(size=9, mode='linear', align_corners=True) | 2x4x7
              nn.Upsample(size=9) | nn.Upsample(size=9, mode='nearest-exact') | 2x4x7
              nn.Upsample(size=(4, 6, 7), mode='trilinear') | nn.Upsample(size=(4, 6, 7)) | 2x4x3x4x5
              nn.Upsample(size=(4, 6, 7), mode='trilinear') | nn.Upsample(size=(4, 6, 7), mode='trilinear', align_corners=True) | 2x4x3x4x5
              nn.Upsample(size=(4, 6, 7), mode='nearest-exact') | nn.Upsample(size=(4, 6, 7)) | 2x4x3x4x5
              nn.Conv1d(4, 3, 3, padding=1) | nn.Conv1d(4, 3, 3, padding=1, padding_mode='circular') | 2x4x7
              nn.Conv1d(4, 3, 2, padding='same') | nn.Conv1d(4, 3, 2, padding='same_lower') | 2x4x7
              nn.Conv3d(4, 3, 2, dilation=(1, 2, 1)) | nn.Conv3d(4, 3, 2, padding=(0, 0, 1), stride=(1, 2, 2)) | 2x4x2x3x2
              nn.ConvTranspose1d(4, 3, 3, padding=1) | nn.ConvTranspose1d(4, 3, 3, padding=2, dilation=2) | 2x4x7
              nn.ConvTranspose3d(4, 3, 3, padding=1) | nn.ConvTranspose3d(4, 3, 3, padding=(1, 1, 2), dilation=(1, 1, 2)) | 2x4x3x4x5
              nn.RNN(3, 4) | nn.RNN(3, 4, nonlinearity='relu') | 5x2x3
              nn.RNN(3, 4, nonlinearity='relu') | nn.RNN(3, 4) | 5x2x3
              nn.LSTM(3, 4) | nn.LSTM(3, 4, batch_first=True) | 5x5x3
              nn.GRU(3, 4) | nn.GRU(3, 4, batch_first=True) | 5x5x3
              """
                  .strip()
                  .split("\n"))
          .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList())
          .toList();

  static Stream<List<String>> pairs() {
    return PAIRS.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void anotherFormulaIsFound(List<String> pair) {
    Shape input = pair.size() > 2 ? shape(pair.get(2)) : SHAPE;
    assumeRuns(Parsed.of(pair.get(0), input));
    assumeRuns(Parsed.of(pair.get(1), input));
    LayerSpec layer = Parsed.layer(pair.get(0), input);
    assertTrue(agrees(layer, Parsed.block(pair.get(0), input), input), pair.get(0));
    assertFalse(agrees(layer, Parsed.block(pair.get(1), input), input), pair.toString());
  }

  private static Shape shape(String text) {
    return new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
  }

  /** A kind that has no block yet is held against PyTorch's numbers alone: DefinitionsTest. */
  private static void assumeRuns(Shaped network) {
    try {
      LayerBlocks.of(network);
    } catch (ShapeException e) {
      assumeFalse(e.getMessage().contains("the engine cannot run this layer yet"), e::getMessage);
      throw e;
    }
  }

  /** In float32 the rounding of numbers around 1 would hide the usual 0.00001. */
  @ParameterizedTest
  @ValueSource(strings = {"nn.BatchNorm2d(4%s)", "nn.GroupNorm(2, 4%s)", "nn.LayerNorm(6%s)"})
  void aLostEpsIsFoundInFloat64(String norm) {
    LayerSpec right = layer(norm.formatted(""));
    Block without = LayerBlocks.bare(layer(norm.formatted(", eps=0")), Precision.FLOAT64);
    for (Block block : List.of(without, LayerBlocks.bare(right, Precision.FLOAT64))) {
      try (NDManager manager = NDManager.newBaseManager()) {
        PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT64, SHAPE);
        NDArray input = RandomInput.of(manager, Precision.FLOAT64, SHAPE, 2);
        NDArray output = LayerBlocks.forward(block, input);
        Visit visit = new Visit("", right, block, List.of(input), List.of(output));
        assertEquals(block != without, Verifier.checks(visit, Precision.FLOAT64).get(0).agrees());
      }
    }
  }

  /** A fault in what a layer's block has made, found by whoever reads the layer's name. */
  private record Fault(
      String name, Graph graph, List<Shape> inputs, BiFunction<Visit, NDArray, NDArray> fault) {
    Fault(String name, String layer, Shape input, BiFunction<Visit, NDArray, NDArray> fault) {
      this(name, PyTorch.parse(layer), List.of(input), fault);
    }

    Shaped network() {
      return Shapes.infer(graph, inputs);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(String name, String layer, UnaryOperator<NDArray> fault) {
    return new Fault(name, layer, SHAPE, (visit, y) -> fault.apply(y));
  }

  private static NDArray parameter(Visit visit, Parameter.Type type) {
    return visit.block().getDirectParameters().values().stream()
        .filter(parameter -> parameter.getType() == type)
        .findFirst()
        .orElseThrow()
        .getArray();
  }

  static Stream<Fault> faults() {
    return Stream.of(
        fault("SiLU plus 1", "nn.SiLU()", y -> y.add(1)),
        fault("one element of 240", "nn.ReLU()", VerificationMutantsTest::lastElementOff),
        fault("identity, rounded", "nn.Identity()", VerificationMutantsTest::inHalves),
        fault("dropout at inference", "nn.Dropout(0.2)", y -> y.div(0.8)),
        fault("channel dropout at inference", "nn.Dropout2d(0.2)", y -> y.div(0.8)),
        fault("GELU of the wrong sign", "nn.GELU()", NDArray::neg),
        new Fault(
            "Linear by the transposed matrix",
            "nn.Linear(6, 6)",
            SHAPE,
            (visit, y) ->
                visit
                    .input()
                    .matMul(parameter(visit, Parameter.Type.WEIGHT))
                    .add(parameter(visit, Parameter.Type.BIAS))),
        new Fault(
            "Linear without bias",
            "nn.Linear(6, 3)",
            SHAPE,
            (visit, y) -> y.sub(parameter(visit, Parameter.Type.BIAS))),
        new Fault(
            "PReLU with the channels' slopes in another order",
            "nn.PReLU(4)",
            SHAPE,
            (visit, y) -> prelu(visit.input(), parameter(visit, Parameter.Type.OTHER).flip(0))),
        new Fault(
            "convolution without bias",
            "nn.Conv2d(4, 3, 2)",
            SHAPE,
            (visit, y) -> y.sub(parameter(visit, Parameter.Type.BIAS).reshape(1, 3, 1, 1))),
        new Fault(
            "convolution of sequences, output turned",
            "nn.Conv1d(4, 3, 2)",
            new Shape(2, 4, 7),
            (visit, y) -> y.flip(2)),
        new Fault(
            "convolution of volumes, slices turned",
            "nn.Conv3d(4, 3, 2, padding=1)",
            new Shape(2, 4, 3, 2, 5),
            (visit, y) -> y.flip(2)),
        fault("convolution, output turned", "nn.Conv2d(4, 3, 2)", y -> y.flip(2)),
        fault("transposed convolution, turned", "nn.ConvTranspose2d(4, 3, 2)", y -> y.flip(3)),
        fault(
            "normalised by the sample's deviation",
            "nn.GroupNorm(2, 4)",
            VerificationMutantsTest::bySample),
        new Fault(
            "BatchNorm by the mean of a row",
            "nn.BatchNorm2d(4)",
            SHAPE,
            (visit, y) -> y.sub(y.mean(new int[] {3}, true))),
        new Fault(
            "neighbours in front and behind exchanged",
            "nn.LocalResponseNorm(2, alpha=0.1)",
            SHAPE,
            (visit, y) -> LayerBlocks.forward(visit.block(), visit.input().flip(1)).flip(1)),
        new Fault(
            "PixelShuffle with rows and columns exchanged",
            "nn.PixelShuffle(2)",
            SHAPE,
            (visit, y) ->
                visit
                    .input()
                    .reshape(2, 1, 2, 2, 5, 6)
                    .transpose(0, 1, 4, 3, 5, 2)
                    .reshape(2, 1, 10, 12)),
        new Fault(
            "Flatten, channels last",
            "nn.Flatten()",
            SHAPE,
            (visit, y) -> visit.input().transpose(0, 2, 3, 1).reshape(2, 120)),
        new Fault(
            "Unflatten in another order",
            "nn.Unflatten(1, (2, 3))",
            new Shape(4, 6),
            (visit, y) -> visit.input().reshape(4, 3, 2).transpose(0, 2, 1)),
        new Fault(
            "bicubic with another constant",
            "nn.Upsample(size=(7, 9), mode='bicubic')",
            SHAPE,
            (visit, y) -> bicubic(visit.input(), -0.749)),
        fault("not a number", "nn.ReLU()", y -> y.div(y)),
        new Fault(
            "the shortcut subtracted",
            "Residual(nn.Conv2d(4, 4, 1), nn.Identity())",
            SHAPE,
            (visit, y) -> visit.inputs().get(0).sub(visit.inputs().get(1))),
        new Fault(
            "the shortcut left out",
            "Residual(nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 1, bias=False))",
            SHAPE,
            (visit, y) -> visit.inputs().get(0).add(visit.inputs().get(0))),
        new Fault(
            "a sum of the inputs' squares",
            "Residual(nn.Identity(), nn.ReLU())",
            SHAPE,
            (visit, y) -> visit.inputs().get(0).mul(visit.inputs().get(1))),
        new Fault(
            "branches in another order",
            "Concat(nn.Conv2d(4, 2, 1), nn.Identity(), nn.ReLU())",
            SHAPE,
            (visit, y) ->
                visit
                    .inputs()
                    .get(0)
                    .concat(visit.inputs().get(2), 1)
                    .concat(visit.inputs().get(1), 1)),
        join(
            "a product with a square in it",
            new ProductSpec(),
            List.of(SHAPE, new Shape(2, 4, 1, 1)),
            (visit, y) -> y.mul(visit.inputs().get(1))),
        join(
            "a matrix product from the other side",
            new MatrixProductSpec(),
            List.of(new Shape(2, 5, 5), new Shape(5, 5)),
            (visit, y) -> visit.inputs().get(1).matMul(visit.input())),
        function("a factor that is a little larger", ScaleSpec.times(0.2), y -> y.mul(1.0001)),
        function("a summand left out", new ScaleSpec(0.2, 1), y -> y.sub(1)),
        function("a mean by one less", means(), y -> y.mul(30.0 / 29)),
        function("a mean of another axis", means(), y -> y.flip(1)),
        function(
            "the last part of a split, turned",
            new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(1L, 3L))),
            y -> y.flip(1)),
        function("axes in another order", new PermuteSpec(List.of(0, 2, 1, 3)), y -> y.flip(2)),
        new Fault(
            "a reshape of the axes in another order",
            Graph.of(new ReshapeSpec(List.of(20L, 6L))),
            List.of(SHAPE),
            (visit, y) -> visit.input().transpose(0, 2, 1, 3).reshape(2, 20, 6)),
        new Fault(
            "transposed convolution of sequences, without bias",
            "nn.ConvTranspose1d(4, 3, 2, stride=2)",
            new Shape(2, 4, 7),
            (visit, y) -> y.sub(parameter(visit, Parameter.Type.BIAS).reshape(1, 3, 1))),
        new Fault(
            "transposed convolution of volumes, rows turned",
            "nn.ConvTranspose3d(4, 3, 2)",
            new Shape(2, 4, 3, 2, 5),
            (visit, y) -> y.flip(3)),
        new Fault(
            "the next vector of an embedding",
            "nn.Embedding(7, 5)",
            new Shape(2, 3),
            (visit, y) -> y.flip(1)),
        new Fault(
            "the last cells in another order",
            "nn.LSTM(3, 4, num_layers=2)",
            new Shape(5, 2, 3),
            (visit, y) -> y.flip(0)),
        new Fault(
            "an update the other way",
            "nn.GRU(3, 4, bidirectional=True)",
            new Shape(5, 2, 3),
            (visit, y) -> y.neg()),
        new Fault(
            "a last state that is a little larger",
            "nn.RNN(3, 4)",
            new Shape(5, 2, 3),
            (visit, y) -> y.mul(1.001)),
        new Fault(
            "running statistics of another channel",
            "nn.InstanceNorm2d(4, track_running_stats=True)",
            SHAPE,
            (visit, y) -> y.flip(1)),
        join(
            "weights of the keys in another order",
            layer("nn.MultiheadAttention(8, 2)"),
            List.of(new Shape(3, 2, 8), new Shape(4, 2, 8), new Shape(4, 2, 8)),
            (visit, y) -> y.flip(y.getShape().dimension() - 1)),
        join(
            "attention that is not scaled",
            new AttentionSpec(),
            List.of(new Shape(2, 3, 4), new Shape(2, 5, 4), new Shape(2, 5, 6)),
            (visit, y) ->
                visit
                    .input()
                    .matMul(visit.inputs().get(1).transpose(0, 2, 1))
                    .softmax(-1)
                    .matMul(visit.inputs().get(2))),
        function("a blur of a little more", blur(), y -> y.mul(1.001)),
        function("a blur from the other side", blur(), y -> y.flip(2)),
        function("squares of another axis", layer("nn.RMSNorm((6,))"), y -> y.flip(2)),
        new Fault(
            "a channel shuffle the other way",
            Graph.of(new ChannelShuffleSpec(3)),
            List.of(new Shape(2, 6, 3, 2)),
            (visit, y) ->
                visit.input().reshape(2, 2, 3, 6).transpose(0, 2, 1, 3).reshape(2, 6, 3, 2)));
  }

  /** Arrays brought to the size of another, and learned numbers without a layer around them. */
  static Stream<Fault> faultsOfEachChoice() {
    Map<FitSpec.How, List<Shape>> fits =
        Map.of(
            FitSpec.How.NEAREST, List.of(SHAPE, new Shape(2, 1, 7, 9)),
            FitSpec.How.LINEAR, List.of(SHAPE, new Shape(2, 1, 7, 9)),
            FitSpec.How.PAD, List.of(SHAPE, new Shape(2, 1, 8, 9)),
            FitSpec.How.CROP, List.of(SHAPE, new Shape(2, 1, 2, 3)),
            FitSpec.How.TOKENS, List.of(new Shape(2, 6, 4), new Shape(2, 1, 2, 3)),
            FitSpec.How.ROWS, List.of(new Shape(6, 4), new Shape(2, 3, 1)));
    Map<LearnedSpec.Operation, List<Long>> sizes =
        Map.of(
            LearnedSpec.Operation.MULTIPLY, List.of(4L, 1L, 1L),
            LearnedSpec.Operation.ADD, List.of(1L, 4L, 5L, 6L),
            LearnedSpec.Operation.PREPEND, List.of(1L, 2L, 5L, 6L),
            LearnedSpec.Operation.PROJECT, List.of(6L, 3L));
    return Stream.concat(
        Stream.of(FitSpec.How.values())
            .map(
                how ->
                    join(
                        "turned: " + how,
                        new FitSpec(how),
                        fits.getOrDefault(how, List.of()),
                        (visit, y) -> y.flip(1))),
        Stream.of(LearnedSpec.Operation.values())
            .map(
                operation ->
                    function(
                        "turned: " + operation,
                        new LearnedSpec(operation, sizes.getOrDefault(operation, List.of())),
                        y -> y.flip(1))));
  }

  private static LayerSpec blur() {
    return new BlurSpec(Windows.of(Size.square(3)).withStride(Size.square(2)));
  }

  private static LayerSpec means() {
    return new MeanSpec(List.of(-1, 2), MeanSpec.Axes.DROPPED);
  }

  private static Fault function(String name, LayerSpec layer, UnaryOperator<NDArray> fault) {
    return new Fault(name, Graph.of(layer), List.of(SHAPE), (visit, y) -> fault.apply(y));
  }

  private static Fault join(
      String name, LayerSpec layer, List<Shape> inputs, BiFunction<Visit, NDArray, NDArray> fault) {
    Graph.Builder graph = new Graph.Builder();
    List<Edge> edges = inputs.stream().map(shape -> graph.input("x")).toList();
    Edge output =
        layer.state().isEmpty()
            ? graph.apply("", layer, edges)
            : graph.call(new Module("0", layer), edges.toArray(new Edge[0]));
    return new Fault(
        name, graph.build(List.of(output), new Tree("Join", "", List.of())), inputs, fault);
  }

  private static NDArray lastElementOff(NDArray y) {
    float[] values = y.toFloatArray();
    values[values.length - 1] += 1e-5f;
    return y.getManager().create(values, y.getShape());
  }

  private static NDArray inHalves(NDArray y) {
    return y.toType(Precision.FLOAT16.dataType(), true).toType(y.getDataType(), true);
  }

  /** Of n = 60 numbers: divided by n - 1 in place of n. */
  private static NDArray bySample(NDArray y) {
    return y.mul(Math.sqrt(59.0 / 60));
  }

  private static NDArray prelu(NDArray x, NDArray slopes) {
    return x.maximum(0).add(x.minimum(0).mul(slopes.reshape(1, 4, 1, 1)));
  }

  private static NDArray bicubic(NDArray x, double a) {
    NDArray down = x.getManager().create(cubic(5, 7, a)).toType(x.getDataType(), true);
    NDArray across = x.getManager().create(cubic(6, 9, a)).toType(x.getDataType(), true);
    return down.matMul(x).matMul(across.transpose());
  }

  /** How much each of so many pixels counts in each of so many places. */
  private static double[][] cubic(int size, int places, double a) {
    double[][] weights = new double[places][size];
    for (int o = 0; o < places; o++) {
      double position = (o + 0.5) * size / places - 0.5;
      int first = (int) Math.floor(position);
      for (int i = first - 1; i <= first + 2; i++) {
        double d = Math.abs(position - i);
        weights[o][Math.max(0, Math.min(size - 1, i))] +=
            d <= 1
                ? (a + 2) * d * d * d - (a + 3) * d * d + 1
                : a * (d * d * d - 5 * d * d + 8 * d - 4);
      }
    }
    return weights;
  }

  /** The bicubic mutant differs from the engine in its constant alone. */
  @Test
  void theBicubicMutantIsRightWithTheRightConstant() {
    Fault none =
        new Fault(
            "",
            "nn.Upsample(size=(7, 9), mode='bicubic')",
            SHAPE,
            (visit, y) -> bicubic(visit.input(), -0.75));
    assertTrue(last(checks(none, true)).agrees());
  }

  @ParameterizedTest
  @MethodSource({"faults", "faultsOfEachChoice"})
  void aFaultIsFoundInTheRowWhereItIsMade(Fault fault) {
    assumeRuns(fault.network());
    List<Check> right = checks(fault, false);
    assertTrue(right.stream().allMatch(Check::agrees), right.toString());
    List<Check> wrong = checks(fault, true);
    assertFalse(last(wrong).agrees(), fault.name);
    assertTrue(wrong.subList(0, wrong.size() - 1).stream().allMatch(Check::agrees));
  }

  private static Check last(List<Check> checks) {
    return checks.get(checks.size() - 1);
  }

  /** The checks of a network whose last output is tampered with. */
  private static List<Check> checks(Fault fault, boolean tampered) {
    Block block = LayerBlocks.of(fault.network());
    int last = ((GraphBlock) block).graph().nodes().size() - 1;
    return with(
        block,
        fault.inputs(),
        (initialised, inputs) -> {
          List<Check> checks = new ArrayList<>();
          int[] place = {0};
          LayerBlocks.walk(
              initialised,
              inputs,
              visit -> {
                boolean here = place[0]++ == last && tampered;
                List<NDArray> outputs = new ArrayList<>(visit.outputs());
                if (here) {
                  int wrong = outputs.size() - 1;
                  outputs.set(wrong, fault.fault.apply(visit, outputs.get(wrong)));
                }
                checks.addAll(
                    Verifier.checks(
                        new Visit(
                            visit.path(), visit.layer(), visit.block(), visit.inputs(), outputs),
                        Precision.FLOAT32));
              });
          return checks;
        });
  }

  /** A network of wrong blocks is found out as a whole, as the command does it. */
  @Test
  void aBlockTreeWithWrongJoinsDisagrees() {
    Shaped network =
        Parsed.of(
            "nn.Sequential(Residual(nn.Conv2d(4, 4, 1)), Concat(nn.Identity(), nn.ReLU()))", SHAPE);
    Function<NDList, NDList> difference = x -> new NDList(x.get(0).sub(x.get(1)));
    Function<NDList, NDList> turned = x -> new NDList(x.get(1).concat(x.get(0), 1));
    assertEquals(
        List.of("0", "1"), disagreeing(network, Map.of("add", difference, "concat", turned)));
    assertEquals(List.of("1"), disagreeing(network, Map.of("concat", turned)));
  }

  private static List<String> disagreeing(
      Shaped network, Map<String, Function<NDList, NDList>> wrong) {
    Block block =
        new GraphBlock(
            network.graph(),
            Precision.FLOAT32,
            node -> {
              String type = node.layer().type();
              return wrong.containsKey(type)
                  ? new LambdaBlock(wrong.get(type))
                  : LayerBlocks.bare(node.layer(), Precision.FLOAT32);
            });
    return with(
        block,
        List.of(SHAPE),
        (initialised, inputs) ->
            Verification.of(initialised, inputs).checks().stream()
                .filter(check -> !check.agrees())
                .map(Check::path)
                .toList());
  }

  /** No kind of layer, and no function, is left out above. */
  @Test
  void everyKindHasAMutant() {
    Set<Class<?>> kinds = new HashSet<>();
    Set<ActivationSpec.Function> functions = new HashSet<>();
    Stream.concat(
            PAIRS.stream().map(pair -> layer(pair.get(0))),
            Stream.concat(faults(), faultsOfEachChoice())
                .flatMap(fault -> fault.network().graph().nodes().stream().map(Node::layer)))
        .forEach(
            layer -> {
              kinds.add(layer.getClass());
              if (layer instanceof ActivationSpec activation) {
                functions.add(activation.function());
              }
            });
    kinds.add(CustomSpec.class); // somebody's own
    assertEquals(kindsOf(LayerSpec.class).collect(Collectors.toSet()), kinds);
    functions.add(ActivationSpec.Function.RRELU); // not run either
    assertEquals(Set.of(ActivationSpec.Function.values()), functions);
  }

  /** The records of a sealed interface, and its interfaces that anybody may implement. */
  private static Stream<Class<?>> kindsOf(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(VerificationMutantsTest::kindsOf)
        : Stream.of(type);
  }

  private static LayerSpec layer(String notation) {
    return PyTorch.parse(notation).layer();
  }

  /** Whether the network of one layer computes what a layer means. */
  private static boolean agrees(LayerSpec layer, Block block, Shape shape) {
    return with(
        block,
        List.of(shape),
        (initialised, inputs) -> {
          List<Check> checks = new ArrayList<>();
          LayerBlocks.walk(
              initialised,
              inputs,
              visit ->
                  checks.addAll(
                      Verifier.checks(
                          new Visit("", layer, visit.block(), visit.inputs(), visit.outputs()),
                          Precision.FLOAT32)));
          return checks.stream().allMatch(Check::agrees);
        });
  }

  /** Whether a network takes whole numbers. */
  private static boolean takesIndices(Block block) {
    return block instanceof GraphBlock network
        && network.graph().nodes().stream().anyMatch(node -> node.layer() instanceof EmbeddingSpec);
  }

  /** Weights that differ from each other, and inputs from -8 to 8. */
  private static <R> R with(Block block, List<Shape> shapes, BiFunction<Block, NDList, R> test) {
    try (NDManager manager = NDManager.newBaseManager()) {
      PyTorchInit.seeded(1)
          .initialize(block, manager, Precision.FLOAT32, shapes.toArray(Shape[]::new));
      Rule.fill(block);
      NDList inputs = new NDList();
      for (Shape shape : shapes) {
        inputs.add(
            takesIndices(block)
                ? manager.arange((int) shape.size()).reshape(shape)
                : RandomInput.of(manager, Precision.FLOAT32, shape, 2 + inputs.size()).mul(8));
      }
      return test.apply(block, inputs);
    }
  }
}
