package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Batch normalisation of each channel; the shape stays. Two learned numbers per channel; the
 * running mean and variance are not parameters. Source: PyTorch's pages of torch.nn.BatchNorm1d,
 * BatchNorm2d, BatchNorm3d and SyncBatchNorm.
 *
 * @param kind which inputs it takes
 * @param numFeatures channels of the input; 0: taken from the input, as LazyBatchNorm2d does
 * @param eps what is added to the variance
 * @param momentum the share of a new batch in the running mean and variance; empty: the mean over
 *     all batches ({@code momentum=None})
 * @param affine what is learned: scale and shift, or nothing
 * @param statistics where mean and variance come from when it is not training
 */
public record BatchNormSpec(
    Kind kind,
    long numFeatures,
    double eps,
    OptionalDouble momentum,
    Affine affine,
    Statistics statistics)
    implements LayerSpec {
  /** PyTorch's default of {@code eps}. */
  public static final double DEFAULT_EPS = 1e-5;

  /** PyTorch's default of {@code momentum}. */
  public static final double DEFAULT_MOMENTUM = 0.1;

  /** Which inputs a batch normalisation takes. */
  public enum Kind {
    /** Features (batch, channels) and sequences. */
    ONE("BatchNorm1d", 1),
    /** Pictures. */
    TWO("BatchNorm2d", 2),
    /** Volumes. */
    THREE("BatchNorm3d", 3),
    /** All of these; while training, the batches of several devices count as one. */
    SYNC("SyncBatchNorm", 0);

    private final String type;
    private final int axes;

    Kind(String type, int axes) {
      this.type = type;
      this.axes = axes;
    }

    /** The class's name in PyTorch. */
    public String type() {
      return type;
    }
  }

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the number of channels or eps is negative
   */
  public BatchNormSpec {
    if (numFeatures != 0) {
      Require.positive(numFeatures, "num_features");
    }
    if (eps < 0) {
      throw ShapeException.of(
          "eps must not be negative",
          "Here it is " + eps + ", and PyTorch's batch normalisation refuses to run.",
          "Use eps=1e-05.");
    }
  }

  /** A normalisation of pictures that keeps running averages. */
  public BatchNormSpec(long numFeatures, double eps, double momentum, Affine affine) {
    this(Kind.TWO, numFeatures, eps, OptionalDouble.of(momentum), affine, Statistics.RUNNING);
  }

  /** A normalisation of pictures with PyTorch's defaults. */
  public static BatchNormSpec of(long numFeatures) {
    return new BatchNormSpec(numFeatures, DEFAULT_EPS, DEFAULT_MOMENTUM, Affine.SCALE_AND_SHIFT);
  }

  @Override
  public String type() {
    return numFeatures == 0 ? "Lazy" + kind.type : kind.type;
  }

  @Override
  public Shape output(Shape input) {
    if (kind == Kind.ONE && input.dimension() == 1) {
      throw ShapeException.of(
          "the input must be (batch, channels), or (batch, channels, length)",
          "It has one axis: " + ShapeText.listed(input) + ".",
          "Put the batch axis in front of the input: 1x" + input.get(0) + " here.");
    }
    if (kind == Kind.SYNC || (kind == Kind.ONE && input.dimension() == 2)) {
      Require.channelAxis(input);
    } else {
      Require.spatial(input, kind.axes);
    }
    boolean usesFeatures = affine != Affine.NONE || statistics == Statistics.RUNNING;
    if (numFeatures != 0 && usesFeatures) {
      Require.channels(input, numFeatures, "num_features");
    }
    if (statistics == Statistics.INPUT && Exact.elements(input) == input.get(1)) {
      throw ShapeException.of(
          "a channel needs more than one value to be normalised",
          "The input " + ShapeText.listed(input) + " has one value in each channel.",
          "Use a larger input or batch, or track_running_stats=True.");
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
  public OptionalLong inputChannels() {
    return numFeatures == 0 ? OptionalLong.empty() : OptionalLong.of(numFeatures);
  }

  @Override
  public int spatialAxes() {
    return kind == Kind.ONE ? 0 : kind.axes;
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return numFeatures != 0
        ? this
        : new BatchNormSpec(kind, output(input).get(1), eps, momentum, affine, statistics);
  }

  @Override
  public boolean takesShapeAsGiven() {
    return kind == Kind.ONE;
  }

  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    output(input);
    long each = statistics == Statistics.RUNNING ? 1 : 4;
    return Exact.multiply(Exact.elements(input), affine == Affine.NONE ? each : each + 1);
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
    return statistics(call.with("eps", eps, DEFAULT_EPS), momentum, affine, statistics)
        .off("bias", affine == Affine.SCALE)
        .toString();
  }

  private static Call statistics(
      Call call, OptionalDouble momentum, Affine affine, Statistics statistics) {
    if (momentum.isEmpty()) {
      call.with("momentum", "None");
    } else {
      call.with("momentum", momentum.getAsDouble(), DEFAULT_MOMENTUM);
    }
    return call.off("affine", affine == Affine.NONE)
        .off("track_running_stats", statistics == Statistics.INPUT);
  }
}
