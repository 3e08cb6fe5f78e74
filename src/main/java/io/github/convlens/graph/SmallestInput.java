package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * The smallest picture that passes through a network, found by sending shapes through it.
 *
 * <p>No layer makes a larger picture of a smaller one, so "some window does not fit" holds up to
 * some size and for none behind it, which a search by halves finds. What is left may still fail for
 * another reason (a Linear that takes one size only, branches that meet at even sizes only), so
 * sizes from there on are tried one by one, up to a bound.
 */
public final class SmallestInput {
  static final long LARGEST = 1L << 30;
  private static final int MOST_TRIES = 1024;

  private SmallestInput() {}

  /**
   * The smallest {@code n} for which the network takes a picture of n rows and n columns: AlexNet
   * 63, VGG-16 32, ResNet-50 1.
   *
   * @param graph a network with one input
   * @param like an input of its rank: its batch and channels are kept
   * @return empty if no size up to 2^30 passes, or none of the 1024 sizes (fewer in a network of
   *     more than a hundred layers) from the first one on in which every window fits
   */
  public static OptionalLong square(Graph graph, Shape like) {
    return new Search(new Attempts(graph), n -> cube(like, n), SmallestInput::needsMore, e -> false)
        .from(1, MOST_TRIES);
  }

  /** The same batch and channels with {@code n} on every spatial axis. */
  static Shape cube(Shape like, long n) {
    Shape shape = like;
    for (Axis axis : Axis.in(like)) {
      shape = axis.with(shape, n);
    }
    return shape;
  }

  static boolean needsMore(ShapeException e) {
    return e.neededInput().isPresent();
  }

  /**
   * A search for the smallest number whose shape passes.
   *
   * @param attempts the network, and how often it may be tried
   * @param shapes the shape for a number
   * @param tooSmall failures that a larger number mends
   * @param passes failures that count as passing
   */
  record Search(
      Attempts attempts,
      LongFunction<Shape> shapes,
      Predicate<ShapeException> tooSmall,
      Predicate<ShapeException> passes) {

    OptionalLong from(long least, int tries) {
      if (least > LARGEST) {
        return OptionalLong.empty();
      }
      long enough = least;
      while (isTooSmall(enough)) {
        enough *= 2;
        if (enough > LARGEST) {
          return OptionalLong.empty();
        }
      }
      // Half of it was too small, or it is the least itself.
      long low = Math.max(least, enough / 2);
      while (low < enough) {
        long middle = (low + enough) / 2;
        if (isTooSmall(middle)) {
          low = middle + 1;
        } else {
          enough = middle;
        }
      }
      for (long n = enough; n < enough + tries && attempts.left > 0; n++) {
        if (failure(n).map(passes::test).orElse(true)) {
          return OptionalLong.of(n);
        }
      }
      return OptionalLong.empty();
    }

    private boolean isTooSmall(long n) {
      return failure(n).filter(tooSmall).isPresent();
    }

    private Optional<ShapeException> failure(long n) {
      attempts.left--;
      return attempts.failure(shapes.apply(n));
    }
  }

  /** A network, and how often it may still be tried: the longer it is, the less often. */
  static final class Attempts {
    private static final long MOST_NODES_VISITED = 100_000;
    private static final int FEWEST = 24;

    private final Graph graph;
    private long left;

    Attempts(Graph graph) {
      this.graph = graph;
      left = Math.max(FEWEST, MOST_NODES_VISITED / Math.max(1, graph.nodes().size()));
    }

    Optional<ShapeException> failure(Shape input) {
      try {
        Shapes.attempt(graph, List.of(input));
        return Optional.empty();
      } catch (ShapeException e) {
        return Optional.of(e);
      }
    }
  }
}
