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
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** One convolution, given by options instead of notation. */
final class WindowOptions implements Arguments {
  private final Argument<Size> kernel =
      Argument.option("--kernel")
          .required()
          .says("Its kernel: N, or HxW such as 3x5, height first.")
          .read("HxW", Size.class, new Sizes());

  private final Argument<String> padding =
      Argument.option("--padding")
          .says(
              "Padding per side (default: 0), or valid, same (PyTorch), same_upper, same_lower (ONNX).")
          .text("HxW");

  private final Argument<Size> stride =
      Argument.option("--stride").says("Stride (default: 1).").read("HxW", Size.class, new Sizes());

  private final Argument<Size> dilation =
      Argument.option("--dilation")
          .says("Distance of the kernel's taps (default: 1).")
          .read("HxW", Size.class, new Sizes());

  private final Argument<Long> groups =
      Argument.option("--groups").says("Groups of channels (default: 1).").number();

  private final Argument<Long> outChannels =
      Argument.option("--out-channels")
          .says("Output channels (default: one for each group).")
          .number();

  @Override
  public void addTo(CommandSpec command) {
    command.addArgGroup(
        ArgGroupSpec.builder()
            .exclusive(false)
            .heading("%nOne convolution by its numbers, instead of LAYERS:%n")
            .addArg(kernel.spec())
            .addArg(padding.spec())
            .addArg(stride.spec())
            .addArg(dilation.spec())
            .addArg(groups.spec())
            .addArg(outChannels.spec())
            .build());
  }

  /** Whether a convolution is given so. */
  boolean isGiven() {
    return kernel.hasValue();
  }

  /** The convolution; its input channels are those of the input. */
  LayerSpec layer(InputSize input) {
    Windows window = naming("--kernel", () -> Windows.of(kernel.value()));
    Windows strided = naming("--stride", () -> window.withStride(stride.orElse(window.stride())));
    Windows dilated =
        naming("--dilation", () -> strided.withDilation(dilation.orElse(strided.dilation())));
    String asked = padding.orNull();
    Windows padded = naming("--padding", () -> asked == null ? dilated : pad(dilated, asked));
    long groupCount = groups.orElse(1L);
    long in = input.channels().orElse(Math.max(1, groupCount));
    long out = outChannels.orElse(Math.max(1, groupCount));
    String option = groups.hasValue() ? "--groups" : "--out-channels";
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
