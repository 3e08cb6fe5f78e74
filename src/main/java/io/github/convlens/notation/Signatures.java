package io.github.convlens.notation;

import static io.github.convlens.layer.AdaptivePoolSpec.Reduction.AVERAGE;
import static io.github.convlens.layer.AdaptivePoolSpec.Reduction.MAXIMUM;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.LpPoolSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Statistics;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Scale;
import io.github.convlens.layer.UpsampleSpec.Target;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every layer that is a leaf: its arguments in the order of PyTorch's documentation, and what is
 * made of them. A new layer needs one entry here.
 */
final class Signatures {
  private static final String FACTORY = ", device=None, dtype=None";
  private static final String CONV =
      "out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,"
          + " padding_mode='zeros'"
          + FACTORY;
  private static final String TRANSPOSED =
      "out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True,"
          + " dilation=1, padding_mode='zeros'"
          + FACTORY;
  private static final String NORM =
      "eps=1e-05, momentum=0.1, affine=True, track_running_stats=True" + FACTORY + ", bias=True";
  private static final String INSTANCE_NORM =
      "eps=1e-05, momentum=0.1, affine=False, track_running_stats=False" + FACTORY + ", bias=True";

  private static final List<PaddingMode> PADDING_MODES = List.of(PaddingMode.values());

  private static final Map<String, Signature> TABLE = new ConcurrentHashMap<>();
  private static int loaded;

  private Signatures() {}

  /** The signature of a layer, or null. */
  static @Nullable Signature of(String type) {
    Signature signature = TABLE.get(type);
    while (signature == null && loadNext()) {
      signature = TABLE.get(type);
    }
    return signature == null ? TABLE.get(type) : signature;
  }

  /**
   * Fills in the next family, the most usual first; false if there is none left. Linking the
   * constructors of all families takes longer than reading a line, so a single layer waits for its
   * own alone.
   */
  private static synchronized boolean loadNext() {
    switch (loaded) {
      case 0 -> convolutions(2);
      case 1 -> pools(2);
      case 2 -> shapes();
      case 3 -> activations();
      case 4 -> norms();
      case 5 -> pads();
      case 6 -> dropouts();
      case 7 -> upsampling();
      case 8 -> {
        convolutions(1);
        convolutions(3);
        pools(1);
        pools(3);
      }
      case 9 -> sequences();
      default -> {
        return false;
      }
    }
    loaded++;
    return true;
  }

  /** All names, in alphabetical order. */
  static Set<String> names() {
    boolean more = true;
    while (more) {
      more = loadNext();
    }
    return new TreeSet<>(TABLE.keySet());
  }

  private static void entry(
      String type, String arguments, java.util.function.Function<Arguments, LayerSpec> build) {
    entry(type, arguments, 2, build);
  }

  private static void entry(
      String type,
      String arguments,
      int axes,
      java.util.function.Function<Arguments, LayerSpec> build) {
    TABLE.put(type, Signature.of(type, arguments, axes, build));
  }

  private static void convolutions(int axes) {
    String d = axes + "d";
    entry("Conv" + d, "in_channels, " + CONV, axes, a -> conv(a.known("in_channels"), a));
    entry("LazyConv" + d, CONV, axes, a -> conv(0, a));
    entry(
        "ConvTranspose" + d,
        "in_channels, " + TRANSPOSED,
        axes,
        a -> transposed(a.known("in_channels"), a));
    entry("LazyConvTranspose" + d, TRANSPOSED, axes, a -> transposed(0, a));
  }

  private static LayerSpec conv(long inChannels, Arguments a) {
    Windows window =
        new Windows(
            a.size("kernel_size"), a.size("stride"), a.padding("padding"), a.size("dilation"));
    return new ConvSpec(
        inChannels,
        a.whole("out_channels"),
        window,
        a.whole("groups"),
        bias(a),
        a.choice("padding_mode", PADDING_MODES));
  }

