package io.github.convlens.lesson;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Convolutions one behind the other, and what becomes of a square picture in them. */
final class Stacks {
  private Stacks() {}

  /**
   * The trace of convolutions with the given strides. They pad {@code kernel - 1} in total, the
   * larger half behind, so that n becomes ceil(n / stride).
   *
   * @param input the picture (batch, channels, h, w); the number of channels stays
   */
  static Trace trace(Shape input, long kernel, List<Long> strides) {
    long front = (kernel - 1) / 2;
    long behind = kernel - 1 - front;
    Windows window =
        Windows.of(Size.square(kernel))
            .withPadding(new Padding.Explicit(front, behind, front, behind));
    LayerSpec[] layers =
        strides.stream()
            .map(stride -> window.withStride(Size.square(stride)))
            .map(each -> ConvSpec.of(input.get(1), input.get(1), each))
            .toArray(LayerSpec[]::new);
    return Trace.of(Graph.sequential(layers), input, Convention.TORCHVISION);
  }

  /** The same on a square picture of one channel. */
  static Trace trace(long input, long kernel, List<Long> strides) {
    return trace(new Shape(1, 1, input, input), kernel, strides);
  }

  /** {@code layers} such convolutions with stride 1. */
  static Trace equal(Shape input, long kernel, long layers) {
    return trace(input, kernel, Collections.nCopies(Math.toIntExact(layers), 1L));
  }

  /** The picture's height behind each layer. */
  static List<Long> heights(Trace trace) {
    return trace.rows().stream().map(row -> row.output().get(2)).toList();
  }

  /** How many rows of the input an output of each layer sees. */
  static List<Long> fields(Trace trace) {
    return trace.rows().stream().map(row -> row.receptiveField().height().size()).toList();
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

  /** {@code 17, 34, 51}. */
  static String listed(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** {@code 3x3}. */
  static String square(long side) {
    return side + "x" + side;
  }

  /** A row of a table: its name, as wide as the table has it, and its numbers in their format. */
  static String row(int nameWidth, String name, String format, List<? extends Number> numbers) {
    return Printable.padded(name, nameWidth)
        + numbers.stream().map(format::formatted).collect(Collectors.joining());
  }
}
