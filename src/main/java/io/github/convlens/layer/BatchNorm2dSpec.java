package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/**
 * Batch normalisation of each channel; the shape stays. Two learned numbers per channel; the
 * running mean and variance are not parameters. Source: PyTorch's page of torch.nn.BatchNorm2d.
 *
 * @param numFeatures channels of the input; 0: taken from the input, as LazyBatchNorm2d does
 * @param eps what is added to the variance
 * @param momentum the share of a new batch in the running mean and variance
 * @param affine what is learned: scale and shift, or nothing
 */
public record BatchNorm2dSpec(long numFeatures, double eps, double momentum, Affine affine)
    implements LayerSpec {
  /** PyTorch's default of {@code eps}. */
  public static final double DEFAULT_EPS = 1e-5;

  /** PyTorch's default of {@code momentum}. */
  public static final double DEFAULT_MOMENTUM = 0.1;

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the number of channels is negative
   */
  public BatchNorm2dSpec {
    if (numFeatures != 0) {
      Require.positive(numFeatures, "num_features");
    }
  }

  /** A normalisation with PyTorch's defaults. */
  public static BatchNorm2dSpec of(long numFeatures) {
    return new BatchNorm2dSpec(numFeatures, DEFAULT_EPS, DEFAULT_MOMENTUM, Affine.SCALE_AND_SHIFT);
  }

  @Override
  public String type() {
    return numFeatures == 0 ? "LazyBatchNorm2d" : "BatchNorm2d";
  }

  @Override
  public Shape output(Shape input) {
    if (numFeatures == 0) {
      Require.picture(input);
    } else {
      Require.channels(input, numFeatures, "num_features");
    }
    return input;
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
    if (numFeatures == 0) {
      throw Require.unresolved(this);
    }
    return numFeatures;
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return numFeatures != 0
        ? this
        : new BatchNorm2dSpec(output(input).get(1), eps, momentum, affine);
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
    return call.with("eps", eps, DEFAULT_EPS)
        .with("momentum", momentum, DEFAULT_MOMENTUM)
        .off("affine", affine == Affine.NONE)
        .off("bias", affine == Affine.SCALE)
        .toString();
  }
}