  private static LayerSpec transposed(long inChannels, Arguments a) {
    a.choice("padding_mode", List.of(PaddingMode.ZEROS));
    return new ConvTransposeSpec(
        inChannels,
        a.whole("out_channels"),
        a.size("kernel_size"),
        a.size("stride"),
        a.size("padding"),
        a.size("output_padding"),
        a.whole("groups"),
        bias(a),
        a.size("dilation"));
  }

  private static void pools(int axes) {
    String d = axes + "d";
    entry(
        "MaxPool" + d,
        "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        axes,
        a -> {
          oneOutput(a);
          return new MaxPoolSpec(pool(a, a.size("dilation")), rounding(a));
        });
    entry(
        "AvgPool" + d,
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
            + (axes == 1 ? "" : ", divisor_override=None"),
        axes,
        a ->
            new AvgPoolSpec(
                pool(a, Size.all(axes, 1)),
                rounding(a),
                a.flag("count_include_pad")
                    ? AvgPoolSpec.Divisor.PADDED
                    : AvgPoolSpec.Divisor.UNPADDED,
                axes == 1 ? java.util.OptionalLong.empty() : a.optional("divisor_override")));
    entry(
        "LPPool" + d,
        "norm_type, kernel_size, stride=None, ceil_mode=False",
        axes,
        a -> {
          // PyTorch multiplies with the kernel of LPPool1d: a tuple of one is an error
          Size kernel = axes == 1 ? new Size(a.whole("kernel_size")) : a.size("kernel_size");
          Windows window = Windows.of(kernel).withStride(strideOr(kernel, a));
          return new LpPoolSpec(a.decimal("norm_type"), window, rounding(a));
        });
    entry("AdaptiveAvgPool" + d, "output_size", axes, a -> adaptive(AVERAGE, a));
    entry(
        "AdaptiveMaxPool" + d,
        "output_size, return_indices=False",
        axes,
        a -> {
          oneOutput(a);
          return adaptive(MAXIMUM, a);
        });
  }

  private static void oneOutput(Arguments a) {
    if (a.flag("return_indices")) {
      throw a.conflict(
          "return_indices",
          "return_indices=True makes a second output, and only MaxUnpool can use it, which is not"
              + " known here.",
          "Leave it out.");
    }
  }

  private static Size strideOr(Size kernel, Arguments a) {
    return a.isNone("stride") ? kernel : a.size("stride");
  }

  private static Windows pool(Arguments a, Size dilation) {
    Size kernel = a.size("kernel_size");
    Padding padding = a.padding("padding");
    if (padding == Padding.Automatic.SAME || padding == Padding.Automatic.VALID) {
      throw a.conflict(
          "padding",
          "a pool's padding cannot be " + padding + "; PyTorch takes words for convolutions only.",
          "Use a number, or padding='same_upper' (ONNX, TensorFlow).");
    }
    return new Windows(kernel, strideOr(kernel, a), padding, dilation);
  }

  private static LayerSpec adaptive(AdaptivePoolSpec.Reduction reduction, Arguments a) {
    return new AdaptivePoolSpec(reduction, a.optionalSizes("output_size"));
  }

  private static void pads() {
    for (int axes : new int[] {2, 1, 3}) {
      String d = axes + "d";
      entry("ZeroPad" + d, "padding", axes, a -> pad(PaddingMode.ZEROS, 0, a));
      entry(
          "ConstantPad" + d,
          "padding, value",
          axes,
          a -> pad(PaddingMode.ZEROS, a.decimal("value"), a));
      entry("ReflectionPad" + d, "padding", axes, a -> pad(PaddingMode.REFLECT, 0, a));
      entry("ReplicationPad" + d, "padding", axes, a -> pad(PaddingMode.REPLICATE, 0, a));
      entry("CircularPad" + d, "padding", axes, a -> pad(PaddingMode.CIRCULAR, 0, a));
    }
  }

