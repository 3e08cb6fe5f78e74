package io.github.convlens.program;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.Statistics;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The layer that a call is, where the package {@code layer} has one of its kind. Whoever asks tries
 * it on the recorded shapes, so a kind that does not fit does no harm.
 */
final class Kinds {
  private static final String TRACKED = "running_mean";

  private final Call call;
  private final List<Operand> operands;
  private final String function;

  private Kinds(Call call, List<Operand> operands) {
    this.call = call;
    this.operands = operands;
    function = ShapeRules.plain(call.function());
  }

  /** The layer; its inputs are the operands that are inputs. Null where there is none. */
  static @Nullable LayerSpec of(Call call, List<Operand> operands) {
    try {
      return new Kinds(call, operands).layer();
    } catch (IllegalArgumentException | NotFixed e) {
      return null;
    }
  }

  /** An argument depends on the input's size, or an operand is not part of the layer. */
  private static final class NotFixed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private @Nullable LayerSpec layer() {
    return switch (function) {
      case "conv1d", "conv2d", "conv3d" -> conv(function.charAt(4) - '0');
      case "conv_transpose1d", "conv_transpose2d", "conv_transpose3d" ->
          transposed(function.charAt(14) - '0');
      case "convolution" -> convolution();
      case "linear" -> linear();
      case "batch_norm" -> batchNorm();
      case "_native_batch_norm_legit_no_training" -> coreBatchNorm();
      case "layer_norm", "native_layer_norm" -> layerNorm();
      case "group_norm" -> groupNorm();
      case "instance_norm" -> instanceNorm();
      case "prelu" -> new PReluSpec(elements(1), 0.25);
      case "max_pool1d", "max_pool2d", "max_pool3d" -> maxPool();
      case "max_pool2d_with_indices", "max_pool3d_with_indices" -> maxPool();
      case "avg_pool1d", "avg_pool2d", "avg_pool3d" -> avgPool();
      case "adaptive_avg_pool1d",
          "adaptive_avg_pool2d",
          "adaptive_avg_pool3d",
          "_adaptive_avg_pool2d",
          "_adaptive_avg_pool3d" ->
          adaptive(AdaptivePoolSpec.Reduction.AVERAGE);
      case "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d" ->
          adaptive(AdaptivePoolSpec.Reduction.MAXIMUM);
      case "dropout" -> new DropoutSpec(DropoutSpec.Unit.ELEMENT, real(1, "p", 0.5));
      case "feature_dropout" -> new DropoutSpec(unit(), real(1, "p", 0.5));
      case "alpha_dropout" -> new DropoutSpec(DropoutSpec.Unit.ALPHA, real(1, "p", 0.5));
      case "flatten" ->
          new FlattenSpec((int) whole(1, "start_dim", 0), (int) whole(2, "end_dim", -1));
      case "pixel_shuffle" -> new PixelShuffleSpec(whole(1, "upscale_factor", 1));
      case "pixel_unshuffle" ->
          new PixelShuffleSpec(
              PixelShuffleSpec.Direction.TO_CHANNELS, whole(1, "downscale_factor", 1));
      case "channel_shuffle" -> new ChannelShuffleSpec(whole(1, "groups", 1));
      case "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d" ->
          upsample(UpsampleSpec.Mode.NEAREST, 2);
      case "_upsample_nearest_exact1d", "_upsample_nearest_exact2d" ->
          upsample(UpsampleSpec.Mode.NEAREST_EXACT, 2);
      case "upsample_linear1d" -> upsample(UpsampleSpec.Mode.LINEAR, 3);
      case "upsample_bilinear2d" -> upsample(UpsampleSpec.Mode.BILINEAR, 3);
      case "upsample_trilinear3d" -> upsample(UpsampleSpec.Mode.TRILINEAR, 3);
      case "upsample_bicubic2d" -> upsample(UpsampleSpec.Mode.BICUBIC, 3);
      case "pad" -> pad();
      case "mean" -> mean();
      case "permute" -> new PermuteSpec(ints(wholes(1, "dims")));
      case "cat" -> cat();
      case "add" -> joined(new SumSpec(), LearnedSpec.Operation.ADD);
      case "mul" -> joined(new ProductSpec(), LearnedSpec.Operation.MULTIPLY);
      case "matmul", "bmm" -> areInputs(2) ? new MatrixProductSpec() : null;
      case "chunk" ->
          new SplitSpec(
              (int) whole(2, "dim", 0), new SplitSpec.Parts.Chunks(whole(1, "chunks", 1)));
      case "split_with_sizes" ->
          new SplitSpec(
              (int) whole(2, "dim", 0), new SplitSpec.Parts.Sizes(wholes(1, "split_sizes")));
      case "embedding" -> embedding();
      case "lstm", "gru", "rnn_tanh", "rnn_relu" -> recurrent();
      default -> activation();
    };
  }

