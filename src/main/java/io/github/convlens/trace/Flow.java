package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;

/**
 * A place between two layers: the shape there, and what each position sees of the network's input.
 *
 * @param shape the shape
 * @param height the rows; behind a Flatten those of the picture that was flattened
 * @param width the columns
 */
record Flow(Shape shape, Line height, Line width) {
  /** The positions on one axis, and what they see. */
  record Line(long positions, Phases phases) {
    Line whole() {
      return new Line(positions, phases.whole(positions));
    }
  }

  static Flow of(Shape input) {
    return new Flow(input, line(input, Axis.HEIGHT), line(input, Axis.WIDTH));
  }

  private static Line line(Shape input, Axis axis) {
    return new Line(isPicture(input) ? axis.of(input) : 1, Phases.INPUT);
  }

  private static boolean isPicture(Shape shape) {
    return shape.dimension() == 4;
  }

  Line on(Axis axis) {
    return axis == Axis.HEIGHT ? height : width;
  }

  /** The place behind a single layer. */
  Flow through(LayerSpec layer, Shape output) {
    return new Flow(output, line(layer, Axis.HEIGHT, output), line(layer, Axis.WIDTH, output));
  }

  private Line line(LayerSpec layer, Axis axis, Shape output) {
    Line before = on(axis);
    Phases phases =
        Reading.of(layer, axis, shape)
            .map(reading -> before.phases.through(reading, before.positions))
            .orElseGet(() -> before.phases.whole(before.positions));
    if (!isPicture(output)) {
      return new Line(before.positions, phases);
    }
    long positions = axis.of(output);
    // Pixels made of features have no place on the input of their own.
    return isPicture(shape)
        ? new Line(positions, phases)
        : new Line(positions, phases.whole(before.positions));
  }

  /** The place where another branch joins this one. */
  Flow join(Flow other, Shape output) {
    return new Flow(output, join(height, other.height), join(width, other.width));
  }

  private static Line join(Line one, Line other) {
    return new Line(one.positions, one.phases.union(other.phases, one.positions));
  }

  ReceptiveField receptiveField() {
    return new ReceptiveField(height.phases.field(), width.phases.field());
  }
}
