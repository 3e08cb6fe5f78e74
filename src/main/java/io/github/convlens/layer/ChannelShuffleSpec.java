package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * Channels in another order: as a table of {@code groups} rows, read column by column; the shape
 * stays. Source: PyTorch's page of torch.nn.ChannelShuffle.
 *
 * @param groups rows of the table; divides the channels
 */
public record ChannelShuffleSpec(long groups) implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if there is no group
   */
  public ChannelShuffleSpec {
    Require.positive(groups, "groups");
  }

  @Override
  public String type() {
    return "ChannelShuffle";
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() < 3) {
      throw ShapeException.of(
          "the input needs a channel axis and at least one more",
          "It is " + ShapeText.listed(input) + ".",
          "Put this layer before the Flatten.");
    }
    Require.positive(input);
    if (input.get(1) % groups != 0) {
      throw ShapeException.of(
          "groups must divide the channels",
          "groups is " + groups + " but the input has " + input.get(1) + " channels.",
          "Use groups=1, or another divisor of " + input.get(1) + ".");
    }
    return input;
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return axis == 1 ? Passage.untold() : Passage.point(axis);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with(groups).toString();
  }
}
