package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The channels that an input must have for the first layer that says how many it takes, where
 * others stand in front of it. Inputs are sent through these; what they make of a number of
 * channels is a fixed multiple, or the channels must be given.
 */
final class FirstChannels {
  /**
   * 2^12 x 3^4 x 5^2 x 7^2: what shuffles, halves and chunks divide the channels by, divides it.
   */
  private static final long DIVISIBLE = 406_425_600;

  /** So many channels can be multiplied by it twice. */
  private static final long MOST_WANTED = 1 << 15;

  /** 2^6 x 3 x 5 x 7: a size that few layers refuse. */
  private static final long LARGE = 6720;

  private final Graph graph;
  private final Node first;
  private final long wanted;

  /** The input, whose second axis is to be found. */
  private final long[] sizes;

  /** Whether an input was refused in front of the layer because of a spatial axis. */
  private boolean isBySize;

  /** Whether any input has come to the layer. */
  private boolean isReached;

  /**
   * Of a network and an input.
   *
   * @param first the first call of a layer that says its channels
   */
  FirstChannels(Graph graph, Node first, long[] sizes) {
    this.graph = graph;
    this.first = first;
    this.wanted = first.layer().inputChannels().orElseThrow();
    this.sizes = sizes.clone();
  }

  /**
   * The channels; those that the layer takes where no input comes so far, which are then refused
   * there; empty where they cannot be told.
   */
  OptionalLong find() {
    OptionalLong found = search();
    if (found.isEmpty() && isBySize) {
      Arrays.fill(sizes, 2, sizes.length, LARGE);
      found = search();
    }
    return found.isPresent() || isReached ? found : OptionalLong.of(wanted);
  }

  private OptionalLong search() {
    if (gives(wanted)) {
      return OptionalLong.of(wanted);
    }
    long many = wanted <= MOST_WANTED ? wanted * DIVISIBLE : wanted;
    long made = made(many).orElse(0);
    if (made > 0 && wanted <= MOST_WANTED) {
      long channels = wanted * many / made;
      return channels > 0 && gives(channels) ? OptionalLong.of(channels) : OptionalLong.empty();
    }
    return gives(1) ? OptionalLong.of(1) : OptionalLong.empty();
  }

  private boolean gives(long channels) {
    OptionalLong made = made(channels);
    return made.isPresent() && made.getAsLong() == wanted;
  }

  /** How many channels reach the layer; empty if an input does not come so far. */
  private OptionalLong made(long channels) {
    sizes[1] = channels;
    Shapes.Reached reached = Shapes.reached(graph, new Shape(sizes));
    Shaped network = reached.network();
    for (Node node : network.graph().nodes()) {
      if (isFirst(node)) {
        return channels(network.inputsOf(node).get(0));
      }
    }
    Optional<Shapes.Refusal> refusal = reached.refusal();
    if (refusal.isEmpty()) {
      return OptionalLong.empty();
    }
    Node refusing = refusal.get().node();
    if (isFirst(refusing)) {
      return channels(network.of(refusing.inputs().get(0)));
    }
    isBySize |= refusal.get().reason().axis().isPresent();
    return OptionalLong.empty();
  }

  private boolean isFirst(Node node) {
    return node.path().equals(first.path());
  }

  private OptionalLong channels(Shape shape) {
    isReached = true;
    return shape.dimension() > 1 ? OptionalLong.of(shape.get(1)) : OptionalLong.empty();
  }
}
