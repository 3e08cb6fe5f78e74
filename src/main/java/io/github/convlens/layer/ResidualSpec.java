package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Two branches of the same input, added element by element: {@code main(x) + shortcut(x)}. Source:
 * He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2015).
 *
 * @param main the branch that computes
 * @param shortcut the branch around it, often {@link IdentitySpec}
 */
public record ResidualSpec(Child main, Child shortcut) implements LayerSpec {
  /** Branches named {@code main} and {@code shortcut}. */
  public static ResidualSpec of(LayerSpec main, LayerSpec shortcut) {
    return new ResidualSpec(new Child("main", main), new Child("shortcut", shortcut));
  }

  @Override
  public String type() {
    return "Residual";
  }

  @Override
  public Shape output(Shape input) {
    Shape sum = main.output(input);
    Shape other = shortcut.output(input);
    if (!sum.equals(other)) {
      throw ShapeException.of(
          "the branches of a sum must have the same shape",
          main.name()
              + " makes "
              + ShapeText.listed(sum)
              + " but "
              + (shortcut.name().isEmpty() ? "the input is " : shortcut.name() + " makes ")
              + ShapeText.listed(other)
              + ".",
          "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the size.");
    }
    return sum;
  }

  @Override
  public long weights() {
    return Exact.add(main.weights(), shortcut.weights());
  }

  @Override
  public long biases() {
    return Exact.add(main.biases(), shortcut.biases());
  }

  @Override
  public long macs(Shape input) {
    return Exact.add(main.macs(input), shortcut.macs(input));
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return new ResidualSpec(main.resolve(input), shortcut.resolve(input));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Tree.print(type(), List.of(main, shortcut));
  }
}
