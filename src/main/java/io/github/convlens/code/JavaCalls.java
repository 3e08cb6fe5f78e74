package io.github.convlens.code;

import static io.github.convlens.code.JavaText.BREAK;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
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
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.Statistics;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How each kind of layer is called: DJL's own block where it computes what PyTorch computes, in
 * value and gradient, for every input that PyTorch takes; ConvLens's block elsewhere. Of the
 * input's shape only the number of axes is used.
 *
 * <p>What DJL 0.36 has and is not used: Conv2dTranspose and Prelu, which its PyTorch engine cannot
 * run; mish, whose logarithm is binary; relu6, whose gradient at 6 is a half; means that leave the
 * padding out, since the switch does not reach the engine; a dilated pool, which it lacks.
 *
 * @param type the layer's type
 * @param inputs the shapes of the arrays that it is given
 */
record JavaCalls(String type, List<Shape> inputs) implements LayerSpec.Visitor<JavaCall> {
  /**
   * PyTorch's, which are DJL's, too. In doubles: compiled to JavaScript, floats are not rounded.
   */
  private static final double USUAL_EPS = 1e-5;

  private static final double USUAL_MOMENTUM = 0.1;

  private int rank() {
    return inputs.get(0).dimension();
  }

  private int axis(int dim) {
    return dim < 0 ? dim + rank() : dim;
  }

  private JavaCall djl(String text) {
    return new JavaCall.OfBlock(new Fragment.Layer(type, Template.of(text)));
  }

  private JavaCall djl(Template.Builder builder) {
    return new JavaCall.OfBlock(new Fragment.Layer(type, builder.build()));
  }

  private static JavaCall arrays(String text) {
    return new JavaCall.OfArrays(text);
  }

  /** ConvLens's block of a layer. */
  private JavaCall convlens(LayerSpec layer) {
    return djl(
        new Template.Builder()
            .text("LayerBlocks.of(")
            .value("String", "layer", JavaText.quoted("nn." + layer))
            .text(")"));
  }

  /** ConvLens's block of a layer on pictures, of which it has none for other axes. */
  private JavaCall ofPictures(LayerSpec layer) {
    int axes = layer.spatialAxes() == 0 ? rank() - 2 : layer.spatialAxes();
    return convlensIf(axes == 2, layer);
  }

  private JavaCall convlensIf(boolean hasBlock, LayerSpec layer) {
    if (!hasBlock) {
      throw noBlock();
    }
    return convlens(layer);
  }

  private static ShapeException noBlock() {
    return ShapeException.of(
        "no Java code can be written for this layer",
        "Neither DJL nor ConvLens has a block that computes what PyTorch computes.",
        "Take it out: the layers in front of it and those behind it can be written alone.");
  }

  @Override
  public JavaCall visit(ConvSpec layer) {
    Optional<Size> padding =
        layer.paddingMode() == PaddingMode.ZEROS ? padding(layer.window()) : Optional.empty();
    if (padding.isEmpty()) {
      return ofPictures(layer);
    }
    Windows window = layer.window();
    Template.Builder block =
        new Template.Builder()
            .text("Conv" + layer.spatialAxes() + "d.builder()" + BREAK + ".setKernelShape(")
            .shape("kernel", window.kernel())
            .text(")" + BREAK + ".setFilters(")
            .value("int", "filters", channels(layer.outChannels(), "out_channels"))
            .text(")")
            .option(sizes("optStride", "stride", window.stride()), window.stride().isAll(1))
            .option(sizes("optPadding", "padding", padding.get()), padding.get().isAll(0))
            .option(sizes("optDilation", "dilation", window.dilation()), window.dilation().isAll(1))
            .option(
                new Template.Builder()
                    .text(BREAK + ".optGroups(")
                    .value("int", "groups", channels(layer.groups(), "groups"))
                    .text(")"),
                layer.groups() == 1)
            .flag("optBias", layer.bias() == Bias.WITH)
            .text(BREAK + ".build()");
    return djl(block);
  }

  /** The padding per side, where it is the same on both sides and for every input. */
  private static Optional<Size> padding(Windows window) {
    if (window.padding() == Padding.Automatic.SAME_UPPER
        || window.padding() == Padding.Automatic.SAME_LOWER) {
      return Optional.empty();
    }
    List<Window> onAxes = window.axes().stream().map(axis -> window.on(axis, 1)).toList();
    return onAxes.stream().allMatch(each -> each.padBefore() == each.padAfter())
        ? Optional.of(new Size(onAxes.stream().mapToLong(Window::padBefore).toArray()))
        : Optional.empty();
  }

