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
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every layer that is a leaf: its arguments in the order of PyTorch's documentation, and what is
 * made of them. A new layer needs its name and its entry here.
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

  private static final String LINEAR = "out_features, bias=True" + FACTORY;
  private static final String UPSAMPLING = "size=None, scale_factor=None, mode=None";
  private static final String RECURRENT_SIZES = "input_size, hidden_size, num_layers=1";
  private static final String RECURRENT =
      ", bias=True, batch_first=False, dropout=0.0, bidirectional=False";

  private static final List<PaddingMode> PADDING_MODES = List.of(PaddingMode.values());

  /**
   * The names that {@link #declared} knows. All other names are those of activations, whose only
   * arguments are their parameters.
   */
  private static final Set<String> NAMES =
      Set.of(
          ("Conv1d Conv2d Conv3d LazyConv1d LazyConv2d LazyConv3d"
                  + " ConvTranspose1d ConvTranspose2d ConvTranspose3d"
                  + " LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d"
                  + " MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d"
                  + " LPPool1d LPPool2d LPPool3d"
                  + " AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d"
                  + " AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d"
                  + " ZeroPad1d ZeroPad2d ZeroPad3d ConstantPad1d ConstantPad2d ConstantPad3d"
                  + " ReflectionPad1d ReflectionPad2d ReflectionPad3d"
                  + " ReplicationPad1d ReplicationPad2d ReplicationPad3d"
                  + " CircularPad1d CircularPad2d CircularPad3d"
                  + " Flatten Unflatten Linear NonDynamicallyQuantizableLinear _LinearWithBias"
                  + " LazyLinear Identity QuantStub DeQuantStub PixelShuffle PixelUnshuffle"
                  + " ChannelShuffle Permute"
                  + " BatchNorm1d BatchNorm2d BatchNorm3d"
                  + " LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm"
                  + " InstanceNorm1d InstanceNorm2d InstanceNorm3d"
                  + " LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d"
                  + " GroupNorm LayerNorm RMSNorm LocalResponseNorm CrossMapLRN2d"
                  + " Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
                  + " GELU PReLU Upsample UpsamplingNearest2d UpsamplingBilinear2d"
                  + " RNN LSTM GRU Embedding MultiheadAttention")
              .split(" "));

  /** The signatures that were asked for. */
  private static final Map<String, Signature> READ = new ConcurrentHashMap<>();

  private Signatures() {}

  /** The signature of a layer, or null. */
  static @Nullable Signature of(String type) {
    Signature known = READ.get(type);
    if (known != null) {
      return known;
    }
    Signature read = NAMES.contains(type) ? declared(type) : ofActivation(type);
    if (read != null) {
      READ.put(type, read);
    }
    return read;
  }

  /** All names, in alphabetical order. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>(NAMES);
    for (Function function : Function.values()) {
      names.add(function.type());
    }
    return names;
  }

  private static Signature signature(
      String type, String arguments, java.util.function.Function<Arguments, LayerSpec> build) {
    return Signature.of(type, arguments, axes(type), build);
  }

  /** For how many spatial axes a layer is, by its name's end: {@code Conv1d}. */
  private static int axes(String type) {
    return type.endsWith("1d") ? 1 : type.endsWith("3d") ? 3 : 2;
  }

  /**
   * The entry of one of the {@link #NAMES}. Each is made when it is asked for: to make all takes
   * longer than to read a line.
   */
  private static Signature declared(String type) {
    return switch (type) {
      case "Conv1d", "Conv2d", "Conv3d" ->
          signature(type, "in_channels, " + CONV, a -> conv(a.known("in_channels"), a));
      case "LazyConv1d", "LazyConv2d", "LazyConv3d" -> signature(type, CONV, a -> conv(0, a));
      case "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d" ->
          signature(type, "in_channels, " + TRANSPOSED, a -> transposed(a.known("in_channels"), a));
      case "LazyConvTranspose1d", "LazyConvTranspose2d", "LazyConvTranspose3d" ->
          signature(type, TRANSPOSED, a -> transposed(0, a));
      case "MaxPool1d", "MaxPool2d", "MaxPool3d" ->
          signature(
              type,
              "kernel_size, stride=None, padding=0, dilation=1, return_indices=False,"
                  + " ceil_mode=False",
              Signatures::maxPool);
      case "AvgPool1d" ->
          signature(
              type,
              "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
              a -> avgPool(a, OptionalLong.empty()));
      case "AvgPool2d", "AvgPool3d" ->
          signature(
              type,
              "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,"
                  + " divisor_override=None",
              a -> avgPool(a, a.optional("divisor_override")));
      case "LPPool1d", "LPPool2d", "LPPool3d" ->
          signature(
              type, "norm_type, kernel_size, stride=None, ceil_mode=False", Signatures::lpPool);
      case "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d" ->
          signature(type, "output_size", a -> adaptive(AVERAGE, a));
      case "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d" ->
          signature(
              type,
              "output_size, return_indices=False",
              a -> {
                oneOutput(a);
                return adaptive(MAXIMUM, a);
              });
      case "ZeroPad1d", "ZeroPad2d", "ZeroPad3d" ->
          signature(type, "padding", a -> pad(PaddingMode.ZEROS, 0, a));
      case "ConstantPad1d", "ConstantPad2d", "ConstantPad3d" ->
          signature(type, "padding, value", a -> pad(PaddingMode.ZEROS, a.decimal("value"), a));
      case "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d" ->
          signature(type, "padding", a -> pad(PaddingMode.REFLECT, 0, a));
      case "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d" ->
          signature(type, "padding", a -> pad(PaddingMode.REPLICATE, 0, a));
      case "CircularPad1d", "CircularPad2d", "CircularPad3d" ->
          signature(type, "padding", a -> pad(PaddingMode.CIRCULAR, 0, a));
      case "Flatten" ->
          signature(
              type,
              "start_dim=1, end_dim=-1",
              a -> new FlattenSpec(a.axis("start_dim"), a.axis("end_dim")));
      case "Unflatten" ->
          signature(
              type,
              "dim, unflattened_size",
              a -> new UnflattenSpec(a.axis("dim"), a.wholes("unflattened_size")));
      // The last two are what attention has of its own.
      case "Linear", "NonDynamicallyQuantizableLinear", "_LinearWithBias" ->
          signature(type, "in_features, " + LINEAR, a -> linear(a.known("in_features"), a));
      case "LazyLinear" -> signature(type, LINEAR, a -> linear(0, a));
      case "Identity" -> signature(type, "", a -> new IdentitySpec());
      case "QuantStub", "DeQuantStub" -> signature(type, "qconfig=None", a -> new IdentitySpec());
      case "PixelShuffle" ->
          signature(type, "upscale_factor", a -> new PixelShuffleSpec(a.whole("upscale_factor")));
      case "PixelUnshuffle" ->
          signature(
              type,
              "downscale_factor",
              a ->
                  new PixelShuffleSpec(
                      PixelShuffleSpec.Direction.TO_CHANNELS, a.whole("downscale_factor")));
      case "ChannelShuffle" ->
          signature(type, "groups", a -> new ChannelShuffleSpec(a.whole("groups")));
      case "Permute" -> signature(type, "dims", a -> new PermuteSpec(a.axes("dims")));
      case "BatchNorm1d", "BatchNorm2d", "BatchNorm3d" ->
          signature(
              type,
              "num_features, " + NORM,
              a -> batchNorm(kind(type), a.known("num_features"), a));
      case "LazyBatchNorm1d", "LazyBatchNorm2d", "LazyBatchNorm3d" ->
          signature(type, NORM, a -> batchNorm(kind(type.substring("Lazy".length())), 0, a));
      case "SyncBatchNorm" ->
          signature(
              type,
              "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True,"
                  + " process_group=None, device=None, dtype=None, bias=True",
              a -> batchNorm(BatchNormSpec.Kind.SYNC, a.known("num_features"), a));
      case "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d" ->
          signature(
              type,
              "num_features, " + INSTANCE_NORM,
              a -> instanceNorm(a.known("num_features"), a));
      case "LazyInstanceNorm1d", "LazyInstanceNorm2d", "LazyInstanceNorm3d" ->
          signature(type, NORM, a -> instanceNorm(0, a));
      case "GroupNorm" ->
          signature(
              type,
              "num_groups, num_channels, eps=1e-05, affine=True" + FACTORY + ", bias=True",
              a ->
                  new GroupNormSpec(
                      a.whole("num_groups"),
                      a.whole("num_channels"),
                      a.decimal("eps"),
                      affine(a, "affine")));
      case "LayerNorm" ->
          signature(
              type,
              "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True" + FACTORY,
              a ->
                  new LayerNormSpec(
                      a.wholes("normalized_shape"),
                      a.decimal("eps"),
                      affine(a, "elementwise_affine")));
      case "RMSNorm" ->
          signature(
              type,
              "normalized_shape, eps=None, elementwise_affine=True" + FACTORY,
              a ->
                  new RmsNormSpec(
                      a.wholes("normalized_shape"),
                      a.optionalDecimal("eps"),
                      a.flag("elementwise_affine") ? Affine.SCALE : Affine.NONE));
      case "LocalResponseNorm" ->
          signature(
              type,
              "size, alpha=0.0001, beta=0.75, k=1.0",
              a -> localResponse(LocalResponseNormSpec.Kind.LOCAL, a));
      case "CrossMapLRN2d" ->
          signature(
              type,
              "size, alpha=0.0001, beta=0.75, k=1",
              a -> localResponse(LocalResponseNormSpec.Kind.CROSS_MAP, a));
      case "Dropout",
          "Dropout1d",
          "Dropout2d",
          "Dropout3d",
          "AlphaDropout",
          "FeatureAlphaDropout" ->
          signature(type, "p=0.5, inplace=False", a -> new DropoutSpec(unit(type), a.decimal("p")));
      case "GELU" ->
          signature(
              type,
              "approximate='none'",
              a ->
                  ActivationSpec.of(
                      a.choice("approximate", List.of("none", "tanh")).equals("tanh")
                          ? Function.GELU_TANH
                          : Function.GELU));
      case "PReLU" ->
          signature(
              type,
              "num_parameters=1, init=0.25" + FACTORY,
              a -> new PReluSpec(a.whole("num_parameters"), a.decimal("init")));
      case "Upsample" ->
          signature(
              type,
              "size=None, scale_factor=None, mode='nearest', align_corners=None,"
                  + " recompute_scale_factor=None",
              Signatures::upsample);
      case "UpsamplingNearest2d" ->
          signature(
              type, UPSAMPLING, a -> new UpsampleSpec(target(a), Mode.NEAREST, Corners.EDGES));
      case "UpsamplingBilinear2d" ->
          signature(
              type, UPSAMPLING, a -> new UpsampleSpec(target(a), Mode.BILINEAR, Corners.CENTRES));
      case "RNN" ->
          signature(
              type,
              RECURRENT_SIZES + ", nonlinearity='tanh'" + RECURRENT + FACTORY,
              a ->
                  recurrent(
                      RecurrentSpec.Kind.RNN,
                      a,
                      0,
                      a.choice("nonlinearity", List.of("tanh", "relu"))));
      case "LSTM" ->
          signature(
              type,
              RECURRENT_SIZES + RECURRENT + ", proj_size=0" + FACTORY,
              a -> recurrent(RecurrentSpec.Kind.LSTM, a, a.whole("proj_size"), "tanh"));
      case "GRU" ->
          signature(
              type,
              RECURRENT_SIZES + RECURRENT + FACTORY,
              a -> recurrent(RecurrentSpec.Kind.GRU, a, 0, "tanh"));
      case "Embedding" ->
          signature(
              type,
              "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,"
                  + " scale_grad_by_freq=False, sparse=False"
                  + FACTORY,
              a ->
                  new EmbeddingSpec(
                      a.whole("num_embeddings"),
                      a.whole("embedding_dim"),
                      a.optional("padding_idx"),
                      a.optionalDecimal("max_norm")));
      case "MultiheadAttention" ->
          signature(
              type,
              "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False,"
                  + " add_zero_attn=False, kdim=None, vdim=None, batch_first=False"
                  + FACTORY,
              Signatures::attention);
      default -> throw new IllegalStateException(type + " has a name and no entry");
    };
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

  private static LayerSpec maxPool(Arguments a) {
    oneOutput(a);
    return new MaxPoolSpec(pool(a, a.size("dilation")), rounding(a));
  }

  private static LayerSpec avgPool(Arguments a, OptionalLong divisor) {
    return new AvgPoolSpec(
        pool(a, Size.all(a.axes(), 1)),
        rounding(a),
        a.flag("count_include_pad") ? AvgPoolSpec.Divisor.PADDED : AvgPoolSpec.Divisor.UNPADDED,
        divisor);
  }

  private static LayerSpec lpPool(Arguments a) {
    // PyTorch multiplies with the kernel of LPPool1d: a tuple of one is an error
    Size kernel = a.axes() == 1 ? new Size(a.whole("kernel_size")) : a.size("kernel_size");
    Windows window = Windows.of(kernel).withStride(strideOr(kernel, a));
    return new LpPoolSpec(a.decimal("norm_type"), window, rounding(a));
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

  private static LayerSpec linear(long inFeatures, Arguments a) {
    return new LinearSpec(inFeatures, a.whole("out_features"), bias(a));
  }

  private static LayerSpec localResponse(LocalResponseNormSpec.Kind kind, Arguments a) {
    return new LocalResponseNormSpec(
        kind, a.whole("size"), a.decimal("alpha"), a.decimal("beta"), a.decimal("k"));
  }

  private static DropoutSpec.Unit unit(String type) {
    for (DropoutSpec.Unit unit : DropoutSpec.Unit.values()) {
      if (unit.type().equals(type)) {
        return unit;
      }
    }
    throw new IllegalStateException(type);
  }

  private static BatchNormSpec.Kind kind(String type) {
    for (BatchNormSpec.Kind kind : BatchNormSpec.Kind.values()) {
      if (kind.type().equals(type)) {
        return kind;
      }
    }
    throw new IllegalStateException(type);
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

  private static LayerSpec instanceNorm(long features, Arguments a) {
    return new InstanceNormSpec(
        a.axes(),
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

  private static @Nullable Signature ofActivation(String type) {
    for (Function function : Function.values()) {
      if (function.type().equals(type)) {
        return signature(type, declare(function), a -> activation(function, a));
      }
    }
    return null;
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

  private static LayerSpec upsample(Arguments a) {
    return new UpsampleSpec(
        target(a),
        a.choice("mode", List.of(Mode.values())),
        isTrue(a, "align_corners") ? Corners.CENTRES : Corners.EDGES,
        isTrue(a, "recompute_scale_factor") ? Scale.RECOMPUTED : Scale.AS_GIVEN);
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
