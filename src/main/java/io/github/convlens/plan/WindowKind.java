package io.github.convlens.plan;

import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Exact;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Layers with a window, by the formula of their output's size and by what they allow. */
public enum WindowKind {
  /** {@code floor((input + 2 x padding - span) / stride) + 1}. */
  CONVOLUTION("convolution", "convolutions"),
  /**
   * The same with padding &lt;= kernel / 2: PyTorch's maximum pooling; those with dilation 1 are
   * average pooling's, too.
   */
  POOL("pool", "pools"),
  /** Pools that round up, as {@code ceil_mode=True} does. */
  CEIL_POOL("pool with ceil_mode", "pools with ceil_mode"),
  /**
   * {@code (input - 1) x stride - 2 x padding + span + outputPadding}, outputPadding below stride
   * or dilation.
   */
  TRANSPOSED_CONVOLUTION("transposed convolution", "transposed convolutions");

  private final String words;
  private final String plural;

  WindowKind(String words, String plural) {
    this.words = words;
    this.plural = plural;
  }

  /** So many of them: {@code 1 pool}, {@code 2 pools}. */
  public String count(long number) {
    return number + " " + (number == 1 ? words : plural);
  }

  /** Whether the layer takes this padding: pools take half of their kernel at most. */
  boolean allows(long kernel, long padding) {
    return !isPool() || padding <= kernel / 2;
  }

  boolean isPool() {
    return this == POOL || this == CEIL_POOL;
  }

  /**
   * The window with the output padding that comes nearest to the wanted size: below stride or
   * dilation; 0 for other kinds than transposed convolutions.
   */
  WindowNumbers withOutputPadding(WindowNumbers plain, long input, long wanted) {
    if (this != TRANSPOSED_CONVOLUTION) {
      return plain;
    }
    long most = Math.max(plain.stride(), plain.dilation()) - 1;
    long more = Math.max(0, Math.min(most, wanted - output(plain, input)));
    return new WindowNumbers(
        plain.kernel(), plain.stride(), plain.padding(), plain.dilation(), more);
  }

  /** The output's size, below 1 where the window does not fit. */
  long output(WindowNumbers numbers, long input) {
    if (this == TRANSPOSED_CONVOLUTION) {
      long full = Exact.add(Exact.multiply(input - 1, numbers.stride()), numbers.span());
      return Exact.add(full, numbers.outputPadding()) - 2 * numbers.padding();
    }
    long room = Exact.add(input, 2 * numbers.padding()) - numbers.span();
    if (this == CEIL_POOL && room > -numbers.stride()) {
      return numbers.window().outputSize(input, Rounding.CEIL);
    }
    return room < 0 ? 0 : room / numbers.stride() + 1;
  }

  /**
   * The order of {@link Solver}'s answers: what practitioners use comes first, dilation 1 before
   * all others.
   *
   * @param input the given size
   * @param output the size that the windows make
   */
  Comparator<WindowNumbers> order(long input, long output) {
    return new UsualOrder(this, input, output);
  }

  /**
   * The formula with its numbers and its value, for people: {@code floor((224 + 1 + 1 - 3) / 2) + 1
   * = 112}.
   */
  String explain(WindowNumbers numbers, long input) {
    if (this == TRANSPOSED_CONVOLUTION) {
      return ("(" + input + " - 1) x " + numbers.stride() + " + " + numbers.span())
          + (" + " + numbers.outputPadding() + " - 2 x " + numbers.padding())
          + (" = " + output(numbers, input));
    }
    Window window = numbers.window();
    return window.explain(input, this == CEIL_POOL ? Rounding.CEIL : Rounding.FLOOR);
  }

  /**
   * A layer with these numbers; pools have no channels of their own and are maximum pools.
   *
   * @param axes a window for each axis, outermost first
   * @param inChannels channels of the input
   * @param outChannels channels of the output
   */
  LayerSpec layer(List<WindowNumbers> axes, long inChannels, long outChannels) {
    Size kernel = size(axes, WindowNumbers::kernel);
    Size stride = size(axes, WindowNumbers::stride);
    Size padding = size(axes, WindowNumbers::padding);
    Size dilation = size(axes, WindowNumbers::dilation);
    Windows window = new Windows(kernel, stride, Padding.Explicit.symmetric(padding), dilation);
    return switch (this) {
      case CONVOLUTION -> ConvSpec.of(inChannels, outChannels, window);
      case POOL -> new MaxPoolSpec(window, Rounding.FLOOR);
      case CEIL_POOL -> new MaxPoolSpec(window, Rounding.CEIL);
      case TRANSPOSED_CONVOLUTION ->
          new ConvTransposeSpec(
              inChannels,
              outChannels,
              kernel,
              stride,
              padding,
              size(axes, WindowNumbers::outputPadding),
              1,
              Bias.WITH,
              dilation);
    };
  }

  private static Size size(List<WindowNumbers> axes, ToLongFunction<WindowNumbers> number) {
    return new Size(axes.stream().mapToLong(number).toArray());
  }

  /** The kind in words: {@code transposed convolution}. */
  @Override
  public String toString() {
    return words;
  }
}