  private static LayerSpec pad(PaddingMode mode, double value, Arguments a) {
    long[] sides = a.sides("padding");
    int axes = a.axes();
    long[] before = new long[axes];
    long[] after = new long[axes];
    for (int i = 0; i < axes; i++) {
      before[axes - 1 - i] = sides[2 * i];
      after[axes - 1 - i] = sides[2 * i + 1];
    }
    return new PadSpec(mode, value, new Size(before), new Size(after));
  }

  private static void shapes() {
    entry(
        "Flatten",
        "start_dim=1, end_dim=-1",
        a -> new FlattenSpec(a.axis("start_dim"), a.axis("end_dim")));
    entry(
        "Unflatten",
        "dim, unflattened_size",
        a -> new UnflattenSpec(a.axis("dim"), a.wholes("unflattened_size")));
    String linear = "out_features, bias=True" + FACTORY;
    entry("Linear", "in_features, " + linear, a -> linear(a.known("in_features"), a));
    for (String ofAttention : List.of("NonDynamicallyQuantizableLinear", "_LinearWithBias")) {
      entry(ofAttention, "in_features, " + linear, a -> linear(a.known("in_features"), a));
    }
    entry("LazyLinear", linear, a -> linear(0, a));
    entry("Identity", "", a -> new IdentitySpec());
    entry("QuantStub", "qconfig=None", a -> new IdentitySpec());
    entry("DeQuantStub", "qconfig=None", a -> new IdentitySpec());
    entry("PixelShuffle", "upscale_factor", a -> new PixelShuffleSpec(a.whole("upscale_factor")));
    entry(
        "PixelUnshuffle",
        "downscale_factor",
        a ->
            new PixelShuffleSpec(
                PixelShuffleSpec.Direction.TO_CHANNELS, a.whole("downscale_factor")));
    entry("ChannelShuffle", "groups", a -> new ChannelShuffleSpec(a.whole("groups")));
    entry("Permute", "dims", a -> new PermuteSpec(a.axes("dims")));
  }

  private static LayerSpec linear(long inFeatures, Arguments a) {
    return new LinearSpec(inFeatures, a.whole("out_features"), bias(a));
  }

  private static void dropouts() {
    for (DropoutSpec.Unit unit : DropoutSpec.Unit.values()) {
      entry(unit.type(), "p=0.5, inplace=False", a -> new DropoutSpec(unit, a.decimal("p")));
    }
  }

  private static void norms() {
    for (BatchNormSpec.Kind kind :
        List.of(BatchNormSpec.Kind.ONE, BatchNormSpec.Kind.TWO, BatchNormSpec.Kind.THREE)) {
      entry(kind.type(), "num_features, " + NORM, a -> batchNorm(kind, a.known("num_features"), a));
      entry("Lazy" + kind.type(), NORM, a -> batchNorm(kind, 0, a));
    }
    entry(
        "SyncBatchNorm",
        "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True,"
            + " process_group=None, device=None, dtype=None, bias=True",
        a -> batchNorm(BatchNormSpec.Kind.SYNC, a.known("num_features"), a));
    for (int axes = 1; axes <= 3; axes++) {
      int number = axes;
      String type = "InstanceNorm" + axes + "d";
      entry(
          type,
          "num_features, " + INSTANCE_NORM,
          a -> instanceNorm(number, a.known("num_features"), a));
      entry("Lazy" + type, NORM, a -> instanceNorm(number, 0, a));
    }
    entry(
        "GroupNorm",
        "num_groups, num_channels, eps=1e-05, affine=True" + FACTORY + ", bias=True",
        a ->
            new GroupNormSpec(
                a.whole("num_groups"),
                a.whole("num_channels"),
                a.decimal("eps"),
                affine(a, "affine")));
    entry(
        "LayerNorm",
        "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True" + FACTORY,
        a ->
            new LayerNormSpec(
                a.wholes("normalized_shape"), a.decimal("eps"), affine(a, "elementwise_affine")));
    entry(
        "RMSNorm",
        "normalized_shape, eps=None, elementwise_affine=True" + FACTORY,
        a ->
            new RmsNormSpec(
                a.wholes("normalized_shape"),
                a.optionalDecimal("eps"),
                a.flag("elementwise_affine") ? Affine.SCALE : Affine.NONE));
    entry(
        "LocalResponseNorm",
        "size, alpha=0.0001, beta=0.75, k=1.0",
        a -> localResponse(LocalResponseNormSpec.Kind.LOCAL, a));
    entry(
        "CrossMapLRN2d",
        "size, alpha=0.0001, beta=0.75, k=1",
        a -> localResponse(LocalResponseNormSpec.Kind.CROSS_MAP, a));
  }

