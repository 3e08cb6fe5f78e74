package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/**
 * Dropout: while training, some elements or channels become zero; otherwise it does nothing.
 * Source: PyTorch's pages of torch.nn.Dropout and Dropout2d.
 *
 * @param unit what becomes zero
 * @param probability the probability with which it does, 0 to 1
 */
public record DropoutSpec(Unit unit, double probability) implements LayerSpec {
  /** What is set to zero as one. */
  public enum Unit {
    /** Single elements. */
    ELEMENT("Dropout"),
    /** Whole channels. */
    CHANNEL("Dropout2d");

    private final String type;

    Unit(String type) {
      this.type = type;
    }
  }

  /**
   * Checks the probability.
   *
   * @throws ShapeException if it is not between 0 and 1
   */
  public DropoutSpec {
    if (!(probability >= 0 && probability <= 1)) {
      throw ShapeException.of(
          "p is a probability", "Here it is " + probability + ".", "Use a number from 0 to 1.");
    }
  }

  @Override
  public String type() {
    return unit.type;
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with("p", probability).toString();
  }
}
