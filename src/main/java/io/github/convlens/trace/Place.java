package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Passage;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the positions on one axis of the network's input lie in an array: at {@code c} on the
 * array's axis lies position {@code floor((c - offset) / inner) mod positions}. A map of 7x9 as
 * tokens (batch, 63, channels): its rows lie on axis 1 with inner 9, its columns with inner 1.
 *
 * @param axis the array's axis
 * @param offset where they begin
 * @param inner how many neighbours on the axis have the same position
 * @param positions how many there are
 * @param from the first place on the axis where one of them lies: in front of it is padding
 * @param to the one behind the last
 */
record Place(int axis, long offset, long inner, long positions, long from, long to) {
  /** The place behind a layer, and what it reads there; both empty where every output reads all. */
  record Step(Optional<Place> place, Optional<Reach> reach, Passage.Certainty certainty) {
    private static Step to(Place place, Reach reach) {
      return new Step(Optional.of(place), Optional.of(reach), Passage.Certainty.KNOWN);
    }

    private static Step all(Passage.Certainty certainty) {
      return new Step(Optional.empty(), Optional.empty(), certainty);
    }
  }

  // as a record's own, which take long to link when the first is called

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Place place
        && place.axis == axis
        && place.offset == offset
        && place.inner == inner
        && place.positions == positions
        && place.from == from
        && place.to == to;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * axis + Long.hashCode(offset)) + Long.hashCode(inner))
        + Long.hashCode(positions);
  }

  /** An axis that nothing else lies on. */
  static Place alone(int axis, long positions) {
    return new Place(axis, 0, 1, positions, 0, positions);
  }

  /**
   * The position at a place on the array's axis; none in front of the first and behind the last.
   */
  Seen.Positions at(long coordinate) {
    if (coordinate < from || coordinate >= to) {
      return Seen.Positions.NONE;
    }
    long position = (coordinate - offset) / inner % positions;
    return Seen.Positions.of(position, position + 1);
  }

  /**
   * Through a layer.
   *
   * @param inputs the shapes of all its inputs, of which this is a place in {@code index}
   * @param number which of the outputs
   * @param output its shape
   */
  Step through(LayerSpec layer, List<Shape> inputs, int index, int number, Shape output) {
    Passage passage = layer.passage(axis, inputs, index, number);
    Step step =
        passage instanceof Passage.To to
            ? moved(to, inputs.get(index).get(axis), output)
            : passage instanceof Passage.Regrouped grouped
                ? regrouped(grouped, output)
                : Step.all(((Passage.All) passage).certainty());
    // Of a single position every output reads all there is.
    return step.place.isEmpty() && positions == 1 ? Step.all(Passage.Certainty.KNOWN) : step;
  }

  private Step moved(Passage.To to, long size, Shape output) {
    if (equals(alone(axis, size))) {
      return Step.to(alone(to.axis(), output.get(to.axis())), to.reads());
    }
    OptionalLong shift = to.reads().shift();
    if (shift.isEmpty()) {
      boolean all = to.reads().advance() == 0;
      return Step.all(all ? Passage.Certainty.KNOWN : Passage.Certainty.SAID);
    }
    long by = shift.getAsLong();
    long first = Math.max(0, from - by);
    long end = Math.min(output.get(to.axis()), this.to - by);
    return Step.to(new Place(to.axis(), offset - by, inner, positions, first, end), Reach.POINT);
  }

  /**
   * An element whose place among all is n has position {@code floor(n / unit) mod positions}, and
   * on an axis of the output it lies at {@code floor(n / below) mod size}.
   */
  private Step regrouped(Passage.Regrouped grouped, Shape output) {
    Shape shape = grouped.before();
    long behind = Exact.product(shape, grouped.axis() + 1, shape.dimension());
    long unit = Exact.multiply(inner, behind);
    long all = Exact.multiply(unit, positions);
    boolean isWhole = offset == 0 && from == 0 && to == shape.get(grouped.axis());
    long below = 1;
    for (int a = output.dimension() - 1; a >= 0; a--) {
      long size = output.get(a);
      long end = Exact.multiply(below, size);
      if (below == behind && size == shape.get(grouped.axis())) {
        Place place = new Place(a, offset, inner, positions, from, to);
        return Step.to(place, Reach.POINT);
      }
      if (isWhole && unit % below == 0 && end % all == 0) {
        return Step.to(new Place(a, 0, unit / below, positions, 0, size), Reach.POINT);
      }
      below = end;
    }
    return Step.all(Passage.Certainty.SAID);
  }
}
