package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.convolutional.Convolution.ConvolutionBuilder;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import io.github.convlens.engine.OperatorBlock.Half;
import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.LpPoolSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.PoolSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.Statistics;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Chooses the block for each kind of layer: DJL's own where it is PyTorch's, PyTorch's operators
 * elsewhere. In bfloat16, which DJL cannot hold, whatever computes runs in PyTorch's operators;
 * what only moves numbers does not.
 */
final class BlockBuilder implements LayerSpec.Visitor<Block> {
  /** A counter that moves no number unless momentum is None, which the engine does not train. */
  static final String COUNTER = "num_batches_tracked";

  private final Precision precision;
  private final Source source;

  /** Whose blocks are made. */
  enum Source {
    /** DJL's own where they are right. */
    DJL,
    /** PyTorch's operators, for all that computes. */
    PYTORCH
  }

  BlockBuilder(Precision precision) {
    this(precision, precision == Precision.BFLOAT16 ? Source.PYTORCH : Source.DJL);
  }

  BlockBuilder(Precision precision, Source source) {
    this.precision = precision;
    this.source = source;
  }

  @Override
  public Block visit(ActivationSpec layer) {
    OperatorText text = FunctionTexts.activation(layer);
    return switch (layer.function()) {
      case RELU -> djl(layer, text, Activation::relu);
      case SIGMOID -> djl(layer, text, Activation::sigmoid);
      case TANH -> djl(layer, text, Activation::tanh);
      case SOFTMAX -> djl(layer, text, x -> x.softmax(layer.axis(x.getShape())));
      // PyTorch 2.7.1 computes the logarithm wrongly in halves along an axis that is not the last.
      case LOG_SOFTMAX, RRELU -> new OperatorBlock(layer, text, precision, Half.MISSING, List.of());
      default -> operators(layer, text);
    };
  }

  @Override
  public Block visit(AdaptivePoolSpec layer) {
    return operators(layer, WindowTexts.adaptive(layer));
  }

  /** DJL hands on whether padding counts, but its native code counts it either way. */
  @Override
  public Block visit(AvgPoolSpec layer) {
    OperatorText text = WindowTexts.average(layer);
    if (layer.spatialAxes() == 3) {
      return averaging(layer, text);
    }
    boolean countsAll =
        layer.divisor() == AvgPoolSpec.Divisor.PADDED || layer.window().padding().isNone();
    Optional<Size> padding = WindowTexts.perSide(layer.window());
    return countsAll && layer.divisorOverride().isEmpty() && padding.isPresent()
        ? djl(layer, text, x -> DjlPools.average(layer, padding.get(), x))
        : operators(layer, text);
  }

  @Override
  public Block visit(MaxPoolSpec layer) {
    OperatorText text = WindowTexts.maximum(layer);
    Optional<Size> padding = WindowTexts.perSide(layer.window());
    return layer.window().dilation().isAll(1) && padding.isPresent()
        ? djl(layer, text, x -> DjlPools.maximum(layer, padding.get(), x))
        : operators(layer, text);
  }

  @Override
  public Block visit(LpPoolSpec layer) {
    return averaging(layer, WindowTexts.power(layer));
  }

  /** PyTorch has no mean of windows over three axes in half precision on the CPU. */
  private Block averaging(PoolSpec layer, OperatorText text) {
    Half half = layer.spatialAxes() == 3 ? Half.MISSING : Half.THERE;
    return new OperatorBlock(layer, text, precision, half, List.of());
  }

  /** Which numbers blur is not known. */
  @Override
  public Block visit(BlurSpec layer) {
    throw unknown(layer);
  }

  /** DJL's momentum is the share of the old value, PyTorch's that of the new one. */
  @Override
  public Block visit(BatchNormSpec layer) {
    OperatorText text = NormTexts.batch(layer);
    if (layer.statistics() != Statistics.RUNNING || layer.momentum().isEmpty()) {
      return norm(layer, text);
    }
    return isInDjl()
        ? BatchNorm.builder()
            .optEpsilon((float) layer.eps())
            .optMomentum((float) (1 - layer.momentum().getAsDouble()))
            .optScale(layer.affine() != Affine.NONE)
            .optCenter(layer.affine() == Affine.SCALE_AND_SHIFT)
            .build()
        : norm(layer, text);
  }

  @Override
  public Block visit(GroupNormSpec layer) {
    return norm(layer, NormTexts.group(layer));
  }

  @Override
  public Block visit(InstanceNormSpec layer) {
    return norm(layer, NormTexts.instance(layer));
  }

  @Override
  public Block visit(LayerNormSpec layer) {
    return norm(layer, NormTexts.layer(layer));
  }

  @Override
  public Block visit(RmsNormSpec layer) {
    return norm(layer, NormTexts.rootMeanSquare(layer));
  }

