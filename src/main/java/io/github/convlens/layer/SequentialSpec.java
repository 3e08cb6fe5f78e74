package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Layers one behind the other. Source: PyTorch's page of torch.nn.Sequential.
 *
 * @param children the layers, in the order in which they run
 */
public record SequentialSpec(List<Child> children) implements LayerSpec {
  /** Takes a copy of the list. */
  public SequentialSpec {
    children = List.copyOf(children);
  }

  /** Layers named by their number, from 0, as PyTorch names them. */
  public static SequentialSpec of(LayerSpec... layers) {
    return new SequentialSpec(
        IntStream.range(0, layers.length)
            .mapToObj(i -> new Child(Integer.toString(i), layers[i]))
            .toList());
  }

  @Override
  public String type() {
    return "Sequential";
  }

  @Override
  public Shape output(Shape input) {
    Shape shape = input;
    for (Child child : children) {
      shape = child.output(shape);
    }
    return shape;
  }

  @Override
  public long weights() {
    return children.stream().mapToLong(Child::weights).reduce(0, Exact::add);
  }

  @Override
  public long biases() {
    return children.stream().mapToLong(Child::biases).reduce(0, Exact::add);
  }

  @Override
  public long macs(Shape input) {
    Shape shape = input;
    long macs = 0;
    for (Child child : children) {
      macs = Exact.add(macs, child.macs(shape));
      shape = child.output(shape);
    }
    return macs;
  }

  @Override
  public LayerSpec resolve(Shape input) {
    List<Child> resolved = new ArrayList<>(children.size());
    Shape shape = input;
    for (Child child : children) {
      for (Child implied : Implied.before(child.layer(), shape)) {
        resolved.add(implied);
        shape = implied.output(shape);
      }
      Child known = child.resolve(shape);
      resolved.add(known);
      shape = known.output(shape);
    }
    return new SequentialSpec(resolved);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Tree.print(type(), children);
  }
}
