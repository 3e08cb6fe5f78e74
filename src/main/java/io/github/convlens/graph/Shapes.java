package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts shapes on a network: each node is asked once for what it makes of its inputs. */
public final class Shapes {
  private final Graph graph;
  private final List<Shape> inputs;
  private final List<Node> nodes;
  private final List<List<Shape>> shapes;
  private final List<Note> notes;
  private final List<Edge> replaced;
  private final Map<String, LayerSpec> resolved = new HashMap<>(0);

  /** Whether all nodes so far are the graph's own: most inputs decide nothing. */
  private boolean isSame = true;

  private Shapes(Graph graph, List<Shape> inputs) {
    this.graph = graph;
    this.inputs = inputs;
    notes = new ArrayList<>(graph.notes());
    nodes = new ArrayList<>(graph.nodes().size());
    shapes = new ArrayList<>(graph.nodes().size());
    replaced = new ArrayList<>(graph.nodes().size());
  }

  /**
   * The network with all its shapes. The work grows linearly with the number of nodes.
   *
   * @param inputs a shape for each input, batch axis first
   * @throws ShapeException if there are not as many shapes as inputs, or a layer cannot take what
   *     reaches it: with its path, and with the size that it needs at the network's input where
   *     there is one
   */
  public static Shaped infer(Graph graph, List<Shape> inputs) {
    try {
      return attempt(graph, inputs);
    } catch (ShapeException e) {
      throw new Hints(graph, inputs).added(e);
    }
  }

  /** The same for a network with one input. */
  public static Shaped infer(Graph graph, Shape input) {
    return infer(graph, List.of(input));
  }

  /**
   * How far an input comes in a network.
   *
   * @param network the calls before the one that refuses, with all their shapes; what it gives back
   *     is the last array
   * @param refusal the call that refuses; empty where there is none, and the network is whole
   */
  public record Reached(Shaped network, Optional<Refusal> refusal) {}

  /**
   * A call that does not take what reaches it.
   *
   * @param node the call; its inputs are arrays of {@link Reached#network}
   * @param reason what it says
   */
  public record Refusal(Node node, ShapeException reason) {}

  /**
   * The shapes as far as they go, for those who try many inputs: a refusal is an answer, and nobody
   * looks for an input that would do.
   *
   * @throws ShapeException if the network has not one input
   */
  public static Reached reached(Graph graph, Shape input) {
    Shapes shapes = of(graph, List.of(input));
    Optional<Refusal> refusal = shapes.callAll();
    return new Reached(
        shapes.shaped(refusal.isEmpty() ? shapes.moved(graph.outputs()) : List.of(shapes.last())),
        refusal);
  }

  private Edge last() {
    return nodes.isEmpty() ? new Edge.OfInput(0) : new Edge.OfNode(nodes.size() - 1, 0);
  }

  /** The same without a search for an input that would do. */
  static Shaped attempt(Graph graph, List<Shape> inputs) {
    Shapes shapes = of(graph, inputs);
    Optional<Refusal> refusal = shapes.callAll();
    if (refusal.isPresent()) {
      throw refusal.get().reason();
    }
    return shapes.shaped(shapes.moved(graph.outputs()));
  }

  private static Shapes of(Graph graph, List<Shape> inputs) {
    if (inputs.size() != graph.inputs().size()) {
      throw ShapeException.of(
          "the network takes " + count(graph.inputs().size()),
          "Here there " + (inputs.size() == 1 ? "is 1." : "are " + inputs.size() + "."),
          "Give a shape for each.");
    }
    return new Shapes(graph, inputs);
  }

  private static String count(int inputs) {
    return inputs == 1 ? "one input" : inputs + " inputs";
  }

