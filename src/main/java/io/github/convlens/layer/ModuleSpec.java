package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A class of somebody's, as {@code print(model)} shows it: its name, its children, and what its
 * {@code forward} does with them.
 *
 * @param type the class's name: {@code BasicBlock}
 * @param children the children in the order in which they are printed
 * @param forward the same children in the order and with the joins in which they run
 */
public record ModuleSpec(String type, List<Child> children, LayerSpec forward)
    implements LayerSpec {
  /** Takes a copy of the list. */
  public ModuleSpec {
    children = List.copyOf(children);
  }

  @Override
  public Shape output(Shape input) {
    return forward.output(input);
  }

  @Override
  public long weights() {
    return forward.weights();
  }

  @Override
  public long biases() {
    return forward.biases();
  }

  @Override
  public long macs(Shape input) {
    return forward.macs(input);
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return forward.reach(axis, input);
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return new ModuleSpec(type, children, forward.resolve(input));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Tree.print(type, children);
  }
}
