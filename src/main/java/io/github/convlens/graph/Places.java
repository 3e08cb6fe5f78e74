package io.github.convlens.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a {@code forward} that was guessed may call more than a print shows: behind each child of
 * its block. Inside a Sequential, and inside a class whose {@code forward} is known, there is no
 * such place.
 */
final class Places {
  /**
   * Behind a child.
   *
   * @param node the last call inside the child
   * @param path the child's path
   */
  record Place(int node, String path) {}

  private final List<Place> places = new ArrayList<>();

  Places(Graph graph) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (node.origin() != Node.Origin.ASSUMED) {
        for (String block : graph.guessed()) {
          Optional<String> child = childOf(block, node.path());
          if (child.isPresent()) {
            last.put(child.get(), i);
          }
        }
      }
    }
    last.forEach((path, node) -> places.add(new Place(node, path)));
    places.sort(Comparator.comparingInt(Place::node).thenComparing(Place::path));
  }

  /** The path of the child of a block that a path leads into. */
  private static Optional<String> childOf(String block, String path) {
    if (path.equals(block) || !Graph.isWithin(path, block)) {
      return Optional.empty();
    }
    int dot = path.indexOf('.', block.isEmpty() ? 0 : block.length() + 1);
    return Optional.of(dot < 0 ? path : path.substring(0, dot));
  }

  /** The places in the order in which they are reached. */
  List<Place> all() {
    return places;
  }

  /** The place behind the child with this path. */
  Optional<Place> behind(String path) {
    return places.stream().filter(place -> place.path().equals(path)).findFirst();
  }
}
