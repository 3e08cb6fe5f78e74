package io.github.convlens.layer;

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
  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
