package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LpPoolSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PoolSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Layers with windows, over one, two or three axes. */
final class WindowTexts {
  private WindowTexts() {}

  static OperatorText convolution(ConvSpec layer) {
    return (inputs, mode) -> {
      Windows window = layer.window();
      Optional<Size> perSide = perSide(layer);
      String x =
          perSide.isPresent()
              ? "x"
              : pad("x", sides(window, inputs.get(0)), layer.paddingMode(), 0);
      return Lines.of(
          Scripts.call(
              "conv" + layer.spatialAxes() + "d",
              x,
              "weight",
              layer.biases() > 0 ? "bias" : "None",
              Scripts.list(window.stride()),
              Scripts.list(perSide.orElse(Size.all(layer.spatialAxes(), 0))),
              Scripts.list(window.dilation()),
              layer.groups()));
    };
  }

  /** The zeros on both sides of each axis; empty where others are wanted. */
  static Optional<Size> perSide(ConvSpec layer) {
    return layer.paddingMode() == PaddingMode.ZEROS ? perSide(layer.window()) : Optional.empty();
  }

  static Optional<Size> perSide(Windows window) {
    Padding padding = window.padding();
    if (padding == Padding.Automatic.VALID) {
      return Optional.of(Size.all(window.axes().size(), 0));
    }
    return padding instanceof Padding.Explicit sides && sides.isSymmetric()
        ? Optional.of(sides.perSide())
        : Optional.empty();
  }

  static OperatorText transposed(ConvTransposeSpec layer) {
    return OperatorText.of(
        Scripts.call(
            "conv_transpose" + layer.spatialAxes() + "d",
            "x",
            "weight",
            layer.biases() > 0 ? "bias" : "None",
            Scripts.list(layer.stride()),
            Scripts.list(layer.padding()),
            Scripts.list(layer.outputPadding()),
            layer.groups(),
            Scripts.list(layer.dilation())));
  }

  static OperatorText padding(PadSpec layer) {
    List<Long> sides = new ArrayList<>();
    for (Axis axis : layer.before().axes()) {
      sides.add(0, layer.after().on(axis)); // PyTorch names the last axis first
      sides.add(0, layer.before().on(axis));
    }
    return OperatorText.of(pad("x", sides, layer.mode(), layer.value()));
  }

  private static String pad(String x, List<Long> sides, PaddingMode mode, double value) {
    String name = "'" + (mode == PaddingMode.ZEROS ? "constant" : mode.toString()) + "'";
    String constant = mode == PaddingMode.ZEROS ? Scripts.number(value) : "None";
    return Scripts.call("pad", x, Scripts.list(sides), name, constant);
  }

  /** What stands around an input before and after each axis, the last axis first. */
  private static List<Long> sides(Windows windows, Shape input) {
    List<Long> sides = new ArrayList<>();
    for (Axis axis : windows.axes()) {
      Window window = windows.on(axis, axis.of(input));
      sides.add(0, window.padAfter());
      sides.add(0, window.padBefore());
    }
    return sides;
  }

  /** With its padding around it, and the rest behind for all windows to fit, or cut off. */
  private static String fitted(String x, PoolSpec layer, Shape input, double padding, double rest) {
    List<Long> sides = sides(layer.window(), input);
    List<Long> behind = new ArrayList<>();
    for (Axis axis : layer.window().axes()) {
      long size = axis.of(input);
      Window window = layer.window().on(axis, size);
      long places = window.outputSize(size, layer.rounding());
      long end = (places - 1) * window.stride() + window.span();
      behind.add(0, end - window.padBefore() - size - window.padAfter());
      behind.add(0, 0L);
    }
    return pad(pad(x, sides, PaddingMode.ZEROS, padding), behind, PaddingMode.ZEROS, rest);
  }

