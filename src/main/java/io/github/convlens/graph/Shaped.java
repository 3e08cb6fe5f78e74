package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A network with the shape of every array in it: made once by {@link Shapes#infer}, read by
 * everything that needs shapes.
 *
 * @param graph the network with everything decided that the inputs decide: lazy layers know their
 *     channels, what was assumed is there or gone
 * @param inputs the shapes that go in, batch axis first
 * @param shapes for each node the shapes of its outputs
 * @param notes what was assumed, and what is worth knowing; one for each kind
 */
public record Shaped(Graph graph, List<Shape> inputs, List<List<Shape>> shapes, List<Note> notes) {
  /** Takes copies of the lists. */
  public Shaped {
    inputs = List.copyOf(inputs);
    shapes = List.copyOf(shapes);
    notes = List.copyOf(notes);
  }

  /** The shape of an array. */
  public Shape of(Edge edge) {
    return edge instanceof Edge.OfNode from
        ? shapes.get(from.node()).get(from.output())
        : inputs.get(((Edge.OfInput) edge).index());
  }

  /** The shapes of the arrays that a node is given. */
  public List<Shape> inputsOf(Node node) {
    List<Shape> given = new ArrayList<>(node.inputs().size());
    for (Edge input : node.inputs()) {
      given.add(of(input));
    }
    return given;
  }

  /** The shapes that come out. */
  public List<Shape> outputs() {
    List<Shape> outputs = new ArrayList<>(graph.outputs().size());
    for (Edge output : graph.outputs()) {
      outputs.add(of(output));
    }
    return outputs;
  }

  /** The shape that comes out first. */
  public Shape output() {
    return of(graph.outputs().get(0));
  }

  /** The shape that goes in first. */
  public Shape input() {
    return inputs.get(0);
  }
}
