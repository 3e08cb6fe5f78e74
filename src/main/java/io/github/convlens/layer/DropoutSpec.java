package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;

/**
 * Dropout: while training, some elements or channels become zero; otherwise it does nothing.
 * Source: PyTorch's pages of torch.nn.Dropout, Dropout1d to 3d, AlphaDropout and
 * FeatureAlphaDropout.
 *
 * @param unit what becomes zero
 * @param probability the probability with which it does, 0 to 1
 */
public record DropoutSpec(Unit unit, double probability) implements LayerSpec {
  /** What is set to zero as one. */
  public enum Unit {
    /** Single elements. */
    ELEMENT("Dropout"),
    /** Whole channels of sequences. */
    CHANNEL_OF_SEQUENCE("Dropout1d"),
    /** Whole channels of pictures. */
    CHANNEL("Dropout2d"),
    /** Whole channels of volumes. */
    CHANNEL_OF_VOLUME("Dropout3d"),
    /** Single elements, set to SELU's lower bound, keeping mean and variance. */
    ALPHA("AlphaDropout"),
    /** Whole channels, in the same way. */
    FEATURE_ALPHA("FeatureAlphaDropout");

    private final String type;

    Unit(String type) {
      this.type = type;
    }

    /** The class's name in PyTorch. */
    public String type() {
      return type;
    }
  }

  /**
   * Checks the probability.
   *
   * @throws ShapeException if it is not between 0 and 1
   */
  public DropoutSpec {
    Require.probability(probability, "p");
  }

  @Override
  public String type() {
    return unit.type;
  }

  @Override
  public Shape output(Shape input) {
    if (unit == Unit.CHANNEL_OF_SEQUENCE && (input.dimension() < 2 || input.dimension() > 3)) {
      throw ShapeException.of(
          "Dropout1d takes sequences (batch, channels, length)",
          "The input has " + input.dimension() + " axes: " + ShapeText.listed(input) + ".",
          "Use Dropout2d for pictures, Dropout3d for volumes, or Dropout.");
    }
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