  @Override
  public Block visit(LocalResponseNormSpec layer) {
    return operators(layer, NormTexts.localResponse(layer));
  }

  @Override
  public Block visit(ConvSpec layer) {
    OperatorText text = WindowTexts.convolution(layer);
    Optional<Size> padding = WindowTexts.perSide(layer);
    if (!isInDjl() || padding.isEmpty()) {
      return operators(layer, text);
    }
    return switch (layer.spatialAxes()) {
      case 1 -> numbers(layer, padding.get(), Conv1d.builder()).build();
      case 2 -> numbers(layer, padding.get(), Conv2d.builder()).build();
      default -> numbers(layer, padding.get(), Conv3d.builder()).build();
    };
  }

  private static <B extends ConvolutionBuilder<B>> B numbers(
      ConvSpec layer, Size padding, B builder) {
    Windows window = layer.window();
    return builder
        .setFilters(Math.toIntExact(layer.outChannels()))
        .setKernelShape(window.kernel().toShape())
        .optStride(window.stride().toShape())
        .optPadding(padding.toShape())
        .optDilation(window.dilation().toShape())
        .optGroups(Math.toIntExact(layer.groups()))
        .optBias(layer.biases() > 0);
  }

  @Override
  public Block visit(ConvTransposeSpec layer) {
    return operators(layer, WindowTexts.transposed(layer));
  }

  @Override
  public Block visit(PadSpec layer) {
    return operators(layer, WindowTexts.padding(layer));
  }

  @Override
  public Block visit(UpsampleSpec layer) {
    return operators(layer, ResizeTexts.upsample(layer));
  }

  @Override
  public Block visit(FitSpec layer) {
    return operators(layer, ResizeTexts.fit(layer));
  }

  @Override
  public Block visit(PixelShuffleSpec layer) {
    boolean isUp = layer.direction() == PixelShuffleSpec.Direction.TO_PIXELS;
    String name = isUp ? "pixel_shuffle" : "pixel_unshuffle";
    return operators(layer, OperatorText.of(Scripts.call(name, "x", layer.factor())));
  }

  @Override
  public Block visit(ChannelShuffleSpec layer) {
    return operators(layer, OperatorText.of(Scripts.call("channel_shuffle", "x", layer.groups())));
  }

  @Override
  public Block visit(DropoutSpec layer) {
    boolean isElement = layer.unit() == DropoutSpec.Unit.ELEMENT;
    return isElement && isInDjl()
        ? Dropout.builder().optRate((float) layer.probability()).build()
        : operators(layer, FunctionTexts.dropout(layer));
  }

  @Override
  public Block visit(LinearSpec layer) {
    String bias = layer.biases() > 0 ? "bias" : "None";
    return isInDjl()
        ? Linear.builder().setUnits(layer.outFeatures()).optBias(layer.biases() > 0).build()
        : operators(layer, OperatorText.of(Scripts.call("linear", "x", "weight", bias)));
  }

  /** Not of type WEIGHT: an initializer that is set for all weights must not replace the slopes. */
  @Override
  public Block visit(PReluSpec layer) {
    Parameter slopes =
        Parameter.builder()
            .setName("weight")
            .setType(Parameter.Type.OTHER)
            .optInitializer(
                (manager, shape, type) -> manager.full(shape, (float) layer.init(), type))
            .build();
    return new OperatorBlock(
        layer, OperatorText.of("torch.prelu(x, weight)"), precision, List.of(slopes));
  }

  /**
   * The indices are whole numbers, so only what comes out is rounded. A table whose vectors are cut
   * is changed where it is read, which the engine does not do.
   */
  @Override
  public Block visit(EmbeddingSpec layer) {
    if (layer.maxNorm().isPresent()) {
      throw unknown(layer);
    }
    String rows = Scripts.call("embedding", "weight", "x", layer.paddingIdx().orElse(-1));
    OperatorText text =
        OperatorText.of(precision == Precision.BFLOAT16 ? Bfloat16.rounded(rows) : rows);
    return new OperatorBlock(
        layer, text, Precision.FLOAT32, parameters(layer, Parameter.Type.WEIGHT));
  }

  @Override
  public Block visit(RecurrentSpec layer) {
    return operators(layer, SequenceTexts.recurrent(layer));
  }

  @Override
  public Block visit(MultiheadAttentionSpec layer) {
    return operators(layer, SequenceTexts.attention(layer));
  }

