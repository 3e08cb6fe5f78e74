package io.github.convlens.cli;

import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.InputSize;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** One convolution, given by options instead of notation. */
final class WindowOptions {
  @Option(
      names = "--kernel",
      required = true,
      converter = Sizes.class,
      paramLabel = "HxW",
      description = "Its kernel: N, or HxW such as 3x5, height first.")
  private Size kernel = Size.ONE;

  @Option(
      names = "--padding",
      paramLabel = "HxW",
      description =
          "Padding per side (default: 0), or valid, same (PyTorch), same_upper, same_lower (ONNX).")
  private @Nullable String padding;

  @Option(
      names = "--stride",
      converter = Sizes.class,
      paramLabel = "HxW",
      description = "Stride (default: 1).")
  private @Nullable Size stride;

  @Option(
      names = "--dilation",
      converter = Sizes.class,
      paramLabel = "HxW",
      description = "Distance of the kernel's taps (default: 1).")
  private @Nullable Size dilation;

  @Option(names = "--groups", paramLabel = "N", description = "Groups of channels (default: 1).")
  private @Nullable Long groups;

  @Option(
      names = "--out-channels",
      paramLabel = "N",
      description = "Output channels (default: one for each group).")
  private @Nullable Long outChannels;

  /** The convolution; its input channels are those of the input. */
  LayerSpec layer(InputSize input) {
    Windows window = naming("--kernel", () -> Windows.of(kernel));
    Windows strided = naming("--stride", () -> stride == null ? window : window.withStride(stride));
    Windows dilated =
        naming("--dilation", () -> dilation == null ? strided : strided.withDilation(dilation));
    Windows padded = naming("--padding", () -> padding == null ? dilated : pad(dilated, padding));
    long groupCount = groups == null ? 1 : groups;
    long in = input.channels().orElse(Math.max(1, groupCount));
    long out = outChannels == null ? Math.max(1, groupCount) : outChannels;
    String option = groups == null ? "--out-channels" : "--groups";
    return naming(
        option, () -> new ConvSpec(in, out, padded, groupCount, Bias.WITH, PaddingMode.ZEROS));
  }

  private static Windows pad(Windows window, String padding) {
    for (Padding.Automatic automatic : Padding.Automatic.values()) {
      if (automatic.word().equals(padding)) {
        return window.withPadding(automatic);
      }
    }
    try {
      return window.withPadding(new Sizes().convert(padding));
    } catch (TypeConversionException e) {
      throw new RequestException(
          "option --padding: '"
              + padding
              + "' is not a padding. Use a number, HEIGHTxWIDTH, valid, same, same_upper or"
              + " same_lower.");
    }
  }

  private static <T> T naming(String option, Supplier<T> supplier) {
    try {
      return supplier.get();
    } catch (ShapeException e) {
      throw new RequestException("option " + option + ": " + e.getMessage());
    }
  }
}
