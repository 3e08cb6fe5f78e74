package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a window does on one axis: all positions of the padded input, which of them an output reads,
 * and which none reads.
 *
 * @param input the input's positions
 * @param padded the input with its padding, and what the last window of a pool with ceil_mode hangs
 *     over
 * @param output the output's positions
 * @param full what a transposed convolution makes before its padding cuts it; otherwise the output
 * @param reached what inputs can reach of it
 * @param span positions from the first to the last tap
 * @param reach which positions an output reads
 * @param unread whether no output reads a position of the input, nor its value in the padding
 */
record WindowAxis(
    Extent input,
    Extent padded,
    Extent output,
    Extent full,
    Extent reached,
    long span,
    Reach reach,
    LongPredicate unread) {

  /** The window of a layer with taps on one axis. */
  static WindowAxis of(LayerSpec layer, Axis axis, Shape input) {
    long size = axis.of(input);
    Extent outputs = new Extent(0, axis.of(layer.output(input)));
    Reach reach = layer.reach(axis, input).orElseThrow();
    return layer instanceof ConvTransposeSpec conv
        ? transposed(conv, axis, size, outputs, reach)
        : sliding(layer.windows().orElseThrow().on(axis, size), size, outputs, reach);
  }

  private static WindowAxis sliding(Window window, long size, Extent outputs, Reach reach) {
    long lastEnd = (outputs.to() - 1) * window.stride() - window.padBefore() + window.span();
    Extent padded = new Extent(-window.padBefore(), Math.max(size + window.padAfter(), lastEnd));
    return new WindowAxis(
        new Extent(0, size),
        padded,
        outputs,
        outputs,
        outputs,
        window.span(),
        reach,
        position ->
            isUnread(window, position, outputs.to())
                && LongStream.concat(
                        LongStream.range(padded.from(), 0), LongStream.range(size, padded.to()))
                    .filter(copy -> reach.inside(copy, size).equals(OptionalLong.of(position)))
                    .allMatch(copy -> isUnread(window, copy, outputs.to())));
  }

  private static boolean isUnread(Window window, long position, long places) {
    return LongStream.range(0, window.kernel())
        .map(tap -> position + window.padBefore() - tap * window.dilation())
        .noneMatch(
            start ->
                start >= 0 && start % window.stride() == 0 && start / window.stride() < places);
  }

  private static WindowAxis transposed(
      ConvTransposeSpec layer, Axis axis, long size, Extent outputs, Reach reach) {
    long span = Window.of(layer.kernel().on(axis), 1, 0, layer.dilation().on(axis)).span();
    long padding = layer.padding().on(axis);
    Extent made = new Extent(-padding, (size - 1) * layer.stride().on(axis) + span - padding);
    Extent inputs = new Extent(0, size);
    return new WindowAxis(
        inputs, inputs, outputs, made.union(outputs), made, span, reach, position -> false);
  }

  /** Whether no input can reach an output, since output_padding added it. */
  boolean isAdded(long position) {
    return output.contains(position) && !reached.contains(position);
  }

  /** Where a transposed convolution's input goes to, from the first to the last output. */
  Extent spread(long position) {
    long start = reached.from() + position * reach.period();
    return new Extent(start, start + span);
  }

  /** The positions of the padded input that an output reads, in ascending order. */
  long[] read(long position) {
    return reach.at(position).positions().filter(padded::contains).sorted().toArray();
  }

  /** The same positions, to be asked for one. */
  Set<Long> readSet(long position) {
    return Arrays.stream(read(position)).boxed().collect(Collectors.toSet());
  }

  /** From the first to the last position that an output reads; empty if it reads none. */
  Optional<Extent> window(long position) {
    long[] read = read(position);
    return read.length == 0
        ? Optional.empty()
        : Optional.of(new Extent(read[0], read[read.length - 1] + 1));
  }
}
