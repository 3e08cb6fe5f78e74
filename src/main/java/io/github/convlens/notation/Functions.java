package io.github.convlens.notation;

import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Text;
import io.github.convlens.notation.Value.Tuple;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The functions that a recipe can call, named as in torch and torch.nn.functional. Most are layers
 * of PyTorch under another name, with the same arguments.
 */
final class Functions {
  /** Runs children one behind the other: {@code in_order(layers, x)}. */
  static final String IN_ORDER = "in_order";

  /** Learned numbers: {@code x * parameter('layer_scale', 96, 1, 1)}. */
  static final String PARAMETER = "parameter";

  /** What is asked of layers. */
  static final Set<String> QUANTITIES =
      Set.of("stride", "dilation", "kernel_size", "groups", "in_channels", "out_channels");

  /** What is asked of children and lists, and calls of several arrays: {@link RecipeFunctions}. */
  private static final Set<String> OTHERS =
      Set.of(
          IN_ORDER,
          PARAMETER,
          "super",
          "prepend",
          "cat",
          "sum",
          "matmul",
          "attention",
          "interpolate_like",
          "pad_like",
          "crop_like",
          "map_like",
          "rows_like",
          "sqrt",
          "len",
          "range",
          "zip",
          "reversed",
          "type",
          "stride",
          "dilation",
          "kernel_size",
          "groups",
          "in_channels",
          "out_channels");

  private static final Map<String, String> LAYERS =
      Map.ofEntries(
          Map.entry("relu", "ReLU"),
          Map.entry("relu6", "ReLU6"),
          Map.entry("leaky_relu", "LeakyReLU"),
          Map.entry("elu", "ELU"),
          Map.entry("selu", "SELU"),
          Map.entry("celu", "CELU"),
          Map.entry("gelu", "GELU"),
          Map.entry("silu", "SiLU"),
          Map.entry("mish", "Mish"),
          Map.entry("sigmoid", "Sigmoid"),
          Map.entry("hardsigmoid", "Hardsigmoid"),
          Map.entry("hardswish", "Hardswish"),
          Map.entry("hardtanh", "Hardtanh"),
          Map.entry("tanh", "Tanh"),
          Map.entry("softplus", "Softplus"),
          Map.entry("softmax", "Softmax"),
          Map.entry("log_softmax", "LogSoftmax"),
          Map.entry("glu", "GLU"),
          Map.entry("layer_norm", "LayerNorm"),
          Map.entry("dropout", "Dropout"),
          Map.entry("max_pool1d", "MaxPool1d"),
          Map.entry("max_pool2d", "MaxPool2d"),
          Map.entry("max_pool3d", "MaxPool3d"),
          Map.entry("avg_pool1d", "AvgPool1d"),
          Map.entry("avg_pool2d", "AvgPool2d"),
          Map.entry("avg_pool3d", "AvgPool3d"),
          Map.entry("adaptive_avg_pool1d", "AdaptiveAvgPool1d"),
          Map.entry("adaptive_avg_pool2d", "AdaptiveAvgPool2d"),
          Map.entry("adaptive_avg_pool3d", "AdaptiveAvgPool3d"),
          Map.entry("adaptive_max_pool1d", "AdaptiveMaxPool1d"),
          Map.entry("adaptive_max_pool2d", "AdaptiveMaxPool2d"),
          Map.entry("adaptive_max_pool3d", "AdaptiveMaxPool3d"),
          Map.entry("interpolate", "Upsample"),
          Map.entry("pixel_shuffle", "PixelShuffle"),
          Map.entry("pixel_unshuffle", "PixelUnshuffle"),
          Map.entry("channel_shuffle", "ChannelShuffle"),
          Map.entry("unflatten", "Unflatten"));

  private static final Set<String> SHAPES =
      Set.of("flatten", "mean", "reshape", "permute", "pad", "chunk", "split", "blur");

  /** The names of arguments of {@link #SHAPES}. */
  private static final Map<String, List<String>> SHAPE_ARGUMENTS =
      Map.of(
          "flatten", List.of("start_dim", "end_dim"),
          "mean", List.of("dim", "keepdim"),
          "reshape", List.of("shape"),
          "permute", List.of("dims"),
          "pad", List.of("pad", "mode"),
          "chunk", List.of("chunks", "dim"),
          "split", List.of("dim"),
          "blur", List.of("kernel_size", "stride"));

  private Functions() {}

  /** Whether a function computes something of a single array. */
  static boolean isOfOneArray(String name) {
    return LAYERS.containsKey(name) || SHAPES.contains(name);
  }

  static boolean isKnown(String name) {
    return LAYERS.containsKey(name) || SHAPES.contains(name) || OTHERS.contains(name);
  }

  /** The layer that does what a function of torch.nn.functional does. */
  static Optional<String> layer(String function) {
    String layer = LAYERS.get(function);
    return Optional.ofNullable(layer == null && function.equals("flatten") ? "Flatten" : layer);
  }

  static Set<String> names() {
    Set<String> names = new TreeSet<>(LAYERS.keySet());
    names.addAll(SHAPES);
    names.addAll(OTHERS);
    return names;
  }