  private LayerSpec conv(int axes) {
    Argument given = call.argument(4, "padding").orElse(Argument.NONE);
    Padding padding =
        given instanceof Argument.Text word
            ? word.value().equals("same") ? Padding.Automatic.SAME : Padding.Automatic.VALID
            : Padding.Explicit.symmetric(size(4, "padding", axes, 0));
    return conv(axes, padding, whole(6, "groups", 1));
  }

  private LayerSpec conv(int axes, Padding padding, long groups) {
    List<Long> weight = weight();
    Windows window =
        new Windows(
            kernel(weight), size(3, "stride", axes, 1), padding, size(5, "dilation", axes, 1));
    return new ConvSpec(
        weight.get(1) * groups, weight.get(0), window, groups, bias(2), PaddingMode.ZEROS);
  }

  private static Size kernel(List<Long> weight) {
    return new Size(weight.subList(2, weight.size()).stream().mapToLong(n -> n).toArray());
  }

  /** What a program has after {@code run_decompositions}. */
  private @Nullable LayerSpec convolution() {
    int axes = weight().size() - 2;
    Padding padding = Padding.Explicit.symmetric(size(4, "padding", axes, 0));
    return isTrue(6, "transposed") ? null : conv(axes, padding, whole(8, "groups", 1));
  }

  private LayerSpec transposed(int axes) {
    List<Long> weight = weight();
    long groups = whole(6, "groups", 1);
    return new ConvTransposeSpec(
        weight.get(0),
        weight.get(1) * groups,
        kernel(weight),
        size(3, "stride", axes, 1),
        size(4, "padding", axes, 0),
        size(5, "output_padding", axes, 0),
        groups,
        bias(2),
        size(7, "dilation", axes, 1));
  }

  private LayerSpec linear() {
    List<Long> weight = weight();
    return new LinearSpec(weight.get(1), weight.get(0), bias(2));
  }

  private LayerSpec batchNorm() {
    boolean tracked = operand(call.argument(3, TRACKED)).isPresent();
    return batchNorm(
        real(7, "eps", BatchNormSpec.DEFAULT_EPS),
        real(6, "momentum", BatchNormSpec.DEFAULT_MOMENTUM),
        tracked ? Statistics.RUNNING : Statistics.INPUT);
  }

  /** What a program has after {@code run_decompositions}. */
  private LayerSpec coreBatchNorm() {
    return batchNorm(real(6, "eps", 1e-5), real(5, "momentum", 0.1), Statistics.RUNNING);
  }

  private LayerSpec batchNorm(double eps, double momentum, Statistics statistics) {
    int rank = operands.get(0).type().sizes().size();
    BatchNormSpec.Kind kind =
        rank < 4
            ? BatchNormSpec.Kind.ONE
            : rank == 4 ? BatchNormSpec.Kind.TWO : BatchNormSpec.Kind.THREE;
    return new BatchNormSpec(
        kind, channels(), eps, OptionalDouble.of(momentum), affine(1, 2), statistics);
  }

  private LayerSpec instanceNorm() {
    return new InstanceNormSpec(
        operands.get(0).type().sizes().size() - 2,
        channels(),
        real(7, "eps", 1e-5),
        OptionalDouble.of(real(6, "momentum", 0.1)),
        affine(1, 2),
        isTrue(5, "use_input_stats") ? Statistics.INPUT : Statistics.RUNNING);
  }

  private LayerSpec layerNorm() {
    return new LayerNormSpec(wholes(1, "normalized_shape"), real(4, "eps", 1e-5), affine(2, 3));
  }

  private LayerSpec groupNorm() {
    return new GroupNormSpec(
        whole(1, "num_groups", 1), channels(), real(4, "eps", 1e-5), affine(2, 3));
  }

  private LayerSpec maxPool() {
    int axes = poolAxes();
    Size kernel = size(1, "kernel_size", axes, 1);
    Windows window =
        new Windows(
            kernel,
            stride(kernel),
            Padding.Explicit.symmetric(size(3, "padding", axes, 0)),
            size(4, "dilation", axes, 1));
    return new MaxPoolSpec(window, rounding(5));
  }

