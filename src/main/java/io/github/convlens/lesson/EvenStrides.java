package io.github.convlens.lesson;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Layers of which some have a stride, spread evenly: the i-th of {@code strided} is layer {@code i
 * x (layers + 1) / (strided + 1)}, rounded, so that as many others stand before the first as
 * between two and behind the last. Five of 100: layers 17, 34, 51, 67 and 84.
 *
 * @param layers how many layers, those with a stride among them
 * @param strided how many have a stride
 * @param stride their stride
 */
record EvenStrides(long layers, long strided, long stride) {
  EvenStrides {
    if (strided < 0 || strided > layers) {
      throw new IllegalArgumentException(
          "of %d layers not %d can have a stride.\nUse 0 to %d."
              .formatted(layers, strided, layers));
    }
  }

  /** The layers with a stride, counted from 1. */
  List<Long> positions() {
    return LongStream.rangeClosed(1, strided)
        .map(i -> (2 * i * (layers + 1) + strided + 1) / (2 * (strided + 1)))
        .boxed()
        .toList();
  }

  /** The stride of each layer. */
  List<Long> strides() {
    List<Long> positions = positions();
    return LongStream.rangeClosed(1, layers)
        .map(layer -> positions.contains(layer) ? stride : 1)
        .boxed()
        .toList();
  }
}