  /**
   * The numbers of a call: those by position and those by name.
   *
   * @param source the recipe file
   * @param position where the call stands in it
   */
  record Call(
      String name, List<Value> numbers, Map<String, Value> named, Source source, int position) {
    /** The layer that a function of one array computes. */
    LayerSpec layer() {
      try {
        String type = LAYERS.get(name);
        return type != null ? ofType(type) : shape();
      } catch (ShapeException e) {
        throw source.error(position, e);
      }
    }

    private LayerSpec ofType(String type) {
      Signature signature = Signatures.of(type);
      if (signature == null) {
        throw new IllegalStateException(type + " is not known");
      }
      Arguments arguments = new Arguments(source, signature, position);
      for (int i = 0; i < numbers.size(); i++) {
        arguments.set(i, numbers.get(i), position);
      }
      named.forEach((name, value) -> arguments.set(name, position, value, position));
      if (signature.indexOf("dim") == 0 && numbers.isEmpty() && !named.containsKey("dim")) {
        arguments.set(0, new Whole(1), position);
      }
      arguments.check();
      return signature.build().apply(arguments);
    }

    private LayerSpec shape() {
      checkNames(SHAPE_ARGUMENTS.getOrDefault(name, List.of()));
      List<Long> wholes = wholes(numbers.isEmpty() ? named(name) : numbers);
      return switch (name) {
        case "flatten" ->
            new FlattenSpec(
                (int) at(wholes, 0, "start_dim", 1), (int) at(wholes, 1, "end_dim", -1));
        case "mean" ->
            new MeanSpec(
                wholes.stream().map(Long::intValue).toList(),
                named.get("keepdim") == Constant.TRUE ? MeanSpec.Axes.KEPT : MeanSpec.Axes.DROPPED);
        case "reshape" -> new ReshapeSpec(wholes);
        case "permute" ->
            new io.github.convlens.layer.PermuteSpec(wholes.stream().map(Long::intValue).toList());
        case "pad" -> pad(wholes);
        case "blur" -> blur(at(wholes, 0, "kernel_size", 3), at(wholes, 1, "stride", 1));
        case "chunk" ->
            new SplitSpec(
                (int) at(wholes, 1, "dim", 1),
                new SplitSpec.Parts.Chunks(at(wholes, 0, "chunks", 2)));
        case "split" ->
            new SplitSpec((int) at(List.of(), 0, "dim", 1), new SplitSpec.Parts.Sizes(wholes));
        default -> throw new IllegalStateException(name + " is no function of one array");
      };
    }

    private static BlurSpec blur(long kernel, long stride) {
      return new BlurSpec(Windows.of(Size.all(2, kernel)).withStride(Size.all(2, stride)));
    }

    /** The numbers of mean, reshape and permute, given by name. */
    private List<Value> named(String function) {
      Value value =
          switch (function) {
            case "mean" -> named.get("dim");
            case "reshape" -> named.get("shape");
            case "permute" -> named.get("dims");
            case "pad" -> named.get("pad");
            default -> null;
          };
      return value == null ? List.of() : List.of(value);
    }

    /** Rejects names that a function does not have. */
    void checkNames(List<String> known) {
      for (String given : named.keySet()) {
        if (!known.contains(given)) {
          throw source.error(
              position,
              name + " has no argument called " + given + ".",
              known.isEmpty() ? "Leave it out." : "Use " + String.join(", ", known) + ".");
        }
      }
    }

    /** Sides as torch.nn.functional.pad takes them: the last axis first. */
    private LayerSpec pad(List<Long> sides) {
      if (sides.isEmpty() || sides.size() > 6 || sides.size() % 2 != 0) {
        throw source.error(
            position,
            "pad takes two numbers for each axis, the last axis first, not " + sides + ".",
            "Write pad(x, [1, 1, 2, 2]).");
      }
      int axes = sides.size() / 2;
      long[] before = new long[axes];
      long[] after = new long[axes];
      for (int i = 0; i < axes; i++) {
        before[axes - 1 - i] = sides.get(2 * i);
        after[axes - 1 - i] = sides.get(2 * i + 1);
      }
      return new PadSpec(mode(), 0, new Size(before), new Size(after));
    }

    private PaddingMode mode() {
      String word = named.get("mode") instanceof Text text ? text.value() : "zeros";
      for (PaddingMode mode : PaddingMode.values()) {
        if (mode.toString().equals(word)) {
          return mode;
        }
      }
      throw source.error(
          position,
          "'" + word + "' is not a mode of padding.",
          "Use reflect, replicate, circular.");
    }

    /** A number by position or by name. */
    long at(List<Long> wholes, int index, String argument, long usual) {
      if (index < wholes.size()) {
        return wholes.get(index);
      }
      return named.get(argument) instanceof Whole whole ? whole.value() : usual;
    }

    private List<Long> wholes(List<Value> values) {
      List<Long> wholes = new ArrayList<>();
      for (Value value : values) {
        if (value instanceof Tuple tuple) {
          wholes.addAll(wholes(tuple.items()));
        } else if (value instanceof Whole whole) {
          wholes.add(whole.value());
        } else {
          throw source.error(
              position, name + " takes whole numbers, not " + value.describe() + ".", "Use one.");
        }
      }
      return Collections.unmodifiableList(wholes);
    }
  }

  /** Several arrays behind each other; axis 1 unless another is given. */
  static ConcatenationSpec cat(Call call) {
    call.checkNames(List.of("dim"));
    return new ConcatenationSpec((int) call.at(call.wholes(call.numbers()), 0, "dim", 1));
  }

  /** How a function brings an array to the size of another. */
  static FitSpec.How fit(Call call) {
    return switch (call.name()) {
      case "pad_like" -> FitSpec.How.PAD;
      case "crop_like" -> FitSpec.How.CROP;
      case "map_like" -> FitSpec.How.TOKENS;
      case "rows_like" -> FitSpec.How.ROWS;
      default -> call.named().containsKey("mode") ? FitSpec.How.LINEAR : FitSpec.How.NEAREST;
    };
  }
}
