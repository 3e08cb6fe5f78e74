package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Normalisation of each channel of each sample; the shape stays. By default nothing is learned.
 * Source: PyTorch's pages of torch.nn.InstanceNorm1d, InstanceNorm2d and InstanceNorm3d.
 *
 * @param axes spatial axes of the input, 1 to 3
 * @param numFeatures channels; unused where nothing is learned or kept; 0: taken from the input
 * @param eps what is added to the variance
 * @param momentum the share of a new batch in the running mean and variance; empty: the mean over
 *     all batches
 * @param affine what is learned
 * @param statistics where mean and variance come from when it is not training
 */
public record InstanceNormSpec(
    int axes,
    long numFeatures,
    double eps,
    OptionalDouble momentum,
    Affine affine,
    Statistics statistics)
    implements LayerSpec {

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the number of channels is negative
   */
  public InstanceNormSpec {
    if (numFeatures != 0) {
      Require.positive(numFeatures, "num_features");
    }
  }

  @Override
  public String type() {
    return (numFeatures == 0 ? "LazyInstanceNorm" : "InstanceNorm") + axes + "d";
  }

  @Override
  public Shape output(Shape input) {
    Require.spatial(input, axes);
    if (numFeatures != 0 && usesFeatures()) {
      Require.channels(input, numFeatures, "num_features");
    }
    if (statistics == Statistics.INPUT && Exact.product(input, 2, input.dimension()) == 1) {
      throw ShapeException.of(
          "a channel needs more than one value to be normalised",
          "The input " + ShapeText.listed(input) + " has one value in each channel.",
          "Use a larger input, or leave the layer out here.");
    }
    return input;
  }

  private boolean usesFeatures() {
    return affine != Affine.NONE || statistics == Statistics.RUNNING;
  }

  @Override
  public long weights() {
    return affine.scales(knownFeatures());
  }

  @Override
  public long biases() {
    return affine.shifts(knownFeatures());
  }

  private long knownFeatures() {
    if (numFeatures == 0 && affine != Affine.NONE) {
      throw Require.unresolved(this);
    }
    return numFeatures;
  }

  @Override
  public OptionalLong inputChannels() {
    return numFeatures == 0 ? OptionalLong.empty() : OptionalLong.of(numFeatures);
  }

  @Override
  public int spatialAxes() {
    return axes;
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return numFeatures != 0
        ? this
        : new InstanceNormSpec(axes, output(input).get(1), eps, momentum, affine, statistics);
  }

  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    output(input);
    return Exact.multiply(Exact.elements(input), affine == Affine.NONE ? 4 : 5);
  }

  @Override
  public Map<String, Shape> state() {
    Shape each = new Shape(knownFeatures());
    Map<String, Shape> state = affine.state(each);
    state.putAll(statistics.state(each));
    return state;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type());
    if (numFeatures != 0) {
      call.with(numFeatures);
    }
    call.with("eps", eps, BatchNormSpec.DEFAULT_EPS);
    if (momentum.isEmpty()) {
      call.with("momentum", "None");
    } else {
      call.with("momentum", momentum.getAsDouble(), BatchNormSpec.DEFAULT_MOMENTUM);
    }
    if (numFeatures == 0) { // PyTorch's lazy ones have the defaults of batch normalisation
      call.off("affine", affine == Affine.NONE);
      call.off("track_running_stats", statistics == Statistics.INPUT);
    } else {
      call.withUnless(affine == Affine.NONE, "affine", true);
      call.withUnless(statistics == Statistics.INPUT, "track_running_stats", true);
    }
    return call.off("bias", affine == Affine.SCALE).toString();
  }
}
