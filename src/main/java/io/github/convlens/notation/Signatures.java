package io.github.convlens.notation;

import static io.github.convlens.layer.AdaptivePool2dSpec.Reduction.AVERAGE;
import static io.github.convlens.layer.AdaptivePool2dSpec.Reduction.MAXIMUM;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.Pad2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Target;
import io.github.convlens.layer.Window2d;
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
      case 0 -> convolutions();
      case 1 -> pools();
      case 2 -> shapes();
      case 3 -> activations();
      case 4 -> norms();
      case 5 -> pads();
      case 6 -> upsampling();
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
    TABLE.put(type, Signature.of(type, arguments, build));
  }

  private static void convolutions() {
    entry("Conv2d", "in_channels, " + CONV, a -> conv(a.known("in_channels"), a));
    entry("LazyConv2d", CONV, a -> conv(0, a));
    entry(
        "ConvTranspose2d",
        "in_channels, " + TRANSPOSED,
        a -> transposed(a.known("in_channels"), a));
    entry("LazyConvTranspose2d", TRANSPOSED, a -> transposed(0, a));
  }

  private static LayerSpec conv(long inChannels, Arguments a) {
    Window2d window =
        new Window2d(
            a.size("kernel_size"), a.size("stride"), a.padding("padding"), a.size("dilation"));
    return new Conv2dSpec(
        inChannels,
        a.whole("out_channels"),
        window,
        a.whole("groups"),
        bias(a),
        a.choice("padding_mode", PADDING_MODES));
  }

  private static LayerSpec transposed(long inChannels, Arguments a) {
    a.choice("padding_mode", List.of(PaddingMode.ZEROS));
    return new ConvTranspose2dSpec(
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

  private static void pools() {
    entry(
        "MaxPool2d",
        "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        a -> {
          oneOutput(a);
          return new MaxPool2dSpec(pool(a, a.size("dilation")), rounding(a));
        });
    entry(
        "AvgPool2d",
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,"
            + " divisor_override=None",
        a ->
            new AvgPool2dSpec(
                pool(a, Size.ONE),
                rounding(a),
                a.flag("count_include_pad")
                    ? AvgPool2dSpec.Divisor.PADDED
                    : AvgPool2dSpec.Divisor.UNPADDED,
                a.optional("divisor_override")));
    entry("AdaptiveAvgPool2d", "output_size", a -> adaptive(AVERAGE, a));
    entry(
        "AdaptiveMaxPool2d",
        "output_size, return_indices=False",
        a -> {
          oneOutput(a);
          return adaptive(MAXIMUM, a);
        });
  }

  private static void oneOutput(Arguments a) {
    if (a.flag("return_indices")) {
      throw a.conflict(
          "return_indices",
          "return_indices=True makes two outputs, and layers here have one.",
          "Leave it out.");
    }
  }

  private static Window2d pool(Arguments a, Size dilation) {
    Size kernel = a.size("kernel_size");
    Size stride = a.isNone("stride") ? kernel : a.size("stride");
    return new Window2d(kernel, stride, a.padding("padding"), dilation);
  }

  private static LayerSpec adaptive(AdaptivePool2dSpec.Reduction reduction, Arguments a) {
    var sizes = a.optionalSizes("output_size");
    return new AdaptivePool2dSpec(reduction, sizes.get(0), sizes.get(1));
  }

  private static void pads() {
    entry("ZeroPad2d", "padding", a -> pad(PaddingMode.ZEROS, 0, a));
    entry("ConstantPad2d", "padding, value", a -> pad(PaddingMode.ZEROS, a.decimal("value"), a));
    entry("ReflectionPad2d", "padding", a -> pad(PaddingMode.REFLECT, 0, a));
    entry("ReplicationPad2d", "padding", a -> pad(PaddingMode.REPLICATE, 0, a));
    entry("CircularPad2d", "padding", a -> pad(PaddingMode.CIRCULAR, 0, a));
  }

  private static LayerSpec pad(PaddingMode mode, double value, Arguments a) {
    long[] sides = a.sides("padding");
    return new Pad2dSpec(mode, value, sides[0], sides[1], sides[2], sides[3]);
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
    entry(
        "Linear",
        "in_features, out_features, bias=True" + FACTORY,
        a -> new LinearSpec(a.known("in_features"), a.whole("out_features"), bias(a)));
    entry(
        "LazyLinear",
        "out_features, bias=True" + FACTORY,
        a -> new LinearSpec(0, a.whole("out_features"), bias(a)));
    entry("Identity", "", a -> new IdentitySpec());
    entry("PixelShuffle", "upscale_factor", a -> new PixelShuffleSpec(a.whole("upscale_factor")));
    String dropout = "p=0.5, inplace=False";
    entry("Dropout", dropout, a -> new DropoutSpec(DropoutSpec.Unit.ELEMENT, a.decimal("p")));
    entry("Dropout2d", dropout, a -> new DropoutSpec(DropoutSpec.Unit.CHANNEL, a.decimal("p")));
  }

  private static void norms() {
    entry("BatchNorm2d", "num_features, " + NORM, a -> batchNorm(a.known("num_features"), a));
    // It differs in where a batch's statistics come from, which no shape or count shows.
    entry(
        "SyncBatchNorm",
        "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True,"
            + " process_group=None, device=None, dtype=None, bias=True",
        a -> batchNorm(a.known("num_features"), a));
    entry("LazyBatchNorm2d", NORM, a -> batchNorm(0, a));
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
        "InstanceNorm2d", // a group for each channel
        "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False"
            + FACTORY
            + ", bias=True",
        a ->
            new GroupNormSpec(
                a.whole("num_features"),
                a.whole("num_features"),
                a.decimal("eps"),
                affine(a, "affine")));
    entry(
        "LayerNorm",
        "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True" + FACTORY,
        a ->
            new LayerNormSpec(
                a.wholes("normalized_shape"), a.decimal("eps"), affine(a, "elementwise_affine")));
    entry(
        "LocalResponseNorm",
        "size, alpha=0.0001, beta=0.75, k=1.0",
        a ->
            new LocalResponseNormSpec(
                a.whole("size"), a.decimal("alpha"), a.decimal("beta"), a.decimal("k")));
  }

  private static LayerSpec batchNorm(long features, Arguments a) {
    double momentum =
        a.isNone("momentum") ? BatchNorm2dSpec.DEFAULT_MOMENTUM : a.decimal("momentum");
    return new BatchNorm2dSpec(features, a.decimal("eps"), momentum, affine(a, "affine"));
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
      boolean axis = parameter.name().equals("dim");
      arguments.add(parameter.name() + "=" + (axis ? "None" : parameter.defaultValue()));
    }
    switch (function) {
      case RELU, RELU6, LEAKY_RELU, ELU, CELU, SELU, SILU, MISH, HARDSWISH, HARDSIGMOID, HARDTANH ->
          arguments.add("inplace=False");
      default -> {}
    }
    return String.join(", ", arguments);
  }

  private static LayerSpec activation(Function function, Arguments a) {
    List<Double> numbers = new ArrayList<>();
    for (ActivationSpec.Parameter parameter : function.parameters()) {
      if (!parameter.name().equals("dim")) {
        numbers.add(a.decimal(parameter.name()));
      } else {
        numbers.add(a.isNone("dim") ? parameter.defaultValue() : a.axis("dim"));
      }
    }
    return new ActivationSpec(function, numbers);
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
                !a.isNone("align_corners") && a.flag("align_corners")
                    ? Corners.CENTRES
                    : Corners.EDGES));
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

  private static Target target(Arguments a) {
    if (a.isNone("size") == a.isNone("scale_factor")) {
      throw a.conflict(
          "scale_factor",
          "an upsampling layer takes either size or scale_factor.",
          "Write scale_factor=2 or size=(16, 24).");
    }
    if (!a.isNone("size")) {
      return new Target.To(a.size("size"));
    }
    double[] factors = a.factors("scale_factor");
    return new Target.By(factors[0], factors[1]);
  }
}
