package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.ShapeText;
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
  private static final long LARGEST = 1L << 30;
  private static final int MOST_TRIES = 1024;
  private static final int MOST_TRIES_FOR_A_HINT = 64;
  private static final int MOST_TRIES_FOR_A_SQUARE = 256;
  private static final long LARGEST_UNIT = 64;

  private SmallestInput() {}

  /**
   * The smallest {@code n} for which the network takes a picture of n rows and n columns: AlexNet
   * 63, VGG-16 32, ResNet-50 1.
   *
   * @param network the network
   * @param channels the channels of its input
   * @return empty if no size up to 2^30 passes, or none of the 1024 sizes (fewer in a network of
   *     more than a hundred layers) from the first one on in which every window fits
   */
  public static OptionalLong square(LayerSpec network, long channels) {
    LongFunction<Shape> squares = n -> new Shape(1, channels, n, n);
    return new Search(new Attempts(network), squares, SmallestInput::needsMore, e -> false)
        .from(1, MOST_TRIES);
  }

  /**
   * The network with everything resolved that this input decides.
   *
   * @throws ShapeException naming the layer that fails, and the size that it needs at the network's
   *     input
   */
  public static LayerSpec resolve(LayerSpec network, Shape input) {
    try {
      return attempt(network, input);
    } catch (ShapeException e) {
      ShapeException named = e.path().isPresent() ? e : e.at("", network);
      throw hint(network, input, named).map(named::adding).orElse(named);
    }
  }

  private static LayerSpec attempt(LayerSpec network, Shape input) {
    LayerSpec resolved = network.resolve(input);
    resolved.output(input);
    return resolved;
  }

  /**
   * What the network's input should be, where the layer's message does not say it already: {@code
   * 33 at the network's input}, or {@code or an input of 28x28 to the network} where no single axis
   * is to blame.
   */
  private static Optional<String> hint(LayerSpec network, Shape input, ShapeException failure) {
    boolean nested = failure.path().filter(path -> !path.isEmpty()).isPresent();
    if (!nested || input.dimension() != 4) {
      return Optional.empty();
    }
    Attempts attempts = new Attempts(network);
    return needsMore(failure) && failure.axis().isPresent()
        ? needed(attempts, input, failure.axis().get(), failure)
        : another(attempts, input);
  }

  /** What the failing layer needs, and what the whole network needs if that is more. */
  private static Optional<String> needed(
      Attempts attempts, Shape input, Axis axis, ShapeException failure) {
    OptionalLong layer = forLayer(attempts, input, axis, failure);
    if (layer.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    if (layer.getAsLong() != failure.neededInput().orElseThrow()) {
      text.append(layer.getAsLong()).append(" at the network's input");
    }
    OptionalLong whole = forNetwork(attempts, input, axis);
    if (whole.isPresent() && whole.getAsLong() > layer.getAsLong()) {
      text.append(text.isEmpty() ? "" : ", ").append(whole.getAsLong());
      text.append(" for the whole network");
    }
    return Optional.of(text.toString()).filter(hint -> !hint.isEmpty());
  }

  /**
   * A picture that passes where this one does not: both sides rounded up to a power of two's
   * multiple, which branches that halve and double need; or a square, which a Linear may need.
   */
  private static Optional<String> another(Attempts attempts, Shape input) {
    long height = Math.min(Axis.HEIGHT.of(input), LARGEST);
    long width = Math.min(Axis.WIDTH.of(input), LARGEST);
    LongFunction<Shape> rounded = n -> picture(input, roundUp(height, n), roundUp(width, n));
    for (long unit = 2; unit <= LARGEST_UNIT; unit *= 2) {
      if (attempts.failure(rounded.apply(unit)).isEmpty()) {
        return Optional.of(atInput(rounded.apply(unit)));
      }
    }
    LongFunction<Shape> squares = n -> picture(input, n, n);
    OptionalLong side =
        new Search(attempts, squares, SmallestInput::needsMore, e -> false)
            .from(1, MOST_TRIES_FOR_A_SQUARE);
    return side.isEmpty()
        ? Optional.empty()
        : Optional.of(atInput(squares.apply(side.getAsLong())));
  }

  private static String atInput(Shape picture) {
    return "or an input of " + ShapeText.crossed(picture.slice(2)) + " to the network";
  }

  private static long roundUp(long size, long unit) {
    return -Math.floorDiv(-size, unit) * unit;
  }

  /** The size on one axis, the other one as given, with which the failing layer has enough. */
  private static OptionalLong forLayer(
      Attempts attempts, Shape input, Axis axis, ShapeException failure) {
    Predicate<ShapeException> again =
        e -> needsMore(e) && e.axis().equals(failure.axis()) && e.path().equals(failure.path());
    return new Search(attempts, n -> with(input, axis, n), again, SmallestInput::needsMore)
        .from(next(input, axis), MOST_TRIES_FOR_A_HINT);
  }

  /** The size on one axis with which every layer has enough, if the other one is large enough. */
  private static OptionalLong forNetwork(Attempts attempts, Shape input, Axis axis) {
    Axis other = axis == Axis.HEIGHT ? Axis.WIDTH : Axis.HEIGHT;
    long given = other.of(input);
    long first = next(input, axis);
    LongFunction<Shape> both = n -> with(with(input, axis, n), other, Math.max(given, n));
    OptionalLong square =
        new Search(attempts, both, SmallestInput::needsMore, e -> false)
            .from(first, MOST_TRIES_FOR_A_HINT);
    if (square.isEmpty()) {
      return square;
    }
    Shape wide = with(input, other, Math.max(given, square.getAsLong()));
    return new Search(attempts, n -> with(wide, axis, n), SmallestInput::needsMore, e -> false)
        .from(first, MOST_TRIES_FOR_A_HINT);
  }

  private static boolean needsMore(ShapeException e) {
    return e.neededInput().isPresent();
  }

  private static long next(Shape input, Axis axis) {
    return Math.min(axis.of(input), LARGEST) + 1;
  }

  private static Shape with(Shape picture, Axis axis, long size) {
    return axis == Axis.HEIGHT
        ? picture(picture, size, picture.get(3))
        : picture(picture, picture.get(2), size);
  }

  private static Shape picture(Shape like, long height, long width) {
    return new Shape(like.get(0), like.get(1), height, width);
  }

  /**
   * A search for the smallest number whose shape passes.
   *
   * @param attempts the network, and how often it may be tried
   * @param shapes the shape for a number
   * @param tooSmall failures that a larger number mends
   * @param passes failures that count as passing
   */
  private record Search(
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
  private static final class Attempts {
    private static final long MOST_LAYERS_VISITED = 100_000;
    private static final int FEWEST = 24;

    private final LayerSpec network;
    private long left;

    Attempts(LayerSpec network) {
      this.network = network;
      left = Math.max(FEWEST, MOST_LAYERS_VISITED / network.accept(new LayerCount()));
    }

    Optional<ShapeException> failure(Shape input) {
      try {
        attempt(network, input);
        return Optional.empty();
      } catch (ShapeException e) {
        return Optional.of(e);
      }
    }
  }
}
