package io.github.convlens.code;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The blocks of a network's tree that can be written alone: their calls stand together, read one
 * array and make one. A block that runs twice with others between is none of them.
 */
final class Cuts {
  private final Shaped shaped;
  private final Map<Edge, Integer> lastUses = new HashMap<>();
  private final Map<String, Span> spans = new HashMap<>();
  private final Map<String, Integer> places = new HashMap<>();

  /** The calls of a block: from the first to the last of them there may be others. */
  private static final class Span {
    private final String type;
    private final String path;
    private int first = -1;
    private int last;
    private int calls;

    private Span(String type, String path) {
      this.type = type;
      this.path = path;
    }

    private void add(int node) {
      first = first < 0 ? node : first;
      last = node;
      calls++;
    }

    private boolean isWhole() {
      return calls > 0 && last - first + 1 == calls;
    }
  }

  /**
   * A block that can be written alone.
   *
   * @param first its first call
   * @param last its last call
   */
  record Cut(String type, String path, int first, int last, Edge input, Edge output) {}

  private final Map<String, Cut> cuts = new HashMap<>();

  Cuts(Shaped shaped) {
    this.shaped = shaped;
    List<Node> nodes = shaped.graph().nodes();
    collect(shaped.graph().tree());
    for (int i = 0; i < nodes.size(); i++) {
      for (Edge edge : nodes.get(i).inputs()) {
        lastUses.put(edge, i);
      }
      for (String path : around(nodes.get(i).path())) {
        Span span = spans.get(path);
        if (span != null) {
          span.add(i);
        }
      }
    }
    shaped.graph().outputs().forEach(edge -> lastUses.put(edge, Integer.MAX_VALUE));
    spans.values().stream().filter(Span::isWhole).forEach(this::addIfAlone);
  }

  private void collect(Tree tree) {
    places.putIfAbsent(tree.path(), places.size());
    if (!tree.children().isEmpty() && !tree.path().isEmpty()) {
      spans.putIfAbsent(tree.path(), new Span(tree.simpleType(), tree.path()));
    }
    tree.children().forEach(this::collect);
  }

  /** A path and those around it, outermost first. */
  private static List<String> around(String path) {
    List<String> around = new ArrayList<>();
    for (int end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) {
      around.add(path.substring(0, end));
    }
    around.add(path);
    return around;
  }

  private void addIfAlone(Span span) {
    Set<Edge> inputs =
        shaped.graph().nodes().subList(span.first, span.last + 1).stream()
            .flatMap(node -> node.inputs().stream())
            .filter(edge -> !(edge instanceof Edge.OfNode from && from.node() >= span.first))
            .collect(Collectors.toSet());
    Set<Edge> outputs = new HashSet<>();
    for (int node = span.first; node <= span.last; node++) {
      for (int output = 0; output < shaped.shapes().get(node).size(); output++) {
        Edge edge = new Edge.OfNode(node, output);
        if (lastUses.getOrDefault(edge, -1) > span.last) {
          outputs.add(edge);
        }
      }
    }
    if (inputs.size() == 1 && outputs.size() == 1) {
      Edge input = inputs.iterator().next();
      Edge output = outputs.iterator().next();
      cuts.put(span.path, new Cut(span.type, span.path, span.first, span.last, input, output));
    }
  }

  /** The outermost such block inside another that begins with a call and ends before one. */
  Optional<Cut> inside(String outer, int first, int end) {
    for (String path : around(shaped.graph().nodes().get(first).path())) {
      Cut cut = path.length() > outer.length() ? cuts.get(path) : null;
      if (cut != null && cut.first() == first && cut.last() < end) {
        return Optional.of(cut);
      }
    }
    return Optional.empty();
  }

  /** Where a module or block stands in {@code print(model)}; functions stand behind all. */
  int place(String path) {
    return places.getOrDefault(path, Integer.MAX_VALUE);
  }
}