  private static LayerSpec localResponse(LocalResponseNormSpec.Kind kind, Arguments a) {
    return new LocalResponseNormSpec(
        kind, a.whole("size"), a.decimal("alpha"), a.decimal("beta"), a.decimal("k"));
  }

  private static LayerSpec batchNorm(BatchNormSpec.Kind kind, long features, Arguments a) {
    return new BatchNormSpec(
        kind,
        features,
        a.decimal("eps"),
        a.optionalDecimal("momentum"),
        affine(a, "affine"),
        statistics(a));
  }

  private static LayerSpec instanceNorm(int axes, long features, Arguments a) {
    return new InstanceNormSpec(
        axes,
        features,
        a.decimal("eps"),
        a.optionalDecimal("momentum"),
        affine(a, "affine"),
        statistics(a));
  }

  private static Statistics statistics(Arguments a) {
    return a.flag("track_running_stats") ? Statistics.RUNNING : Statistics.INPUT;
  }

  private static Affine affine(Arguments a, String name) {
    if (!a.flag(name)) {
      return Affine.NONE;
    }
    return a.flag("bias") ? Affine.SCALE_AND_SHIFT : Affine.SCALE;
  }

  private static Bias bias(Arguments a) {
    return a.flag("bias") ? Bias.WITH : Bias.WITHOUT;
  }

  private static Rounding rounding(Arguments a) {
    return a.flag("ceil_mode") ? Rounding.CEIL : Rounding.FLOOR;
  }

  private static void activations() {
    for (Function function : Function.values()) {
      if (function != Function.GELU && function != Function.GELU_TANH) {
        entry(function.type(), declare(function), a -> activation(function, a));
      }
    }
    entry(
        "GELU",
        "approximate='none'",
        a ->
            ActivationSpec.of(
                a.choice("approximate", List.of("none", "tanh")).equals("tanh")
                    ? Function.GELU_TANH
                    : Function.GELU));
    entry(
        "PReLU",
        "num_parameters=1, init=0.25" + FACTORY,
        a -> new PReluSpec(a.whole("num_parameters"), a.decimal("init")));
  }

  private static String declare(Function function) {
    List<String> arguments = new ArrayList<>();
    for (ActivationSpec.Parameter parameter : function.parameters()) {
      arguments.add(
          parameter.defaultValue().isPresent()
              ? parameter.name() + "=" + parameter.defaultValue().getAsDouble()
              : parameter.name());
    }
    switch (function) {
      case RELU, RELU6, LEAKY_RELU, RRELU, THRESHOLD, ELU, CELU, SELU, SILU, MISH, HARDSWISH ->
          arguments.add("inplace=False");
      case HARDSIGMOID, HARDTANH -> arguments.add("inplace=False");
      case SOFTMAX, SOFTMIN, LOG_SOFTMAX -> arguments.add("dim=None");
      case GLU -> arguments.add("dim=-1");
      default -> {}
    }
    return String.join(", ", arguments);
  }

  private static LayerSpec activation(Function function, Arguments a) {
    List<Double> numbers = new ArrayList<>();
    for (ActivationSpec.Parameter parameter : function.parameters()) {
      numbers.add(a.decimal(parameter.name()));
    }
    return function.hasAxis()
        ? new ActivationSpec(function, numbers, a.optionalAxis("dim"))
        : new ActivationSpec(function, numbers);
  }

