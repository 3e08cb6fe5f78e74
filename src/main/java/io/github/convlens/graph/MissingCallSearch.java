package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends an input through a network with one set of calls after the other put in. */
final class MissingCallSearch {
  private static final int MOST_ANSWERS = 3;
  private static final int MOST_ATTEMPTS = 600;
  private static final int FEWEST_ATTEMPTS = 24;
  private static final int MOST_NODES_VISITED = 60_000;

  /** Of MNIST, CIFAR and ImageNet, and of what is made of them. */
  private static final long[] USUAL_SIZES = {28, 32, 64, 96, 128, 224, 227, 256, 299};

  private final Graph graph;
  private final Shape input;
  private final String linear;
  private final long inFeatures;
  private final Shape map;
  private final Candidates candidates;

  /** How many attempts are left: the longer the network, the fewer. */
  private int left;

  private MissingCallSearch(Graph graph, Shape input, Node refusing, Shape map) {
    this.graph = graph;
    this.input = input;
    this.map = map;
    linear = refusing.path();
    inFeatures = ((LinearSpec) refusing.layer()).inFeatures();
    candidates = new Candidates(graph, linear);
    left =
        Math.max(
            FEWEST_ATTEMPTS, Math.min(MOST_ATTEMPTS, MOST_NODES_VISITED / graph.nodes().size()));
  }

  /**
   * The search for what makes a Linear fit that refuses; empty where none does, or no call that
   * keeps the channels and makes the map smaller can help.
   */
  static Optional<MissingCallSearch> of(Graph graph, Shape input) {
    if (graph.guessed().isEmpty()) {
      return Optional.empty();
    }
    Shapes.Reached reached = Shapes.reached(graph, input);
    return reached
        .refusal()
        .map(Shapes.Refusal::node)
        .filter(node -> node.layer() instanceof LinearSpec)
        .flatMap(
            node ->
                mapBefore(reached.network(), node)
                    .map(map -> new MissingCallSearch(graph, input, node, map)))
        .filter(MissingCallSearch::mayFind);
  }

  private boolean mayFind() {
    return !candidates.places().isEmpty()
        && map.dimension() - 2 == candidates.axes()
        && map.get(1) > 0
        && inFeatures % map.get(1) == 0;
  }

  /** Pools make a map smaller. */
  private boolean isTooLarge() {
    return inFeatures < Exact.product(map, 1, map.dimension());
  }

  /** The map that is flattened in front of a call, or is its own input. */
  private static Optional<Shape> mapBefore(Shaped network, Node call) {
    Edge edge = call.inputs().get(0);
    while (network.of(edge).dimension() < 3 && edge instanceof Edge.OfNode from) {
      Node node = network.graph().nodes().get(from.node());
      if (node.layer() instanceof LinearSpec) {
        return Optional.empty();
      }
      edge = node.inputs().get(0);
    }
    return Optional.of(network.of(edge));
  }

  /** Pools of one kind behind convolutions without a pool. */
  Optional<MissingCalls> pools() {
    return pools(candidates.bareSets());
  }

  /** Pools of one kind also where there is one already. */
  Optional<MissingCalls> morePools() {
    return pools(candidates.sets());
  }

  private Optional<MissingCalls> pools(List<List<String>> sets) {
    if (inFeatures == map.get(1) || !isTooLarge()) {
      return Optional.empty();
    }
    for (String pool : candidates.pools()) {
      List<MissingCalls> fitting = new ArrayList<>();
      for (List<String> paths : sets) {
        if (fitting.size() < MOST_ANSWERS) {
          fits(pool, paths, input).ifPresent(fitting::add);
        }
      }
      if (!fitting.isEmpty()) {
        return Optional.of(joined(fitting));
      }
    }
    return Optional.empty();
  }

  /** The most usual pools, and one of the sizes that pictures usually have. */
  Optional<MissingCalls> poolsForAnotherSize() {
    left = Math.max(left, FEWEST_ATTEMPTS);
    if (inFeatures == map.get(1)) {
      return Optional.empty();
    }
    for (String pool : candidates.likeliestPools()) {
      for (List<String> paths : candidates.usualSets()) {
        for (long size : USUAL_SIZES) {
          Optional<MissingCalls> fitting = fits(pool, paths, SmallestInput.cube(input, size));
          if (fitting.isPresent()) {
            return fitting;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static MissingCalls joined(List<MissingCalls> fitting) {
    MissingCalls first = fitting.get(0);
    return new MissingCalls(
        first.assumptions(),
        fitting.subList(1, fitting.size()).stream().map(MissingCalls::assumptions).toList(),
        first.network(),
        first.input(),
        first.map());
  }

  /** A mean over all positions, or for 9216 = 256 x 6 x 6 a pool to 6 x 6. */
  Optional<MissingCalls> global() {
    int axes = map.dimension() - 2;
    long positions = inFeatures / map.get(1);
    long side = Math.round(Math.pow((double) positions, 1.0 / axes));
    if (Size.all(axes, side).area() != positions || !isTooLarge()) {
      return Optional.empty();
    }
    String call = side == 1 ? "mean" : "adaptive" + side;
    left = Math.max(left, 1);
    return fits(call, List.of(candidates.lastWindow()), input);
  }

  /** The network with a call behind these paths, if the Linear takes what reaches it then. */
  private Optional<MissingCalls> fits(String call, List<String> paths, Shape given) {
    if (left == 0) {
      return Optional.empty();
    }
    left--;
    List<Assumption> calls = paths.stream().map(path -> new Assumption(call, path)).toList();
    Graph with = Assumption.put(graph, calls);
    Shaped network = Shapes.reached(with, given).network();
    return network.graph().nodes().stream()
        .filter(node -> node.path().equals(linear))
        .filter(node -> network.of(node.inputs().get(0)).dimension() == 2)
        .findFirst()
        .flatMap(node -> mapBefore(network, node))
        .map(reaching -> new MissingCalls(calls, List.of(), with, given, reaching));
  }
}
