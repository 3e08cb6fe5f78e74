package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the rows of a network, node by node, each one once. */
final class Tracer {
  private static final long BYTES_OF_FLOAT = 4;

  private final Shaped network;
  private final Convention convention;
  private final List<Flow> inputs;
  private final List<List<Flow>> flows = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final List<Note> notes;
  private final Set<String> counted = new HashSet<>();

  private final Map<String, String> blockTypes = new HashMap<>();
  private final List<Trace.Block> blocks = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();

  /** A block whose last row has not come yet. */
  private record Open(String path, int from, Shape input) {}

  Tracer(Shaped network, Convention convention) {
    this.network = network;
    this.convention = convention;
    inputs = Layout.ofInputs(network).stream().map(Flow::of).toList();
    notes = new ArrayList<>(network.notes());
    blockTypes(network.graph().tree());
  }

  private void blockTypes(Tree tree) {
    for (Tree child : tree.children()) {
      if (!child.children().isEmpty()) {
        blockTypes.put(child.path(), child.type());
        blockTypes(child);
      }
    }
  }

  Trace trace() {
    List<Node> nodes = network.graph().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      try {
        row(node, network.shapes().get(i));
      } catch (ShapeException e) {
        throw e.at(node.path(), node.layer());
      }
    }
    close("");
    return new Trace(network, convention, rows, blocks, Totals.of(rows), Note.grouped(notes));
  }

  private void row(Node node, List<Shape> outputs) {
    List<Flow> given = new ArrayList<>(node.inputs().size());
    for (Edge edge : node.inputs()) {
      given.add(flow(edge));
    }
    List<Shape> shapes = network.inputsOf(node);
    List<Flow> made = new ArrayList<>(outputs.size());
    for (int number = 0; number < outputs.size(); number++) {
      made.add(Flow.through(node.layer(), given, number, outputs.get(number)));
    }
    made.get(0).said().ifPresent(text -> notes.add(Note.remark(text, node.path())));
    flows.add(made);
    boolean joins = node.inputs().size() > 1;
    if (joins && node.origin() == Node.Origin.FUNCTION) {
      Flow.misalignment(node.layer(), given, made.get(0).layout())
          .ifPresent(text -> notes.add(Note.remark(text, node.path())));
    }
    convention
        .remark(node.layer(), shapes)
        .ifPresent(text -> notes.add(Note.remark(text, node.path())));
    enter(node.path(), shapes.get(0));
    boolean function = node.origin() == Node.Origin.FUNCTION && isBlockOrRoot(node.path());
    rows.add(
        new Row(
            joins ? Row.Kind.JOIN : Row.Kind.LAYER,
            node.path(),
            node.layer(),
            function && joins ? joined(node) : node.layer().toString(),
            node.origin(),
            shapes,
            outputs.get(0),
            parametersOnce(node),
            convention.cost(node.layer(), shapes),
            made.get(0).receptiveField(),
            bytes(outputs)));
  }

  private boolean isBlockOrRoot(String path) {
    return path.isEmpty() || blockTypes.containsKey(path);
  }

  private static long bytes(List<Shape> outputs) {
    long elements = 0;
    for (Shape output : outputs) {
      elements = Exact.add(elements, Exact.elements(output));
    }
    return Exact.multiply(BYTES_OF_FLOAT, elements);
  }

  private Flow flow(Edge edge) {
    return edge instanceof Edge.OfNode from
        ? flows.get(from.node()).get(from.output())
        : inputs.get(((Edge.OfInput) edge).index());
  }

  /** A module that runs twice, as torchvision's ReLUs do, has its parameters once. */
  private long parametersOnce(Node node) {
    boolean first = node.origin() != Node.Origin.MODULE || counted.add(node.path());
    return first ? node.layer().parameters() : 0;
  }

  /** {@code add(bn2, input)}: where what meets comes from, seen from the block. */
  private String joined(Node node) {
    List<String> sources = new ArrayList<>(node.inputs().size());
    for (Edge edge : node.inputs()) {
      sources.add(source(edge, node.path()));
    }
    return node.layer().type() + "(" + String.join(", ", sources) + ")";
  }

  private String source(Edge edge, String block) {
    if (!(edge instanceof Edge.OfNode from)) {
      return "input";
    }
    String path = network.graph().nodes().get(from.node()).path();
    if (path.equals(block)) {
      return network.graph().nodes().get(from.node()).layer().type();
    }
    if (!block.isEmpty() && !path.startsWith(block + ".")) {
      return "input";
    }
    String inside = block.isEmpty() ? path : path.substring(block.length() + 1);
    int dot = inside.indexOf('.');
    return dot < 0 ? inside : inside.substring(0, dot);
  }

  /** Closes the blocks that a path has left, and opens those that it has come into. */
  private void enter(String path, Shape input) {
    close(path);
    for (int end = 0; end <= path.length(); end++) {
      boolean border = end == path.length() || path.charAt(end) == '.';
      String block = border ? path.substring(0, end) : "";
      if (border && blockTypes.containsKey(block) && !isOpen(block)) {
        open.push(new Open(block, rows.size(), input));
      }
    }
  }

  private boolean isOpen(String block) {
    for (Open each : open) {
      if (each.path.equals(block)) {
        return true;
      }
    }
    return false;
  }

  private void close(String path) {
    while (!open.isEmpty() && !isWithin(path, open.peek().path)) {
      Open block = open.pop();
      blocks.add(
          new Trace.Block(
              block.path,
              blockTypes.getOrDefault(block.path, ""),
              open.size() + 1,
              block.input,
              block.from,
              rows.size()));
    }
  }

  private static boolean isWithin(String path, String block) {
    return path.equals(block) || (path.startsWith(block) && path.startsWith(".", block.length()));
  }
}
