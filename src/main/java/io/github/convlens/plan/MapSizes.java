package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sizes that a network's map can have on one axis. No layer makes a smaller map of a larger
 * picture, so sizes are found by halves; inputs that fail for another reason than their size
 * (branches that meet at even sizes only) stand for the next one that passes.
 *
 * @param map the layers that make the map, resolved
 * @param channels channels of the input
 * @param axis the axis
 * @param other a size for the other axis that passes
 * @param largest the largest input
 */
record MapSizes(LayerSpec map, long channels, Axis axis, long other, long largest) {
  private static final int LONGEST_GAP = 256;
  private static final int MOST_TRIED = 4096;

  /** All inputs that make a map of this size. */
  Inputs.OnAxis inputsFor(long wanted) {
    long from = firstReaching(wanted);
    Optional<Inputs.Reached> below = from > 1 ? lastBefore(from) : Optional.empty();
    if (from > largest) {
      return new Inputs.OnAxis(List.of(), below, Optional.empty());
    }
    long behind = firstReaching(wanted + 1);
    Optional<Inputs.Reached> above = behind > largest ? Optional.empty() : next(behind);
    return new Inputs.OnAxis(making(wanted, from, behind), below, above);
  }

  /**
   * The sizes from {@code from} on, before {@code behind}, each tried unless there are too many.
   */
  private List<SizeRange> making(long wanted, long from, long behind) {
    if (behind - from > MOST_TRIED) {
      return List.of(new SizeRange(from, behind - 1));
    }
    List<Long> making = new ArrayList<>();
    for (long n = from; n < behind; n++) {
      if (mapSize(n).filter(size -> size == wanted).isPresent()) {
        making.add(n);
      }
    }
    return SizeRange.of(making);
  }

  /** The least input whose map has at least this size; behind the largest if there is none. */
  private long firstReaching(long wanted) {
    long low = 1;
    long high = largest + 1;
    while (low < high) {
      long middle = (low + high) / 2;
      if (next(middle).filter(reached -> reached.map() >= wanted).isPresent()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first input from this one on that passes. */
  private Optional<Inputs.Reached> next(long from) {
    for (long n = from; n <= Math.min(largest, from + LONGEST_GAP); n++) {
      long input = n;
      Optional<Inputs.Reached> reached = mapSize(n).map(size -> new Inputs.Reached(input, size));
      if (reached.isPresent()) {
        return reached;
      }
    }
    return Optional.empty();
  }

  private Optional<Inputs.Reached> lastBefore(long from) {
    for (long n = from - 1; n >= Math.max(1, from - LONGEST_GAP); n--) {
      long input = n;
      Optional<Inputs.Reached> reached = mapSize(n).map(size -> new Inputs.Reached(input, size));
      if (reached.isPresent()) {
        return reached;
      }
    }
    return Optional.empty();
  }

  private Optional<Long> mapSize(long size) {
    try {
      Shape input = picture(channels, axis, size, other);
      Shape output = map.output(input);
      return Optional.of(axis.of(output));
    } catch (ShapeException e) {
      return Optional.empty();
    }
  }

  static Shape picture(long channels, Axis axis, long size, long other) {
    return axis == Axis.HEIGHT
        ? new Shape(1, channels, size, other)
        : new Shape(1, channels, other, size);
  }
}
