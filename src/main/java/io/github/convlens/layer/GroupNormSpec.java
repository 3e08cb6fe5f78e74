package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Normalisation over groups of channels; the shape stays. Two learned numbers per channel. Source:
 * PyTorch's page of torch.nn.GroupNorm.
 *
 * @param numGroups number of groups; divides the channels
 * @param numChannels channels of the input
 * @param eps what is added to the variance
 * @param affine what is learned
 */
public record GroupNormSpec(long numGroups, long numChannels, double eps, Affine affine)
    implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small or the groups do not divide the channels
   */
  public GroupNormSpec {
    Require.positive(numGroups, "num_groups");
    Require.positive(numChannels, "num_channels");
    if (numChannels % numGroups != 0) {
      throw ShapeException.of(
          "num_groups must divide num_channels",
          "Here num_channels is " + numChannels + " and num_groups is " + numGroups + ".",
          "Use num_groups=1, num_groups=" + numChannels + ", or another divisor.");
    }
  }

  @Override
  public String type() {
    return "GroupNorm";
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() < 2 || input.get(1) != numChannels) {
      throw ShapeException.of(
          "the input has the wrong number of channels",
          "num_channels is " + numChannels + " but the input is " + ShapeText.listed(input) + ".",
          "Use an input of " + numChannels + " channels, or another num_channels.");
    }
    if (Exact.elements(input) == numGroups) {
      throw ShapeException.of(
          "a group needs more than one value to be normalised",
          "num_groups is "
              + numGroups
              + " and the input "
              + ShapeText.listed(input)
              + " has no more.",
          "Use fewer groups, or a larger input.");
    }
    return input;
  }

  @Override
  public OptionalLong inputChannels() {
    return OptionalLong.of(numChannels);
  }

  @Override
  public long weights() {
    return affine.scales(numChannels);
  }

  @Override
  public long biases() {
    return affine.shifts(numChannels);
  }

  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    output(input);
    return Exact.multiply(Exact.elements(input), affine == Affine.NONE ? 4 : 5);
  }

  @Override
  public Map<String, Shape> state() {
    return affine.state(new Shape(numChannels));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type())
        .with(numGroups)
        .with(numChannels)
        .with("eps", eps, BatchNormSpec.DEFAULT_EPS)
        .off("affine", affine == Affine.NONE)
        .off("bias", affine == Affine.SCALE)
        .toString();
  }
}