  private static Template.Builder sizes(String method, String name, Size size) {
    return new Template.Builder().text(BREAK + "." + method + "(").shape(name, size).text(")");
  }

  /** A number that DJL takes as an int. */
  private static String channels(long number, String name) {
    if ((int) number != number) {
      throw ShapeException.of(
          "DJL takes " + name + " up to 2^31 - 1",
          "Here it is " + number + ".",
          "Use a smaller number.");
    }
    return Long.toString(number);
  }

  @Override
  public JavaCall visit(MaxPoolSpec layer) {
    Windows window = layer.window();
    return layer.rounding() == Rounding.FLOOR && window.dilation().isAll(1)
        ? pool("Pool.maxPool", window, layer)
        : ofPictures(layer);
  }

  @Override
  public JavaCall visit(AvgPoolSpec layer) {
    Windows window = layer.window();
    boolean isPlain =
        layer.divisorOverride().isEmpty()
            && (layer.divisor() == AvgPoolSpec.Divisor.PADDED || window.padding().isNone());
    return isPlain && layer.rounding() == Rounding.FLOOR
        ? pool("Pool.avgPool", window, layer)
        : ofPictures(layer);
  }

  private JavaCall pool(String name, Windows window, LayerSpec layer) {
    Optional<Size> padding = padding(window);
    if (padding.isEmpty()) {
      return ofPictures(layer);
    }
    Template.Builder block =
        new Template.Builder()
            .text(name + layer.spatialAxes() + "dBlock(")
            .shape("kernel", window.kernel())
            .text(", " + BREAK)
            .shape("stride", window.stride());
    Template.Builder last =
        new Template.Builder().text(", " + BREAK).shape("padding", padding.get());
    return djl(block.option(last, padding.get().isAll(0)).text(")"));
  }

  /** The mean over whole pictures is an operation; everything else is a block. */
  @Override
  public JavaCall visit(AdaptivePoolSpec layer) {
    boolean isGlobal = layer.sizes().stream().allMatch(size -> size.orElse(0) == 1);
    return isGlobal && layer.reduction() == AdaptivePoolSpec.Reduction.AVERAGE
        ? mean(Axis.in(inputs.get(0)).stream().mapToInt(axis -> axis.index(rank())), true)
        : convlensIf(isGlobal || layer.spatialAxes() == 2, layer);
  }

  @Override
  public JavaCall visit(MeanSpec layer) {
    IntStream axes = layer.dims().stream().mapToInt(this::axis).distinct();
    return mean(axes, layer.axes() == MeanSpec.Axes.KEPT);
  }

  /** DJL takes a mean over one axis at a time; the last goes first, so that the others stay. */
  private static JavaCall mean(IntStream axes, boolean isKept) {
    return arrays(
        axes.boxed()
            .sorted(Comparator.reverseOrder())
            .map(axis -> BREAK + ".mean(new int[] {" + axis + "}" + (isKept ? ", true)" : ")"))
            .collect(Collectors.joining("", "<0>", "")));
  }

  @Override
  public JavaCall visit(LinearSpec layer) {
    return djl(
        new Template.Builder()
            .text("Linear.builder()" + BREAK + ".setUnits(")
            .whole("units", layer.outFeatures())
            .text(")")
            .flag("optBias", layer.bias() == Bias.WITH)
            .text(BREAK + ".build()"));
  }

  /** DJL's momentum is the share that the running statistics keep: 1 - PyTorch's. */
  @Override
  public JavaCall visit(BatchNormSpec layer) {
    if (layer.momentum().isEmpty()
        || layer.statistics() == Statistics.INPUT
        || layer.affine() != Affine.SCALE_AND_SHIFT) {
      boolean isRunning = layer.statistics() == Statistics.RUNNING;
      return convlensIf(isRunning && layer.momentum().isPresent(), layer);
    }
    double momentum = layer.momentum().getAsDouble();
    return djl(
        new Template.Builder()
            .text("BatchNorm.builder()")
            .option(real("optEpsilon", "epsilon", layer.eps()), layer.eps() == USUAL_EPS)
            .option(real("optMomentum", "momentum", 1 - momentum), momentum == USUAL_MOMENTUM)
            .text(BREAK + ".build()"));
  }

