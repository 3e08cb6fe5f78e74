package io.github.convlens.page;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Taps;
import io.github.convlens.layer.Window;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The taps that have a part in one output position on one axis, {@link Taps} in closed form: both
 * the taps and the positions under them go in equal steps, so that a window of a million taps takes
 * five numbers. Kernel 3, stride 2, padding 1, output 1: taps 0, 1, 2 on positions 1, 2, 3.
 *
 * @param tap the first tap, from 0
 * @param position what lies under it; below 0 or behind the end in the padding
 * @param tapStep from one tap to the next
 * @param positionStep from one position to the next; negative for a transposed convolution
 * @param count how many there are; where there are none, the other numbers mean nothing
 */
record Run(long tap, long position, long tapStep, long positionStep, long count) {
  private static final Run NONE = new Run(0, 0, 1, 1, 0);

  /** Which taps meet an output position. */
  @FunctionalInterface
  interface Finder {
    /** The taps of the output position, from 0. */
    Run at(long output);
  }

  /** The taps of a layer on one axis of its input; empty where the layer has no window. */
  static Optional<Finder> of(LayerSpec layer, Axis axis, long size) {
    if (layer instanceof ConvTranspose2dSpec transposed) {
      return Optional.of(output -> transposed(transposed, axis, size, output));
    }
    return Taps.window(layer).map(window -> output -> sliding(window.on(axis, size), output));
  }

  private static Run sliding(Window window, long output) {
    long first = output * window.stride() - window.padBefore();
    return new Run(0, first, 1, window.dilation(), window.kernel());
  }

  /**
   * The taps t with {@code position x stride + t x dilation = output + padding} for a position of
   * the input: those of one remainder modulo {@code stride / gcd(stride, dilation)}.
   */
  private static Run transposed(ConvTranspose2dSpec layer, Axis axis, long size, long output) {
    long stride = layer.stride().on(axis);
    long dilation = layer.dilation().on(axis);
    long place = output + layer.padding().on(axis);
    BigInteger common = BigInteger.valueOf(stride).gcd(BigInteger.valueOf(dilation));
    long divisor = common.longValueExact();
    if (place % divisor != 0) {
      return NONE;
    }
    long step = stride / divisor;
    BigInteger modulus = BigInteger.valueOf(step);
    long remainder =
        BigInteger.valueOf(dilation / divisor)
            .modInverse(modulus)
            .multiply(BigInteger.valueOf(place / divisor))
            .mod(modulus)
            .longValueExact();
    long least = Math.max(0, -Math.floorDiv((size - 1) * stride - place, dilation));
    long most = Math.min(layer.kernel().on(axis) - 1, place / dilation);
    long skipped = Math.max(0, -Math.floorDiv(remainder - least, step));
    long first = Math.addExact(remainder, Math.multiplyExact(skipped, step));
    return first > most
        ? NONE
        : new Run(
            first,
            (place - first * dilation) / stride,
            step,
            -(dilation / divisor),
            (most - first) / step + 1);
  }

  /** The taps one by one. */
  List<Taps.Tap> taps() {
    return LongStream.range(0, count)
        .mapToObj(i -> new Taps.Tap(tap + i * tapStep, position + i * positionStep))
        .toList();
  }

  /** The position under the last tap. */
  long lastPosition() {
    return position + (count - 1) * positionStep;
  }
}
