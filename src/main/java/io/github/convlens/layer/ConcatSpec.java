package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Branches of the same input, put behind each other on the channel axis. Source: Szegedy et al.,
 * "Going Deeper with Convolutions" (2014).
 *
 * @param branches at least one branch
 */
public record ConcatSpec(List<Child> branches) implements LayerSpec {
  /**
   * Takes a copy of the list.
   *
   * @throws ShapeException if there is no branch
   */
  public ConcatSpec {
    branches = List.copyOf(branches);
    if (branches.isEmpty()) {
      throw ShapeException.of(
          "Concat needs at least one branch", "Here it has none.", "Write Concat(branch, branch).");
    }
  }

  /** Branches named by their number, from 0. */
  public static ConcatSpec of(LayerSpec... branches) {
    return new ConcatSpec(
        IntStream.range(0, branches.length)
            .mapToObj(i -> new Child(Integer.toString(i), branches[i]))
            .toList());
  }

  @Override
  public String type() {
    return "Concat";
  }

  @Override
  public Shape output(Shape input) {
    Child first = branches.get(0);
    Shape joined = first.output(input);
    if (joined.dimension() < 2) {
      throw ShapeException.of(
          "branches are joined on the channel axis",
          "Branch " + first.name() + " makes " + ShapeText.listed(joined) + ", which has none.",
          "Use branches whose output has at least two axes.");
    }
    long channels = joined.get(1);
    for (Child branch : branches.subList(1, branches.size())) {
      Shape next = branch.output(input);
      if (!withChannels(next, 1).equals(withChannels(joined, 1))) {
        throw ShapeException.of(
            "branches must agree on every axis but the channels",
            "Branch "
                + first.name()
                + " makes "
                + ShapeText.listed(joined)
                + " but branch "
                + branch.name()
                + " makes "
                + ShapeText.listed(next)
                + ".",
            "Use the same stride in all branches, and padding that keeps their sizes equal.");
      }
      channels = Exact.add(channels, next.get(1));
    }
    return withChannels(joined, channels);
  }

  private static Shape withChannels(Shape shape, long channels) {
    if (shape.dimension() < 2) {
      return shape;
    }
    return shape.slice(0, 1).add(channels).addAll(shape.slice(2, shape.dimension()));
  }

  @Override
  public long weights() {
    return branches.stream().mapToLong(Child::weights).reduce(0, Exact::add);
  }

  @Override
  public long biases() {
    return branches.stream().mapToLong(Child::biases).reduce(0, Exact::add);
  }

  @Override
  public long macs(Shape input) {
    return branches.stream().mapToLong(branch -> branch.macs(input)).reduce(0, Exact::add);
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return new ConcatSpec(branches.stream().map(branch -> branch.resolve(input)).toList());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Tree.print(type(), branches);
  }
}