  private static void upsampling() {
    entry(
        "Upsample",
        "size=None, scale_factor=None, mode='nearest', align_corners=None,"
            + " recompute_scale_factor=None",
        a ->
            new UpsampleSpec(
                target(a),
                a.choice("mode", List.of(Mode.values())),
                isTrue(a, "align_corners") ? Corners.CENTRES : Corners.EDGES,
                isTrue(a, "recompute_scale_factor") ? Scale.RECOMPUTED : Scale.AS_GIVEN));
    String arguments = "size=None, scale_factor=None, mode=None";
    entry(
        "UpsamplingNearest2d",
        arguments,
        a -> new UpsampleSpec(target(a), Mode.NEAREST, Corners.EDGES));
    entry(
        "UpsamplingBilinear2d",
        arguments,
        a -> new UpsampleSpec(target(a), Mode.BILINEAR, Corners.CENTRES));
  }

  private static boolean isTrue(Arguments a, String name) {
    return !a.isNone(name) && a.flag(name);
  }

  private static Target target(Arguments a) {
    if (a.isNone("size") == a.isNone("scale_factor")) {
      throw a.conflict(
          "scale_factor",
          "an upsampling layer takes either size or scale_factor.",
          "Write scale_factor=2 or size=(16, 24).");
    }
    return a.isNone("size") ? Target.by(a.factors("scale_factor")) : Target.to(a.anySize("size"));
  }

  private static void sequences() {
    String recurrent = ", bias=True, batch_first=False, dropout=0.0, bidirectional=False";
    String sizes = "input_size, hidden_size, num_layers=1";
    entry(
        "RNN",
        sizes + ", nonlinearity='tanh'" + recurrent + FACTORY,
        a ->
            recurrent(
                RecurrentSpec.Kind.RNN, a, 0, a.choice("nonlinearity", List.of("tanh", "relu"))));
    entry(
        "LSTM",
        sizes + recurrent + ", proj_size=0" + FACTORY,
        a -> recurrent(RecurrentSpec.Kind.LSTM, a, a.whole("proj_size"), "tanh"));
    entry("GRU", sizes + recurrent + FACTORY, a -> recurrent(RecurrentSpec.Kind.GRU, a, 0, "tanh"));
    entry(
        "Embedding",
        "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,"
            + " scale_grad_by_freq=False, sparse=False"
            + FACTORY,
        a ->
            new EmbeddingSpec(
                a.whole("num_embeddings"),
                a.whole("embedding_dim"),
                a.optional("padding_idx"),
                a.optionalDecimal("max_norm")));
    entry(
        "MultiheadAttention",
        "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False,"
            + " kdim=None, vdim=None, batch_first=False"
            + FACTORY,
        Signatures::attention);
  }

  private static LayerSpec recurrent(
      RecurrentSpec.Kind kind, Arguments a, long projSize, String nonlinearity) {
    return new RecurrentSpec(
        kind,
        a.whole("input_size"),
        a.whole("hidden_size"),
        a.whole("num_layers"),
        bias(a),
        layout(a),
        a.decimal("dropout"),
        a.flag("bidirectional") ? RecurrentSpec.Directions.BOTH : RecurrentSpec.Directions.ONE,
        projSize,
        nonlinearity);
  }

  private static RecurrentSpec.Layout layout(Arguments a) {
    return a.flag("batch_first")
        ? RecurrentSpec.Layout.BATCH_FIRST
        : RecurrentSpec.Layout.LENGTH_FIRST;
  }

  private static LayerSpec attention(Arguments a) {
    for (String refused : List.of("add_bias_kv", "add_zero_attn")) {
      if (a.flag(refused)) {
        throw a.conflict(
            refused, refused + "=True is not known here.", "Leave it out, or export the program.");
      }
    }
    long features = a.whole("embed_dim");
    return new MultiheadAttentionSpec(
        features,
        a.whole("num_heads"),
        a.decimal("dropout"),
        bias(a),
        a.optional("kdim").orElse(features),
        a.optional("vdim").orElse(features),
        layout(a));
  }
}