  static OperatorText maximum(MaxPoolSpec layer) {
    return (inputs, mode) -> {
      Optional<Size> perSide = perSide(layer.window());
      double lowest = Double.NEGATIVE_INFINITY;
      String x = perSide.isPresent() ? "x" : fitted("x", layer, inputs.get(0), lowest, lowest);
      return Lines.of(
          pool(
              "max_pool" + layer.spatialAxes() + "d",
              x,
              layer,
              perSide,
              Scripts.list(layer.window().dilation()),
              perSide.isPresent() ? isCeil(layer) : "False"));
    };
  }

  static OperatorText average(AvgPoolSpec layer) {
    return (inputs, mode) -> {
      Optional<Size> perSide = perSide(layer.window());
      if (perSide.isPresent()) {
        return Lines.of(average("x", layer, perSide, isCeil(layer)));
      }
      String mean = average(fitted("x", layer, inputs.get(0), 0, 0), layer, perSide, "False");
      if (layer.divisorOverride().isPresent()) {
        return Lines.of(mean);
      }
      // The share of a window that counts is the mean of ones.
      double counted = layer.divisor() == AvgPoolSpec.Divisor.PADDED ? 1 : 0;
      String ones = fitted(Scripts.call("ones_like", "x"), layer, inputs.get(0), counted, 0);
      return Lines.of(Scripts.call("div", mean, average(ones, layer, perSide, "False")));
    };
  }

  private static String average(
      String x, AvgPoolSpec layer, Optional<Size> perSide, String isCeil) {
    String name = "avg_pool" + layer.spatialAxes() + "d";
    String padded = Scripts.truth(layer.divisor() == AvgPoolSpec.Divisor.PADDED);
    if (layer.spatialAxes() == 1) {
      return pool(name, x, layer, perSide, isCeil, padded); // it knows no other divisor
    }
    String divisor =
        layer.divisorOverride().isPresent()
            ? Long.toString(layer.divisorOverride().getAsLong())
            : "None";
    return pool(name, x, layer, perSide, isCeil, padded, divisor);
  }

  private static String pool(
      String name, String x, PoolSpec layer, Optional<Size> perSide, Object... rest) {
    Windows window = layer.window();
    List<Object> all = new ArrayList<>();
    all.add(x);
    all.add(Scripts.list(window.kernel()));
    all.add(Scripts.list(window.stride()));
    all.add(Scripts.list(perSide.orElse(Size.all(layer.spatialAxes(), 0))));
    all.addAll(List.of(rest));
    return Scripts.call(name, all.toArray());
  }

  private static String isCeil(PoolSpec layer) {
    return Scripts.truth(layer.rounding() == Rounding.CEIL);
  }

  /** The root of the sum of powers, which PyTorch finds as a mean times the number of taps. */
  static OperatorText power(LpPoolSpec layer) {
    String powers = Scripts.call("pow", "x", layer.norm());
    String mean =
        pool(
            "avg_pool" + layer.spatialAxes() + "d",
            powers,
            layer,
            Optional.empty(),
            isCeil(layer),
            "True");
    long taps = 1;
    for (Axis axis : layer.window().axes()) {
      taps *= layer.window().kernel().on(axis);
    }
    String positive =
        Scripts.call("mul", Scripts.call("sign", "m"), Scripts.call("relu", "torch.abs(m)"));
    String root = Scripts.call("pow", Scripts.call("mul", positive, taps), 1 / layer.norm());
    return (inputs, mode) -> new Lines(List.of("m = " + mean), List.of(root));
  }

  static OperatorText adaptive(AdaptivePoolSpec layer) {
    return (inputs, mode) -> {
      Shape output = layer.output(inputs.get(0));
      List<Long> sizes = Axis.in(output).stream().map(axis -> axis.of(output)).toList();
      boolean isMaximum = layer.reduction() == AdaptivePoolSpec.Reduction.MAXIMUM;
      String name = "adaptive_" + (isMaximum ? "max" : "avg") + "_pool" + sizes.size() + "d";
      String call = Scripts.call(name, "x", Scripts.list(sizes));
      return isMaximum ? new Lines(List.of("y, places, = " + call), List.of("y")) : Lines.of(call);
    };
  }
}