  /** Calls one node after the other, up to the first that refuses. */
  private Optional<Refusal> callAll() {
    for (Node node : graph.nodes()) {
      List<Edge> edges = moved(node.inputs());
      try {
        call(node, edges);
      } catch (ShapeException e) {
        Node refusing = new Node(node.module(), node.origin(), edges);
        return Optional.of(
            new Refusal(
                refusing, e.at(node.path(), resolved.getOrDefault(node.path(), node.layer()))));
      }
    }
    return Optional.empty();
  }

  private Shaped shaped(List<Edge> outputs) {
    Graph known = isSame && nodes.size() == graph.nodes().size() ? graph : changed(outputs);
    for (Edge output : known.outputs()) {
      shape(output);
    }
    return new Shaped(known, inputs, shapes, Note.grouped(notes));
  }

  private Graph changed(List<Edge> outputs) {
    return new Graph(
        graph.inputs(),
        nodes,
        outputs,
        graph.tree(),
        graph.notCalled(),
        graph.notes(),
        graph.guessed(),
        graph.taken());
  }

  private void call(Node node, List<Edge> edges) {
    List<Shape> given = new ArrayList<>(edges.size());
    for (Edge edge : edges) {
      given.add(shape(edge));
    }
    LayerSpec layer = known(node, given);
    if (node.origin() == Node.Origin.ASSUMED) {
      if (layer instanceof IdentitySpec) {
        replaced.add(edges.get(0));
        isSame = false;
        return;
      }
      notes.add(
          Note.assumption(
              layer + " is put in: a print does not show what forward calls as a function.",
              node.path()));
    }
    shapes.add(layer.outputs(given));
    if (given.size() == 1) {
      Optional<String> assumed = node.layer().assumption(given.get(0));
      if (assumed.isPresent()) {
        notes.add(Note.assumption(assumed.get(), node.path()));
      }
    }
    nodes.add(called(node, layer, edges));
    replaced.add(new Edge.OfNode(nodes.size() - 1, 0));
  }

  private Node called(Node node, LayerSpec layer, List<Edge> edges) {
    if (isSame && layer == node.layer()) {
      return node;
    }
    isSame = false;
    Module module = layer == node.layer() ? node.module() : new Module(node.path(), layer);
    return new Node(module, node.origin(), edges);
  }

  /** The node's layer with what its input decides; a module is decided by its first call. */
  private LayerSpec known(Node node, List<Shape> given) {
    LayerSpec layer = node.layer();
    if (given.size() != 1) {
      return layer;
    }
    if (node.origin() != Node.Origin.MODULE) {
      return layer.resolve(given.get(0));
    }
    LayerSpec before = resolved.get(node.path());
    if (before != null) {
      return before;
    }
    LayerSpec now = layer.resolve(given.get(0));
    if (now != layer) {
      resolved.put(node.path(), now);
    }
    return now;
  }

  private List<Edge> moved(List<Edge> edges) {
    if (isSame) {
      return edges;
    }
    List<Edge> moved = new ArrayList<>(edges.size());
    for (Edge edge : edges) {
      moved.add(edge instanceof Edge.OfNode from ? moved(from) : edge);
    }
    return moved;
  }

  private Edge moved(Edge.OfNode from) {
    Edge now = replaced.get(from.node());
    return now instanceof Edge.OfNode to && from.output() > 0
        ? new Edge.OfNode(to.node(), from.output())
        : now;
  }

  private Shape shape(Edge edge) {
    if (edge instanceof Edge.OfInput input) {
      return inputs.get(input.index());
    }
    Edge.OfNode from = (Edge.OfNode) edge;
    List<Shape> outputs = shapes.get(from.node());
    if (from.output() >= outputs.size()) {
      throw ShapeException.of(
          "an output is read that is not made",
          "Output "
              + from.output()
              + " of "
              + nodes.get(from.node()).layer()
              + " is read, and it makes "
              + outputs.size()
              + ".",
          "Read an output from 0 to " + (outputs.size() - 1) + ".");
    }
    return outputs.get(from.output());
  }
}