  private LayerSpec avgPool() {
    int axes = poolAxes();
    Size kernel = size(1, "kernel_size", axes, 1);
    Windows window =
        new Windows(
            kernel,
            stride(kernel),
            Padding.Explicit.symmetric(size(3, "padding", axes, 0)),
            Size.all(axes, 1));
    boolean padded = call.argument(5, "count_include_pad").isEmpty() || isTrue(5, "");
    List<Long> override = wholes(6, "divisor_override");
    return new AvgPoolSpec(
        window,
        rounding(4),
        padded ? AvgPoolSpec.Divisor.PADDED : AvgPoolSpec.Divisor.UNPADDED,
        override.isEmpty() ? OptionalLong.empty() : OptionalLong.of(override.get(0)));
  }

  private int poolAxes() {
    int digit = function.indexOf("pool") + 4;
    return function.charAt(digit) - '0';
  }

  private Size stride(Size kernel) {
    List<Long> stride = wholes(2, "stride");
    return stride.isEmpty() ? kernel : size(2, "stride", kernel.axes().size(), 1);
  }

  private Rounding rounding(int place) {
    return isTrue(place, "ceil_mode") ? Rounding.CEIL : Rounding.FLOOR;
  }

  private LayerSpec adaptive(AdaptivePoolSpec.Reduction reduction) {
    return new AdaptivePoolSpec(
        reduction, wholes(1, "output_size").stream().map(OptionalLong::of).toList());
  }

  private DropoutSpec.Unit unit() {
    return switch (operands.get(0).type().sizes().size()) {
      case 4 -> DropoutSpec.Unit.CHANNEL;
      case 5 -> DropoutSpec.Unit.CHANNEL_OF_VOLUME;
      default -> DropoutSpec.Unit.CHANNEL_OF_SEQUENCE;
    };
  }

  private @Nullable LayerSpec upsample(UpsampleSpec.Mode mode, int scaleAt) {
    if (!call.operator().endsWith(".vec")) {
      return null;
    }
    List<Long> sizes = wholes(1, "output_size");
    UpsampleSpec.Target target =
        sizes.isEmpty()
            ? new UpsampleSpec.Target.By(reals(scaleAt, "scale_factors"))
            : new UpsampleSpec.Target.To(new Size(sizes.stream().mapToLong(n -> n).toArray()));
    UpsampleSpec.Corners corners =
        scaleAt == 3 && isTrue(2, "align_corners")
            ? UpsampleSpec.Corners.CENTRES
            : UpsampleSpec.Corners.EDGES;
    return new UpsampleSpec(target, mode, corners);
  }

  private @Nullable LayerSpec pad() {
    List<Long> pad = wholes(1, "pad");
    int axes = pad.size() / 2;
    String word =
        call.argument(2, "mode").orElse(Argument.NONE) instanceof Argument.Text text
            ? text.value()
            : "constant";
    PaddingMode mode = null;
    for (PaddingMode each : PaddingMode.values()) {
      mode = each.toString().equals(word) ? each : mode;
    }
    mode = word.equals("constant") ? PaddingMode.ZEROS : mode;
    if (mode == null || axes != operands.get(0).type().sizes().size() - 2) {
      return null;
    }
    long[] before = new long[axes];
    long[] after = new long[axes];
    for (int i = 0; i < axes; i++) {
      before[axes - 1 - i] = pad.get(2 * i);
      after[axes - 1 - i] = pad.get(2 * i + 1);
    }
    return new PadSpec(mode, real(3, "value", 0), new Size(before), new Size(after));
  }

  private LayerSpec mean() {
    boolean keeps = isTrue(2, "keepdim");
    return new MeanSpec(
        call.operator().endsWith(".dim") ? ints(wholes(1, "dim")) : List.of(),
        keeps ? MeanSpec.Axes.KEPT : MeanSpec.Axes.DROPPED);
  }

  private @Nullable LayerSpec cat() {
    int dim = (int) whole(1, "dim", 0);
    if (areInputs(operands.size())) {
      return new ConcatenationSpec(dim);
    }
    boolean prepends =
        operands.size() == 2 && dim == 1 && !operands.get(0).isInput() && operands.get(1).isInput();
    if (!prepends) {
      return null;
    }
    List<Long> sizes = new ArrayList<>(List.of(1L));
    List<Dim> all = operands.get(0).type().sizes();
    all.subList(1, all.size()).forEach(size -> sizes.add(fixed(size)));
    return new LearnedSpec(LearnedSpec.Operation.PREPEND, sizes);
  }

  private @Nullable LayerSpec joined(LayerSpec join, LearnedSpec.Operation learned) {
    if (operands.size() != 2 || call.argument(2, "alpha").isPresent()) {
      return null;
    }
    if (areInputs(2)) {
      return join;
    }
    Operand own = operands.get(operands.get(0).isInput() ? 1 : 0);
    List<Long> sizes = own.type().sizes().stream().map(Kinds::fixed).toList();
    return new LearnedSpec(learned, sizes);
  }

