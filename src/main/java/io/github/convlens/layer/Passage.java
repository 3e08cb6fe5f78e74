package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * What becomes of one of the axes of a layer's input: on which axis of the output its positions
 * lie, and which of them an output position there reads. A Linear on (batch, height, width,
 * channels): height and width pass to their own places, each position to itself; of the channels
 * every output reads all.
 */
public sealed interface Passage {
  /**
   * The positions lie on an axis of the output.
   *
   * @param axis the output's axis, from 0
   * @param reads which positions an output position reads
   */
  record To(int axis, Reach reads) implements Passage {
    @Override
    public Optional<Reach> reach() {
      return Optional.of(reads);
    }
  }

  /**
   * The same numbers, in their order, in another shape: both shapes tell where the positions lie.
   *
   * @param before the shape that they had
   * @param axis the axis of that shape that the positions lie on
   */
  record Regrouped(Shape before, int axis) implements Passage {}

  /** Every output reads all positions, or is said to. */
  record All(Certainty certainty) implements Passage {}

  /** Whether an answer is the layer's own, or what can be said in its place. */
  enum Certainty {
    /** It is so. */
    KNOWN,
    /** It is at most that. */
    SAID
  }

  /** Which positions an output position reads; empty where that is all of them or not said. */
  default Optional<Reach> reach() {
    return Optional.empty();
  }

  /** Every output reads all positions. */
  static Passage all() {
    return new All(Certainty.KNOWN);
  }

  /** It is not told which positions an output reads: each is said to read all. */
  static Passage untold() {
    return new All(Certainty.SAID);
  }

  /** Each position passes to itself. */
  static Passage point(int axis) {
    return new To(axis, Reach.POINT);
  }

  /** The axes keep their places, and every output reads all of the one that is mixed. */
  static Passage mixing(int axis, int mixed, Shape input) {
    return axis == mixed ? new To(axis, Reach.all(input.get(axis))) : point(axis);
  }

  /**
   * Of a layer that slides over the spatial axes of (batch, channels, ...).
   *
   * @param channels what becomes of the channel axis
   */
  static Passage sliding(LayerSpec layer, int axis, Shape input, Passage channels) {
    for (Axis each : Axis.in(input)) {
      if (each.index(input.dimension()) == axis) {
        return layer
            .reach(each, input)
            .<Passage>map(reach -> new To(axis, reach))
            .orElseGet(Passage::all);
      }
    }
    return axis == 1 ? channels : point(axis);
  }
}
