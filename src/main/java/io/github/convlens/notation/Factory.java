package io.github.convlens.notation;

import io.github.convlens.notation.internal.Nearest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PyTorch's layers are told about their parameters when these are made: {@code
 * dtype=torch.float16, device='cuda'}. It changes no shape, but PyTorch makes no layer of a type or
 * a device that there is not. A variable of Python's may hold any.
 */
final class Factory {
  private static final String TORCH = "torch.";

  /** The types of numbers that a parameter can have; their names in {@code torch}. */
  private static final List<String> TYPES =
      List.of(
          "float32",
          "float64",
          "float16",
          "bfloat16",
          "float",
          "double",
          "half",
          "complex32",
          "complex64",
          "complex128",
          "chalf",
          "cfloat",
          "cdouble");

  /** Those that are types, too, but of no parameter. */
  private static final Pattern OTHER_TYPES =
      Pattern.compile(
          "u?int(8|16|32|64)|short|int|long|bool|q?u?int\\d+x?\\d*|qint32|bits\\w+|float\\d_\\w+");

  private static final List<String> DEVICES =
      List.of(
          "cpu",
          "cuda",
          "mps",
          "meta",
          "xpu",
          "hpu",
          "xla",
          "ipu",
          "mtia",
          "maia",
          "hip",
          "ve",
          "fpga",
          "lazy",
          "vulkan",
          "mkldnn",
          "opengl",
          "opencl",
          "ideep",
          "privateuseone");

  private static final Pattern DEVICE = Pattern.compile("([a-z]+)(:\\d+)?");

  private Factory() {}

  /** Why something is refused. */
  record Refusal(String rule, String remedy) {}

  /** Why there can be no parameters of a type; null where there can. */
  static @Nullable Refusal type(Value value) {
    if (value == Value.Constant.NONE) {
      return null;
    }
    if (!(value instanceof Value.Word word)) {
      return new Refusal(
          "dtype takes a type of torch, not " + Arguments.shortened(value.describe()) + ".",
          "Write dtype=torch.float32.");
    }
    String name = word.value();
    if (!name.startsWith(TORCH)) {
      return name.equals("int") || name.equals("bool") ? notFloating(name) : null;
    }
    String type = name.substring(TORCH.length());
    if (TYPES.contains(type)) {
      return null;
    }
    return OTHER_TYPES.matcher(type).matches() ? notFloating(name) : unknownType(type);
  }

  private static Refusal notFloating(String name) {
    return new Refusal(
        "parameters are learned, and numbers of type " + name + " cannot be.",
        "Use torch.float32, torch.float64, torch.float16 or torch.bfloat16.");
  }

  private static Refusal unknownType(String type) {
    return new Refusal(
        "torch has no type " + Arguments.shortened(type) + ".",
        Nearest.of(type, TYPES).map(near -> "Did you mean torch." + near + "? ").orElse("")
            + "Use torch.float32, torch.float64, torch.float16 or torch.bfloat16.");
  }

  /** Why there can be no parameters on a device; null where there can, on some machine. */
  static @Nullable Refusal device(Value value) {
    boolean isVariable = value instanceof Value.Word;
    boolean isNumber = value instanceof Value.Whole whole && whole.value() >= 0;
    if (value == Value.Constant.NONE || isVariable || isNumber) {
      return null;
    }
    if (value instanceof Value.Tuple pair
        && pair.items().size() == 2
        && pair.items().get(1) instanceof Value.Whole index
        && index.value() >= 0) {
      return device(pair.items().get(0)); // torch.device('cuda', 0)
    }
    if (value instanceof Value.Text text) {
      Matcher matcher = DEVICE.matcher(text.value());
      if (matcher.matches() && DEVICES.contains(matcher.group(1))) {
        return null;
      }
    }
    return new Refusal(
        "there is no device like " + Arguments.shortened(value.describe()) + ".",
        "Use 'cpu', 'cuda', 'cuda:0', 'mps' or 'meta'.");
  }
}
