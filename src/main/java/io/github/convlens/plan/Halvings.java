package io.github.convlens.plan;

import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Size;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What halving does to a size: each makes {@code ceil(size / 2)}. */
final class Halvings {
  private Halvings() {}

  /** {@code ceil(size / 2^halvings)}. */
  static long size(long size, int halvings) {
    return ((size - 1) >> halvings) + 1;
  }

  static Size size(Size size, int halvings) {
    return size.map(side -> size(side, halvings));
  }

  /** How many halvings make 1x1 of it. */
  static int most(Size size) {
    int halvings = 0;
    while (Math.max(size(size.height(), halvings), size(size.width(), halvings)) > 1) {
      halvings++;
    }
    return halvings;
  }

  /** {@code 224x224, 112x112, 56x56}, up to so many halvings. */
  static String text(Size size, int halvings) {
    return IntStream.rangeClosed(0, halvings)
        .mapToObj(n -> ShapeText.crossed(size(size, n)))
        .collect(Collectors.joining(", "));
  }
}
