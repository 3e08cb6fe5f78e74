package io.github.convlens.figure;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Where the items of a figure get their arrays from. Layers that are not drawn pass on what they
 * get.
 *
 * @param sources for each item the items that it reads, ascending; the network's inputs are -1, -2,
 *     ... in their order
 */
record Wiring(List<List<Integer>> sources) {
  static Wiring of(Graph graph, List<Folded.Item> items) {
    List<TreeSet<Integer>> carried = new ArrayList<>();
    List<TreeSet<Integer>> sources = new ArrayList<>();
    items.forEach(item -> sources.add(new TreeSet<>()));
    int item = 0;
    for (int i = 0; i < graph.nodes().size(); i++) {
      while (item < items.size() && items.get(item).to() <= i) {
        item++;
      }
      TreeSet<Integer> read = read(graph.nodes().get(i), carried);
      if (item < items.size() && items.get(item).from() <= i) {
        read.remove(item);
        sources.get(item).addAll(read);
        carried.add(new TreeSet<>(List.of(item)));
      } else {
        carried.add(read);
      }
    }
    return new Wiring(sources.stream().map(each -> (List<Integer>) new ArrayList<>(each)).toList());
  }

  private static TreeSet<Integer> read(Node node, List<TreeSet<Integer>> carried) {
    TreeSet<Integer> read = new TreeSet<>();
    for (Edge edge : node.inputs()) {
      if (edge instanceof Edge.OfNode from) {
        read.addAll(carried.get(from.node()));
      } else {
        read.add(-1 - ((Edge.OfInput) edge).index());
      }
    }
    return read;
  }

  /** Whether one item feeds another, which reads nothing else, and nothing but that. */
  boolean isChain(int from, int to) {
    return sources.get(to).equals(List.of(from))
        && sources.stream().filter(each -> each.contains(from)).count() == 1;
  }
}
