package io.github.convlens.engine;

import io.github.convlens.layer.Size;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Numbers and lists as TorchScript writes them. */
final class Scripts {
  private Scripts() {}

  /** {@code [2, 2]}. */
  static String list(Size size) {
    return list(size.axes().stream().map(size::on).toList());
  }

  /** {@code [1, 2]}. */
  static String list(Collection<? extends Number> numbers) {
    return numbers.stream()
        .map(each -> each instanceof Double real ? number(real) : each.toString())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A floating-point number. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "float('nan')";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "float('inf')" : "float('-inf')";
    }
    return Double.toString(value);
  }

  static String truth(boolean value) {
    return value ? "True" : "False";
  }

  /** {@code torch.NAME(argument, ...)}. */
  static String call(String name, Object... arguments) {
    return List.of(arguments).stream()
        .map(each -> each instanceof Double real ? number(real) : each.toString())
        .collect(Collectors.joining(", ", "torch." + name + "(", ")"));
  }
}
