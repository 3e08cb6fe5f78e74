package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.SmallestInput;
import io.github.convlens.layer.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A network up to its last map: the last array that has the input's spatial axes and grows with the
 * input. It is found by sending inputs of several sizes forwards, as far as they come.
 *
 * @param network the calls up to the one that makes the map
 * @param path that call's path
 * @param passing an input that comes so far
 */
record LastMap(Graph network, String path, Shape passing) {
  private static final int MOST_DOUBLINGS = 13;

  /** The map; empty if the network makes none. */
  static Optional<LastMap> of(Graph graph, Shape like) {
    List<Shaped> known = new ArrayList<>();
    for (long size : sizes(graph, like)) {
      known.add(Shapes.reached(graph, cube(like, size)).network());
    }
    int last = -1;
    Shaped best = known.get(0);
    for (int i = 1; i < known.size(); i++) {
      int found = lastGrowing(known.get(i - 1), known.get(i));
      if (found > last) {
        last = found;
        best = known.get(i);
      }
    }
    return last < 0 ? Optional.empty() : Optional.of(upTo(best, last));
  }

  /** The least that passes all, if there is one, and from there on ever larger ones. */
  private static List<Long> sizes(Graph graph, Shape like) {
    OptionalLong square = SmallestInput.square(graph, like);
    List<Long> sizes = new ArrayList<>();
    square.ifPresent(sizes::add);
    for (int i = 0; i <= MOST_DOUBLINGS; i++) {
      sizes.add(square.orElse(0) + (1L << i));
    }
    // Branches that halve and double meet at multiples of powers of two alone.
    sizes.add(1L << (MOST_DOUBLINGS - 1));
    sizes.add(1L << MOST_DOUBLINGS);
    return sizes;
  }

  static Shape cube(Shape like, long size) {
    Shape shape = like;
    for (Axis axis : Axis.in(like)) {
      shape = axis.with(shape, size);
    }
    return shape;
  }

  private static int lastGrowing(Shaped one, Shaped other) {
    int last = -1;
    int common = Math.min(one.shapes().size(), other.shapes().size());
    for (int i = 0; i < common; i++) {
      if (!one.graph().nodes().get(i).path().equals(other.graph().nodes().get(i).path())) {
        return last;
      }
      Shape shape = one.shapes().get(i).get(0);
      Shape larger = other.shapes().get(i).get(0);
      boolean isMap =
          shape.dimension() == one.input().dimension()
              && larger.dimension() == shape.dimension()
              && Axis.in(shape).stream().allMatch(axis -> axis.of(shape) != axis.of(larger));
      last = isMap ? i : last;
    }
    return last;
  }

  private static LastMap upTo(Shaped shaped, int node) {
    Graph graph = shaped.graph();
    Graph front =
        new Graph(
            graph.inputs(),
            graph.nodes().subList(0, node + 1),
            List.of(new Edge.OfNode(node, 0)),
            graph.tree(),
            List.of(),
            graph.notes(),
            graph.guessed(),
            graph.taken());
    return new LastMap(front, graph.nodes().get(node).path(), shaped.input());
  }
}
