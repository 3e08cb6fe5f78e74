package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Passage;
import io.github.convlens.layer.Reach;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where each of the axes of the network's input lies in an array between two layers. Channels last:
 * height on axis 1, width on axis 2.
 *
 * @param shape the array's shape
 * @param axes the spatial axes of the network's input, outermost first
 * @param places for each of them its place; empty where every element sees the same
 * @param said those of the axes on which the layer that made the array could not be followed
 */
record Layout(Shape shape, List<Axis> axes, List<Optional<Place>> places, List<Axis> said) {
  /** The inputs of a network, with the axes that the first layer behind each one sees there. */
  static List<Layout> ofInputs(Shaped network) {
    List<Layout> layouts = new ArrayList<>(network.inputs().size());
    for (int i = 0; i < network.inputs().size(); i++) {
      Shape input = network.inputs().get(i);
      layouts.add(of(input, axes(network.graph().nodes(), i, input)));
    }
    return layouts;
  }

  private static List<Axis> axes(List<Node> nodes, int input, Shape shape) {
    Edge edge = new Edge.OfInput(input);
    for (Node node : nodes) {
      if (node.inputs().contains(edge)) {
        return node.layer().axes(shape);
      }
    }
    return Axis.in(shape);
  }

  /** An array with these axes of the network's input, each in its usual place. */
  static Layout of(Shape input, List<Axis> axes) {
    List<Optional<Place>> places = new ArrayList<>();
    for (Axis axis : axes) {
      places.add(Optional.of(Place.alone(axis.index(input.dimension()), axis.of(input))));
    }
    return new Layout(input, axes, places, List.of());
  }

  /** Where an axis lies; empty where every element sees the same of it. */
  Optional<Place> on(Axis axis) {
    int index = axes.indexOf(axis);
    return index < 0 ? Optional.empty() : places.get(index);
  }

  /** How many positions an axis has here. */
  long positions(Axis axis) {
    return on(axis).map(Place::positions).orElse(1L);
  }

  /**
   * The array that a layer makes of these.
   *
   * @param number which of its outputs
   * @param output the shape of that
   */
  static Layout through(LayerSpec layer, List<Layout> inputs, int number, Shape output) {
    List<Axis> axes = List.of();
    for (int i = inputs.size() - 1; i >= 0; i--) {
      axes = layer.reads(i) && !inputs.get(i).axes.isEmpty() ? inputs.get(i).axes : axes;
    }
    List<Optional<Place>> places = new ArrayList<>(axes.size());
    List<Axis> said = new ArrayList<>();
    for (Axis axis : axes) {
      Set<Place> found = new LinkedHashSet<>();
      boolean known = true;
      for (int i = 0; i < inputs.size(); i++) {
        Optional<Place.Step> step = step(layer, inputs, i, axis, number, output);
        step.flatMap(Place.Step::place).ifPresent(found::add);
        known &=
            step.map(Place.Step::certainty).orElse(Passage.Certainty.KNOWN)
                == Passage.Certainty.KNOWN;
      }
      // What meets at different places is seen from all of them.
      places.add(found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty());
      if (!known || found.size() > 1) {
        said.add(axis);
      }
    }
    return new Layout(output, axes, places, said);
  }

  private static Optional<Place.Step> step(
      LayerSpec layer, List<Layout> inputs, int index, Axis axis, int number, Shape output) {
    if (!layer.reads(index)) {
      return Optional.empty();
    }
    return inputs
        .get(index)
        .on(axis)
        .map(place -> place.through(layer, shapes(inputs), index, number, output));
  }

  /**
   * What each position of this array, an output of a layer, reads of an input on an axis; empty
   * where each reads all.
   */
  Optional<Reach> reach(LayerSpec layer, List<Layout> inputs, int index, Axis axis, int number) {
    return step(layer, inputs, index, axis, number, shape)
        .filter(step -> step.place().isPresent() && step.place().equals(on(axis)))
        .flatMap(Place.Step::reach);
  }

  private static List<Shape> shapes(List<Layout> layouts) {
    List<Shape> shapes = new ArrayList<>(layouts.size());
    layouts.forEach(layout -> shapes.add(layout.shape));
    return shapes;
  }
}
