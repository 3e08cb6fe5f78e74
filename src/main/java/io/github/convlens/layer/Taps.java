package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Which positions of its input one output position of a window meets on an axis, tap by tap.
 *
 * <pre>
 *   convolution, pooling     position = output x stride - padBefore + tap x dilation
 *   transposed convolution   output   = position x stride - padding + tap x dilation
 * </pre>
 *
 * <p>Kernel 3, stride 2, padding 1: output 0 meets -1 (padding), 0 and 1 with the taps 0, 1 and 2.
 */
@FunctionalInterface
public interface Taps {
  /**
   * A tap of the kernel and what lies under it.
   *
   * @param index the tap, from 0
   * @param position the input's position; below 0 or behind the end in the padding
   */
  record Tap(long index, long position) {}

  /**
   * The taps that have a part in an output position, in their order. Of a transposed convolution's
   * taps these are those that a position of the input falls on.
   *
   * @param output the output's position, from 0
   */
  Stream<Tap> at(long output);

  /**
   * The taps of a layer on one axis; empty where the layer has no window with taps of its own.
   *
   * @param input the layer's input, (batch, channels, height, width)
   * @throws ShapeException if the layer has a window and cannot take the input
   */
  static Optional<Taps> of(LayerSpec layer, Axis axis, Shape input) {
    if (layer instanceof ConvTranspose2dSpec transposed) {
      return Optional.of(output -> transposed(transposed, axis, axis.of(input), output));
    }
    return window(layer).map(window2d -> sliding(window2d.on(axis, Require.size(axis, input))));
  }

  /** The window of a convolution or a pool; empty for other layers. */
  static Optional<Window2d> window(LayerSpec layer) {
    if (layer instanceof Conv2dSpec conv) {
      return Optional.of(conv.window());
    }
    if (layer instanceof MaxPool2dSpec pool) {
      return Optional.of(pool.window());
    }
    return layer instanceof AvgPool2dSpec pool ? Optional.of(pool.window()) : Optional.empty();
  }

  private static Taps sliding(Window window) {
    return output ->
        LongStream.range(0, window.kernel())
            .mapToObj(
                tap ->
                    new Tap(
                        tap,
                        output * window.stride() - window.padBefore() + tap * window.dilation()));
  }

  private static Stream<Tap> transposed(
      ConvTranspose2dSpec layer, Axis axis, long size, long output) {
    long stride = layer.stride().on(axis);
    long place = output + layer.padding().on(axis);
    return LongStream.range(0, layer.kernel().on(axis))
        .filter(tap -> Math.floorMod(place - tap * layer.dilation().on(axis), stride) == 0)
        .mapToObj(tap -> new Tap(tap, (place - tap * layer.dilation().on(axis)) / stride))
        .filter(tap -> tap.position() >= 0 && tap.position() < size);
  }
}
