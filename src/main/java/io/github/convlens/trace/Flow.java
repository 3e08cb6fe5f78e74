package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An array between two layers: its shape, and what each position sees of the network's input.
 *
 * @param shape the shape
 * @param axes the spatial axes of the network's input, outermost first
 * @param lines for each of them the positions and what they see; behind a Flatten those of what was
 *     flattened
 */
record Flow(Shape shape, List<Axis> axes, List<Line> lines) {
  /** The positions on one axis, and what they see. */
  record Line(long positions, Phases phases) {}

  /** An input of the network. */
  static Flow of(Shape input) {
    List<Axis> axes = Axis.in(input);
    return new Flow(
        input, axes, axes.stream().map(axis -> new Line(axis.of(input), Phases.INPUT)).toList());
  }

  private Line on(Axis axis) {
    return lines.get(axes.indexOf(axis));
  }

  /** The array behind a layer that reads these. */
  static Flow through(LayerSpec layer, List<Flow> inputs, Shape output) {
    Flow first = inputs.get(0);
    if (first.axes.isEmpty()) {
      return new Flow(output, first.axes, first.lines);
    }
    List<Shape> shapes = new ArrayList<>(inputs.size());
    for (Flow input : inputs) {
      shapes.add(input.shape);
    }
    List<Line> lines = new ArrayList<>(first.axes.size());
    for (Axis axis : first.axes) {
      Line line = null;
      for (int i = 0; i < inputs.size(); i++) {
        if (inputs.get(i).axes.contains(axis)) {
          Line next = inputs.get(i).line(layer, axis, shapes, i, output);
          line = line == null ? next : joined(line, next);
        }
      }
      lines.add(line == null ? first.on(axis) : line);
    }
    return new Flow(output, first.axes, lines);
  }

  private Line line(LayerSpec layer, Axis axis, List<Shape> shapes, int index, Shape output) {
    Line before = on(axis);
    Optional<Reach> reach = layer.reach(axis, shapes, index);
    boolean has = Axis.in(output).contains(axis);
    long positions = has ? axis.of(output) : before.positions;
    if (reach.isEmpty()) {
      return new Line(positions, before.phases.whole(before.positions));
    }
    boolean had = Axis.in(shape).contains(axis);
    Phases phases = before.phases.through(reach.get(), before.positions);
    // Positions made of features have no place on the input of their own.
    return new Line(positions, has && !had ? phases.whole(before.positions) : phases);
  }

  private static Line joined(Line one, Line other) {
    return new Line(one.positions, one.phases.union(other.phases, one.positions));
  }

  ReceptiveField receptiveField() {
    return new ReceptiveField(axes, lines.stream().map(line -> line.phases.field()).toList());
  }

  /**
   * A sentence where the positions of an input do not lie, on the mean over the map, at the same
   * place of the network's input as those of the first: the join then mixes different places.
   */
  static Optional<String> misalignment(LayerSpec join, List<Flow> inputs) {
    List<Shape> shapes = inputs.stream().map(Flow::shape).toList();
    for (Axis axis : inputs.get(0).axes) {
      List<Integer> placed = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        Flow input = inputs.get(i);
        boolean has = input.axes.contains(axis) && Axis.in(input.shape).contains(axis);
        if (has && join.reach(axis, shapes, i).isPresent()) {
          placed.add(i);
        }
      }
      for (int i : placed) {
        Line one = inputs.get(placed.get(0)).on(axis);
        Line other = inputs.get(i).on(axis);
        double offset = one.phases.meanOffset(other.phases, one.positions);
        if (offset != 0) {
          return Optional.of(
              "what meets here does not lie at the same place of the input: on the mean input "
                  + (i + 1)
                  + (" lies " + text(Math.abs(offset)) + " " + axis.lines())
                  + (offset < 0 ? " in front of" : " behind")
                  + (" input " + (placed.get(0) + 1) + "."));
        }
      }
    }
    return Optional.empty();
  }

  private static String text(double offset) {
    double rounded = Math.rint(offset * 1000) / 1000;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
