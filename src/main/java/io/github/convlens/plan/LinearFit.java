package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.MissingCalls;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets the first Linears of a network take what reaches them, and reads off what that is. */
final class LinearFit {
  private final Graph written;
  private final Set<String> corrected = new HashSet<>();

  LinearFit(Graph written) {
    this.written = written;
  }

  Features features(Shape input) {
    Graph fitting = written;
    Shapes.Reached reached = Shapes.reached(fitting, input);
    while (reached.refusal().isPresent()) {
      fitting = corrected(fitting, reached.network(), reached.refusal().get());
      reached = Shapes.reached(fitting, input);
    }
    Shaped network = reached.network();
    Shape output = network.output();
    return new Features(
        needs(network, input), Exact.product(output, 1, output.dimension()), network.notes());
  }

  /**
   * The network with the refusing Linear's number left open, and what was assumed in front of it a
   * flatten. A Linear that a map reaches is not mended: its Flatten is missing.
   */
  private Graph corrected(Graph graph, Shaped front, Shapes.Refusal refusal) {
    Node node = refusal.node();
    int place = placeOf(graph, node.module());
    Optional<Integer> assumed = assumedInFrontOf(graph, place);
    boolean mendable =
        node.layer() instanceof LinearSpec
            && isFirst(front, node)
            && (assumed.isPresent() || !isMap(front, front.of(node.inputs().get(0))))
            && corrected.add(node.path());
    if (!mendable) {
      throw refusal.reason();
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    LinearSpec linear = (LinearSpec) node.layer();
    Module open = new Module(node.path(), new LinearSpec(0, linear.outFeatures(), linear.bias()));
    nodes.replaceAll(
        each ->
            each.module().equals(node.module())
                ? new Node(open, each.origin(), each.inputs())
                : each);
    assumed.ifPresent(
        i -> {
          Node before = nodes.get(i);
          Module flatten = new Module(before.path(), FlattenSpec.ALL);
          nodes.set(i, new Node(flatten, Node.Origin.ASSUMED, before.inputs()));
        });
    return new Graph(
        graph.inputs(),
        nodes,
        graph.outputs(),
        graph.tree(),
        graph.notCalled(),
        graph.notes(),
        graph.guessed(),
        graph.taken());
  }

  private static int placeOf(Graph graph, Module module) {
    List<Node> nodes = graph.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).module().equals(module)) {
        return i;
      }
    }
    throw new IllegalStateException(module + " is not in its network");
  }

  /** What was assumed in front of a call; activations and dropout may stand between. */
  private static Optional<Integer> assumedInFrontOf(Graph graph, int place) {
    Node node = graph.nodes().get(place);
    while (node.inputs().size() == 1 && node.inputs().get(0) instanceof Edge.OfNode from) {
      node = graph.nodes().get(from.node());
      if (node.origin() == Node.Origin.ASSUMED) {
        return Optional.of(from.node());
      }
      boolean keepsShape =
          node.layer() instanceof ActivationSpec
              || node.layer() instanceof DropoutSpec
              || node.layer() instanceof IdentitySpec;
      if (!keepsShape) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean isMap(Shaped network, Shape shape) {
    return shape.dimension() > 2 && shape.dimension() == network.input().dimension();
  }

  /**
   * Whether no other Linear stands between a call and the map, or the input, behind which it is.
   */
  private static boolean isFirst(Shaped network, Node node) {
    for (Edge edge : node.inputs()) {
      if (edge instanceof Edge.OfNode from && !isMap(network, network.of(edge))) {
        Node before = network.graph().nodes().get(from.node());
        if (before.layer() instanceof LinearSpec || !isFirst(network, before)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The first Linears from which no way leads back to a map, and those that were corrected. */
  private List<Features.Need> needs(Shaped network, Shape input) {
    Optional<MissingCalls> missing = MissingCalls.pools(written, input);
    Set<String> fitting =
        missing
            .map(calls -> Shapes.reached(calls.network(), input).network().graph())
            .map(with -> with.modules().stream().map(Module::path).collect(Collectors.toSet()))
            .orElse(Set.of());
    List<Node> nodes = network.graph().nodes();
    boolean[] leadsToMap = new boolean[nodes.size()];
    for (int i = nodes.size() - 1; i >= 0; i--) {
      boolean leads = leadsToMap[i] || isMap(network, network.shapes().get(i).get(0));
      for (Edge edge : nodes.get(i).inputs()) {
        if (edge instanceof Edge.OfNode from) {
          leadsToMap[from.node()] |= leads;
        }
      }
    }
    List<Features.Need> needs = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (node.layer() instanceof LinearSpec linear
          && (corrected.contains(node.path()) || (!leadsToMap[i] && isFirst(network, node)))
          && told.add(node.path())) {
        LinearSpec before = (LinearSpec) written.module(node.path()).layer();
        Optional<MissingCalls> calls = missing.filter(any -> fitting.contains(node.path()));
        needs.add(new Features.Need(node.path(), before, linear.inFeatures(), calls));
      }
    }
    return needs;
  }
}
