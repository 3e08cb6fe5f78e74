package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The sizes that a network's map can have on one axis. No layer makes a smaller map of a larger
 * input, so sizes are found by halves; inputs that fail for another reason than their size
 * (branches that meet at even sizes only) stand for the next one that passes.
 *
 * @param map the network up to the map
 * @param axis the axis
 * @param largest the largest input
 */
record MapSizes(LastMap map, Axis axis, long largest) {
  private static final int LONGEST_GAP = 256;
  private static final int MOST_TRIED = 4096;

  /** A size that the map can have, and an input that makes it. */
  private record Reached(long input, long size) {
    @Override
    public String toString() {
      return "input " + input + " makes " + size;
    }
  }

  /**
   * All inputs that make a map of this size.
   *
   * @throws PlanException if there is none, with the sizes next to it
   */
  List<SizeRange> inputsFor(long wanted) {
    long from = firstReaching(wanted);
    long behind = from > largest ? from : firstReaching(wanted + 1);
    List<SizeRange> sizes = making(wanted, from, behind);
    if (sizes.isEmpty()) {
      throw none(wanted, from, behind);
    }
    return sizes;
  }

  private PlanException none(long wanted, long from, long behind) {
    Optional<Reached> last = lastBefore(from);
    if (behind > largest && from > largest && last.isPresent()) {
      return tooFar(wanted, last.get());
    }
    List<Reached> near = Stream.of(last, next(behind)).flatMap(Optional::stream).toList();
    return new PlanException(
        axis + ": no input makes " + wanted + where(),
        near.isEmpty()
            ? "No input up to " + largest + " passes the layers up to there."
            : near.stream()
                .map(Reached::toString)
                .collect(Collectors.joining(" and ", "Next to it, ", ".")),
        near.isEmpty()
            ? "Allow larger inputs."
            : near.stream()
                .map(reached -> Long.toString(reached.size))
                .collect(Collectors.joining(" or ", "Ask for ", ".")));
  }

  /** Where the map is; a layer alone has no path. */
  private String where() {
    return map.path().isEmpty() ? "" : " at layer " + map.path();
  }

  /** The search ends in front of the wanted size. */
  private PlanException tooFar(long wanted, Reached last) {
    double about = 2.0 * wanted * last.input / last.size;
    long enough = Long.highestOneBit((long) Math.min(about, NetSolver.LARGEST)) * 2;
    long next = Math.min(enough, NetSolver.LARGEST);
    return new PlanException(
        axis + ": no input up to " + largest + " makes " + wanted + where(),
        "That is as far as was searched; input " + last.input + " makes " + last.size + ".",
        (next > largest ? "Search farther, with --max-input " + next + ", or ask" : "Ask")
            + " for at most "
            + last.size
            + ".");
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
      if (mapSize(n).equals(OptionalLong.of(wanted))) {
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
      if (next(middle).filter(reached -> reached.size >= wanted).isPresent()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first input from this one on that passes. */
  private Optional<Reached> next(long from) {
    return first(LongStream.rangeClosed(from, Math.min(largest, from + LONGEST_GAP)));
  }

  private Optional<Reached> lastBefore(long from) {
    return first(LongStream.rangeClosed(1, Math.min(from - 1, LONGEST_GAP)).map(i -> from - i));
  }

  private Optional<Reached> first(LongStream inputs) {
    return inputs
        .mapToObj(
            input -> mapSize(input).stream().mapToObj(size -> new Reached(input, size)).findFirst())
        .flatMap(Optional::stream)
        .findFirst();
  }

  private OptionalLong mapSize(long size) {
    Shape input = axis.with(map.passing(), size);
    Shapes.Reached reached = Shapes.reached(map.network(), input);
    return reached.refusal().isPresent()
        ? OptionalLong.empty()
        : OptionalLong.of(axis.of(reached.network().output()));
  }
}
