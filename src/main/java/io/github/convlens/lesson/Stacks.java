package io.github.convlens.lesson;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Window2d;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Convolutions one behind the other, and what becomes of a square picture in them. */
final class Stacks {
  private Stacks() {}

  /**
   * A convolution with square kernel and stride that pads {@code kernel - 1} in total, the larger
   * half behind: n becomes ceil(n / stride).
   */
  static Conv2dSpec padded(long channels, long kernel, long stride) {
    long front = (kernel - 1) / 2;
    long behind = kernel - 1 - front;
    return Conv2dSpec.of(
        channels,
        channels,
        Window2d.of(Size.square(kernel))
            .withStride(Size.square(stride))
            .withPadding(new Padding.Explicit(front, behind, front, behind)));
  }

  /** The trace of such convolutions with the given strides, one channel. */
  static Trace trace(long input, long kernel, List<Long> strides) {
    return trace(
        new Shape(1, 1, input, input),
        strides.stream().map(stride -> padded(1, kernel, stride)).toList());
  }

  /** The trace of {@code layers} such convolutions with stride 1. */
  static Trace equal(Shape input, long kernel, long layers) {
    Conv2dSpec layer = padded(input.get(1), kernel, 1);
    return trace(input, Collections.nCopies(Math.toIntExact(layers), layer));
  }

  private static Trace trace(Shape input, List<Conv2dSpec> layers) {
    SequentialSpec net = SequentialSpec.of(layers.toArray(LayerSpec[]::new));
    return Trace.of(net, input, Convention.TORCHVISION);
  }

  /** The picture's height: the input's first, and then behind each layer. */
  static List<Long> heights(Trace trace) {
    return LongStream.concat(
            LongStream.of(trace.input().get(2)),
            trace.rows().stream().mapToLong(row -> row.output().get(2)))
        .boxed()
        .toList();
  }

  /** How many rows of the input an output of each layer sees. */
  static List<Long> fields(Trace trace) {
    return trace.rows().stream().map(row -> row.receptiveField().height().size()).toList();
  }

  /** The last row. */
  static Row last(Trace trace) {
    return trace.rows().get(trace.rows().size() - 1);
  }

  /**
   * Sizes on one axis: the input's, and behind each layer of this window, for as long as the window
   * fits and takes something off, up to {@code layers}.
   */
  static List<Long> shrinking(long input, Window window, long layers) {
    List<Long> sizes = new ArrayList<>(List.of(input));
    long size = input;
    while (sizes.size() <= layers && window.span() <= window.paddedSize(size)) {
      long next = window.outputSize(size);
      if (next >= size) {
        break;
      }
      sizes.add(next);
      size = next;
    }
    return sizes;
  }
}