  private boolean areInputs(int count) {
    return operands.size() == count && operands.stream().allMatch(Operand::isInput);
  }

  private LayerSpec embedding() {
    Operand table = operand(call.argument(0, "weight")).orElseThrow(NotFixed::new);
    List<Long> sizes = sizes(table);
    return new EmbeddingSpec(sizes.get(0), sizes.get(1));
  }

  private @Nullable LayerSpec recurrent() {
    List<Operand> weights = operands.stream().filter(each -> !each.isInput()).toList();
    List<String> names = call.argument(2, "params").map(Checks::references).orElse(List.of());
    List<Operand> params = weights.stream().filter(each -> names.contains(each.name())).toList();
    if (Operand.inputs(operands).size() != 1 || params.size() != names.size()) {
      return null;
    }
    RecurrentSpec.Kind kind =
        function.equals("lstm")
            ? RecurrentSpec.Kind.LSTM
            : function.equals("gru") ? RecurrentSpec.Kind.GRU : RecurrentSpec.Kind.RNN;
    boolean biases = isTrue(3, "has_biases");
    boolean both = isTrue(7, "bidirectional");
    long layers = whole(4, "num_layers", 1);
    long gates = kind == RecurrentSpec.Kind.LSTM ? 4 : kind == RecurrentSpec.Kind.GRU ? 3 : 1;
    List<Long> first = sizes(params.get(0));
    long hidden = first.get(0) / gates;
    boolean projects = params.size() == layers * (both ? 2 : 1) * (biases ? 5 : 3);
    return new RecurrentSpec(
        kind,
        first.get(1),
        hidden,
        layers,
        biases ? Bias.WITH : Bias.WITHOUT,
        isTrue(8, "batch_first")
            ? RecurrentSpec.Layout.BATCH_FIRST
            : RecurrentSpec.Layout.LENGTH_FIRST,
        real(5, "dropout", 0),
        both ? RecurrentSpec.Directions.BOTH : RecurrentSpec.Directions.ONE,
        projects ? sizes(params.get(1)).get(1) : 0,
        function.equals("rnn_relu") ? "relu" : "tanh");
  }

  private @Nullable LayerSpec activation() {
    return switch (function) {
      case "relu" -> activation(ActivationSpec.Function.RELU);
      case "sigmoid" -> activation(ActivationSpec.Function.SIGMOID);
      case "tanh" -> activation(ActivationSpec.Function.TANH);
      case "silu" -> activation(ActivationSpec.Function.SILU);
      case "mish" -> activation(ActivationSpec.Function.MISH);
      case "selu" -> activation(ActivationSpec.Function.SELU);
      case "hardswish" -> activation(ActivationSpec.Function.HARDSWISH);
      case "hardsigmoid" -> activation(ActivationSpec.Function.HARDSIGMOID);
      case "log_sigmoid" -> activation(ActivationSpec.Function.LOG_SIGMOID);
      case "gelu" ->
          activation(
              call.argument(1, "approximate").equals(Optional.of(new Argument.Text("tanh")))
                  ? ActivationSpec.Function.GELU_TANH
                  : ActivationSpec.Function.GELU);
      case "leaky_relu" ->
          activation(ActivationSpec.Function.LEAKY_RELU, real(1, "negative_slope", 0.01));
      case "elu" -> call.arguments().size() > 2 ? null : elu();
      case "celu" -> activation(ActivationSpec.Function.CELU, real(1, "alpha", 1));
      case "softplus" ->
          activation(
              ActivationSpec.Function.SOFTPLUS, real(1, "beta", 1), real(2, "threshold", 20));
      case "hardshrink" -> activation(ActivationSpec.Function.HARDSHRINK, real(1, "lambd", 0.5));
      case "softshrink" -> activation(ActivationSpec.Function.SOFTSHRINK, real(1, "lambd", 0.5));
      case "threshold" ->
          activation(
              ActivationSpec.Function.THRESHOLD, real(1, "threshold", 0), real(2, "value", 0));
      case "hardtanh" -> hardtanh(real(1, "min_val", -1), real(2, "max_val", 1));
      case "relu6" -> activation(ActivationSpec.Function.RELU6);
      case "softmax" -> along(ActivationSpec.Function.SOFTMAX);
      case "log_softmax" -> along(ActivationSpec.Function.LOG_SOFTMAX);
      case "glu" ->
          new ActivationSpec(
              ActivationSpec.Function.GLU, List.of(), OptionalInt.of((int) whole(1, "dim", -1)));
      default -> null;
    };
  }