  private static Template.Builder real(String method, String name, double number) {
    return new Template.Builder().text(BREAK + "." + method + "(").real(name, number).text(")");
  }

  @Override
  public JavaCall visit(LayerNormSpec layer) {
    if (layer.affine() != Affine.SCALE_AND_SHIFT || layer.over() == LayerNormSpec.Over.CHANNELS) {
      return convlens(layer);
    }
    String axes =
        IntStream.range(rank() - layer.normalizedShape().size(), rank())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "));
    return djl(
        new Template.Builder()
            .text("LayerNorm.builder()" + BREAK + ".axis(" + axes + ")")
            .option(real("optEpsilon", "epsilon", layer.eps()), layer.eps() == USUAL_EPS)
            .text(BREAK + ".build()"));
  }

  @Override
  public JavaCall visit(DropoutSpec layer) {
    return layer.unit() == DropoutSpec.Unit.ELEMENT
        ? djl(
            new Template.Builder()
                .text("Dropout.builder()" + BREAK + ".optRate(")
                .real("rate", layer.probability())
                .text(")" + BREAK + ".build()"))
        : convlensIf(!isAlpha(layer), layer);
  }

  private static boolean isAlpha(DropoutSpec layer) {
    return layer.unit() == DropoutSpec.Unit.ALPHA || layer.unit() == DropoutSpec.Unit.FEATURE_ALPHA;
  }

  @Override
  public JavaCall visit(ActivationSpec layer) {
    return switch (layer.function()) {
      case RELU -> djl("Activation.reluBlock()");
      case SIGMOID -> djl("Activation.sigmoidBlock()");
      case TANH -> djl("Activation.tanhBlock()");
      case SELU -> djl("Activation.seluBlock()");
      case GELU -> djl("Activation.geluBlock()");
      case SOFTSIGN -> djl("Activation.softSignBlock()");
      case SILU -> djl("Activation.swishBlock(1f)");
      case LEAKY_RELU -> withNumber("Activation.leakyReluBlock(", "slope", layer);
      case ELU -> withNumber("Activation.eluBlock(", "alpha", layer);
      case SOFTPLUS ->
          layer.equals(ActivationSpec.of(ActivationSpec.Function.SOFTPLUS))
              ? djl("Activation.softPlusBlock()")
              : convlens(layer);
      case SOFTMAX -> arrays("<0>.softmax(" + layer.axis(inputs.get(0)) + ")");
      case LOG_SOFTMAX -> arrays("<0>.logSoftmax(" + layer.axis(inputs.get(0)) + ")");
      case RRELU -> throw noBlock();
      default -> convlens(layer);
    };
  }

  private JavaCall withNumber(String front, String name, ActivationSpec layer) {
    return djl(new Template.Builder().text(front).real(name, layer.arguments().get(0)).text(")"));
  }

  @Override
  public JavaCall visit(FlattenSpec layer) {
    boolean isAll = axis(layer.startDim()) == 1 && axis(layer.endDim()) == rank() - 1;
    return isAll ? djl("Blocks.batchFlattenBlock()") : convlens(layer);
  }

  @Override
  public JavaCall visit(ReshapeSpec layer) {
    return arrays("<0>.reshape(<0>.size(0)" + listed(layer.sizes()) + ")");
  }

  private static String listed(List<Long> numbers) {
    return numbers.stream()
        .map(number -> ", " + BREAK + JavaText.literal(number))
        .collect(Collectors.joining());
  }

  @Override
  public JavaCall visit(PermuteSpec layer) {
    String axes =
        layer.dims().stream().map(dim -> "" + axis(dim)).collect(Collectors.joining(", "));
    return arrays("<0>.transpose(" + axes + ")");
  }

  @Override
  public JavaCall visit(SumSpec layer) {
    return joined("add");
  }

  @Override
  public JavaCall visit(ProductSpec layer) {
    return joined("mul");
  }

  private JavaCall joined(String operation) {
    return inputs.size() == 1
        ? new JavaCall.Nothing()
        : arrays(
            IntStream.range(1, inputs.size())
                .mapToObj(i -> BREAK + "." + operation + "(<" + i + ">)")
                .collect(Collectors.joining("", "<0>", "")));
  }

