package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A kind of layer of one's own. Implement {@link #type}, {@link #output} (or {@link #outputs} for
 * several inputs or outputs), and what else it has: parameters, multiply-adds, what an output
 * reads. It goes into a {@code graph.Graph} like any other layer; on the engine it cannot run,
 * since nobody said how.
 *
 * <pre>
 * record Doubled() implements CustomSpec {
 *   public String type() { return "Doubled"; }
 *   public Shape output(Shape input) { return Axis.WIDTH.with(input, 2 * Axis.WIDTH.of(input)); }
 * }
 * </pre>
 */
public non-sealed interface CustomSpec extends LayerSpec {
  /** On a spatial axis the position itself. */
  @Override
  default Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(Reach.POINT);
  }

  /** On spatial axes what {@link #reach} says; which channels an output reads is not told. */
  @Override
  default Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.sliding(this, axis, inputs.get(index), Passage.untold());
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