  /** Into how many heads the features are cut is not known. */
  @Override
  public Block visit(AttentionSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(CustomSpec layer) {
    throw unknown(layer);
  }

  /** Whose numbers they are is not known. */
  @Override
  public Block visit(LearnedSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(ScaleSpec layer) {
    String product = Scripts.call("mul", "x", layer.factor());
    return operators(layer, OperatorText.of(Scripts.call("add", product, layer.summand())));
  }

  @Override
  public Block visit(MeanSpec layer) {
    return operators(
        layer,
        (inputs, mode) ->
            Lines.of(
                Scripts.call(
                    "mean",
                    "x",
                    Scripts.list(new TreeSet<>(layer.over(inputs.get(0)))),
                    Scripts.truth(layer.axes() != MeanSpec.Axes.DROPPED))));
  }

  @Override
  public Block visit(SumSpec layer) {
    return operators(layer, joined("add"));
  }

  @Override
  public Block visit(ProductSpec layer) {
    return operators(layer, joined("mul"));
  }

  private static OperatorText joined(String operator) {
    return (inputs, mode) ->
        Lines.of(
            names(inputs).stream()
                .reduce((left, right) -> Scripts.call(operator, left, right))
                .orElseThrow());
  }

  private static List<String> names(List<Shape> inputs) {
    return inputs.size() == 1
        ? List.of("x")
        : IntStream.range(0, inputs.size()).mapToObj(i -> "x" + i).toList();
  }

  @Override
  public Block visit(MatrixProductSpec layer) {
    return operators(layer, OperatorText.of("torch.matmul(x0, x1)"));
  }

  @Override
  public Block visit(ConcatenationSpec layer) {
    return operators(
        layer,
        (inputs, mode) ->
            Lines.of(
                Scripts.call("cat", "[" + String.join(", ", names(inputs)) + "]", layer.dim())));
  }

  /** DJL's own splits give back no array where there is one part. */
  @Override
  public Block visit(SplitSpec layer) {
    return operators(
        layer,
        (inputs, mode) -> {
          Shape input = inputs.get(0);
          int axis = layer.dim() < 0 ? layer.dim() + input.dimension() : layer.dim();
          List<Long> sizes = layer.parts().of(input.get(axis));
          List<String> parts = IntStream.range(0, sizes.size()).mapToObj(i -> "y" + i).toList();
          return new Lines(
              List.of(
                  "parts = " + Scripts.call("split_with_sizes", "x", Scripts.list(sizes), axis),
                  String.join(", ", parts) + ", = parts"),
              parts);
        });
  }

  @Override
  public Block visit(IdentitySpec layer) {
    return new FunctionBlock(layer, x -> x);
  }

  @Override
  public Block visit(FlattenSpec layer) {
    return reshape(layer);
  }

  @Override
  public Block visit(UnflattenSpec layer) {
    return reshape(layer);
  }

  @Override
  public Block visit(ReshapeSpec layer) {
    return reshape(layer);
  }

  private static Block reshape(LayerSpec layer) {
    return new FunctionBlock(layer, x -> x.reshape(layer.output(x.getShape())));
  }

  @Override
  public Block visit(PermuteSpec layer) {
    int rank = layer.dims().size();
    int[] axes = layer.dims().stream().mapToInt(dim -> dim < 0 ? dim + rank : dim).toArray();
    return new FunctionBlock(layer, x -> x.transpose(axes));
  }

  static ShapeException unknown(LayerSpec layer) {
    return ShapeException.of(
        "the engine cannot run this layer yet",
        "It is " + layer + ".",
        "Leave it out to run the rest; its shapes and costs are in trace.");
  }

  private boolean isInDjl() {
    return source == Source.DJL;
  }

  /** DJL's function, or the operators where it cannot hold the numbers. */
  private Block djl(LayerSpec layer, OperatorText text, UnaryOperator<NDArray> function) {
    return isInDjl() ? new FunctionBlock(layer, function) : operators(layer, text);
  }

  private Block operators(LayerSpec layer, OperatorText text) {
    return new OperatorBlock(layer, text, precision, parameters(layer, Parameter.Type.WEIGHT));
  }

  private Block norm(LayerSpec layer, OperatorText text) {
    return new OperatorBlock(layer, text, precision, parameters(layer, Parameter.Type.GAMMA));
  }

  /** The parameters of a layer's state dict, without shapes. */
  private static List<Parameter> parameters(LayerSpec layer, Parameter.Type weight) {
    Parameter.Type bias =
        weight == Parameter.Type.GAMMA ? Parameter.Type.BETA : Parameter.Type.BIAS;
    return layer.state().keySet().stream()
        .filter(name -> !name.equals(COUNTER))
        .map(
            name -> {
              Parameter.Type type =
                  switch (name) {
                    case "running_mean" -> Parameter.Type.RUNNING_MEAN;
                    case "running_var" -> Parameter.Type.RUNNING_VAR;
                    default -> name.contains("bias") ? bias : weight;
                  };
              return Parameter.builder()
                  .setName(name)
                  .setType(type)
                  .optRequiresGrad(!name.startsWith("running_"))
                  .build();
            })
        .toList();
  }
}