  @Override
  public JavaCall visit(ScaleSpec layer) {
    String times = layer.factor() == 1 ? "" : BREAK + ".mul(" + JavaText.real(layer.factor()) + ")";
    String plus =
        layer.summand() == 0 ? "" : BREAK + ".add(" + JavaText.real(layer.summand()) + ")";
    return times.isEmpty() && plus.isEmpty()
        ? new JavaCall.Nothing()
        : arrays("<0>" + times + plus);
  }

  @Override
  public JavaCall visit(MatrixProductSpec layer) {
    return arrays("<0>.matMul(<1>)");
  }

  /** DJL copies a single part, which cuts the gradient off: it is passed on instead. */
  @Override
  public JavaCall visit(ConcatenationSpec layer) {
    return inputs.size() == 1
        ? new JavaCall.Nothing()
        : arrays(
            IntStream.range(0, inputs.size())
                .mapToObj(i -> "<" + i + ">")
                .collect(
                    Collectors.joining(
                        ", " + BREAK,
                        "NDArrays.concat(new NDList(",
                        "), " + BREAK + axis(layer.dim()) + ")")));
  }

  /** The sizes of chunks of an axis of the picture follow from the picture. */
  @Override
  public JavaCall visit(SplitSpec layer) {
    int axis = axis(layer.dim());
    List<Long> parts = layer.parts().of(inputs.get(0).get(axis));
    if (layer.parts() instanceof SplitSpec.Parts.Chunks chunks) {
      return chunks.number() == 1
          ? new JavaCall.Nothing()
          : arrays("<0>.split(" + chunkStarts(axis, chunks.number()) + ", " + BREAK + axis + ")");
    }
    if (parts.size() == 1) {
      return new JavaCall.Nothing();
    }
    List<String> starts = new ArrayList<>();
    long start = 0;
    for (long part : parts.subList(0, parts.size() - 1)) {
      start += part;
      starts.add(JavaText.literal(start));
    }
    String list = String.join(", " + BREAK, starts);
    return arrays("<0>.split(new long[] {" + list + "}, " + BREAK + axis + ")");
  }

  private static String chunkStarts(int axis, long number) {
    String size = "<0>.size(" + axis + ")";
    String each =
        "(" + size + " + " + JavaText.literal(number - 1) + ") / " + JavaText.literal(number);
    return "LongStream.iterate("
        + (each + ", " + BREAK + "i -> i < " + size + ", " + BREAK + "i -> i + " + each)
        + ")"
        + BREAK
        + ".toArray()";
  }

  @Override
  public JavaCall visit(IdentitySpec layer) {
    return new JavaCall.Nothing();
  }

  @Override
  public JavaCall visit(ChannelShuffleSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(ConvTransposeSpec layer) {
    return ofPictures(layer);
  }

  @Override
  public JavaCall visit(AttentionSpec layer) {
    throw noBlock();
  }

  @Override
  public JavaCall visit(BlurSpec layer) {
    throw noBlock();
  }

  @Override
  public JavaCall visit(FitSpec layer) {
    throw noBlock();
  }

  @Override
  public JavaCall visit(LearnedSpec layer) {
    throw noBlock();
  }

  @Override
  public JavaCall visit(RmsNormSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(EmbeddingSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(GroupNormSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(InstanceNormSpec layer) {
    return convlensIf(layer.statistics() == Statistics.INPUT, layer);
  }

  @Override
  public JavaCall visit(LocalResponseNormSpec layer) {
    return convlensIf(layer.kind() == LocalResponseNormSpec.Kind.LOCAL, layer);
  }

  @Override
  public JavaCall visit(LpPoolSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(PadSpec layer) {
    return ofPictures(layer);
  }

  @Override
  public JavaCall visit(PixelShuffleSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(PReluSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(UnflattenSpec layer) {
    return convlens(layer);
  }

  @Override
  public JavaCall visit(UpsampleSpec layer) {
    return ofPictures(layer);
  }

  @Override
  public JavaCall visit(CustomSpec layer) {
    throw noBlock();
  }

  @Override
  public JavaCall visit(MultiheadAttentionSpec layer) {
    throw noBlock();
  }

  @Override
  public JavaCall visit(RecurrentSpec layer) {
    throw noBlock();
  }
}