  private LayerSpec elu() {
    return activation(ActivationSpec.Function.ELU, real(1, "alpha", 1));
  }

  /** {@code nn.ReLU6} calls this. */
  private static LayerSpec hardtanh(double least, double most) {
    return least == 0 && most == 6
        ? activation(ActivationSpec.Function.RELU6)
        : activation(ActivationSpec.Function.HARDTANH, least, most);
  }

  private static LayerSpec activation(ActivationSpec.Function which, Double... arguments) {
    return new ActivationSpec(which, List.of(arguments), OptionalInt.empty());
  }

  private LayerSpec along(ActivationSpec.Function which) {
    return new ActivationSpec(which, List.of(), OptionalInt.of((int) whole(1, "dim", -1)));
  }

  private List<Long> weight() {
    return sizes(operand(call.argument(1, "weight")).orElseThrow(NotFixed::new));
  }

  private Bias bias(int place) {
    Optional<Argument> given = call.argument(place, "bias");
    if (given.isEmpty() || given.get() instanceof Argument.None) {
      return Bias.WITHOUT;
    }
    if (operand(given).filter(each -> !each.isInput()).isEmpty()) {
      throw new NotFixed();
    }
    return Bias.WITH;
  }

  private Affine affine(int scaleAt, int shiftAt) {
    boolean scales = operand(call.argument(scaleAt, "weight")).isPresent();
    boolean shifts = operand(call.argument(shiftAt, "bias")).isPresent();
    if (!scales && shifts) {
      throw new NotFixed();
    }
    return shifts ? Affine.SCALE_AND_SHIFT : scales ? Affine.SCALE : Affine.NONE;
  }

  private long channels() {
    return fixed(operands.get(0).type().sizes().get(1));
  }

  private long elements(int place) {
    return sizes(operands.get(place)).stream().reduce(1L, (a, b) -> a * b);
  }

  private Optional<Operand> operand(Optional<Argument> argument) {
    return argument.flatMap(
        given ->
            given instanceof Argument.Reference reference
                ? operands.stream().filter(each -> each.name().equals(reference.name())).findFirst()
                : Optional.empty());
  }

  /** The sizes of a part of the layer. */
  private static List<Long> sizes(Operand operand) {
    if (operand.isInput()) {
      throw new NotFixed();
    }
    return operand.type().sizes().stream().map(Kinds::fixed).toList();
  }

  private static long fixed(Dim size) {
    if (!size.symbols().isEmpty()) {
      throw new NotFixed();
    }
    return size.of(Map.of());
  }

  private long whole(int place, String name, long byDefault) {
    List<Long> given = wholes(place, name);
    return given.isEmpty() ? byDefault : given.get(0);
  }

  private List<Long> wholes(int place, String name) {
    Argument given = call.argument(place, name).orElse(Argument.NONE);
    List<Argument> items = given instanceof Argument.Items all ? all.items() : List.of(given);
    List<Long> numbers = new ArrayList<>();
    for (Argument item : items) {
      if (item instanceof Argument.Whole number) {
        numbers.add(number.value());
      } else if (!(item instanceof Argument.None)) {
        throw new NotFixed();
      }
    }
    return numbers;
  }

  private double real(int place, String name, double byDefault) {
    List<Double> given = reals(place, name);
    return given.isEmpty() ? byDefault : given.get(0);
  }

  private List<Double> reals(int place, String name) {
    Argument given = call.argument(place, name).orElse(Argument.NONE);
    List<Argument> items = given instanceof Argument.Items all ? all.items() : List.of(given);
    List<Double> numbers = new ArrayList<>();
    for (Argument item : items) {
      if (item instanceof Argument.Real number) {
        numbers.add(number.value());
      } else if (item instanceof Argument.Whole number) {
        numbers.add((double) number.value());
      } else if (!(item instanceof Argument.None)) {
        throw new NotFixed();
      }
    }
    return numbers;
  }

  private boolean isTrue(int place, String name) {
    return call.argument(place, name).equals(Optional.of(new Argument.Truth(true)));
  }

  private Size size(int place, String name, int axes, long byDefault) {
    List<Long> given = wholes(place, name);
    if (given.isEmpty()) {
      return Size.all(axes, byDefault);
    }
    List<Long> all = given.size() == 1 ? Collections.nCopies(axes, given.get(0)) : given;
    return new Size(all.stream().mapToLong(n -> n).toArray());
  }

  private static List<Integer> ints(List<Long> numbers) {
    return numbers.stream().map(Math::toIntExact).toList();
  }
}
