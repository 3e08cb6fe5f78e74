package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Scale;
import java.util.Objects;

/**
 * Enlarging, one axis after the other: each output is a weighted sum of 1, 2 or 4 neighbours. The
 * engine's own interpolation knows neither 'nearest-exact' nor factors, and with a factor PyTorch
 * finds positions by the factor itself, not by the ratio of the sizes, unless it is told to.
 */
final class Resampling {
  /** The cubic curve's free number, as PyTorch has it. */
  private static final double A = -0.75;

  /** Height and width of an output together up to which PyTorch takes another kernel. */
  private static final long SMALL = 128;

  private Resampling() {}

  static NDArray apply(UpsampleSpec layer, NDArray x) {
    Shape output = layer.output(x.getShape());
    NDArray rows = apply(layer, x, Axis.HEIGHT, output);
    return apply(layer, rows, Axis.WIDTH, output);
  }

  private static NDArray apply(UpsampleSpec layer, NDArray x, Axis axis, Shape output) {
    int dimension = axis.index(output.dimension());
    long size = x.getShape().get(dimension);
    int places = Math.toIntExact(output.get(dimension));
    boolean small = output.get(2) + output.get(3) <= SMALL;
    Positions positions = new Positions(layer, axis, size, places, small, x.getDataType());
    if (layer.mode() == Mode.NEAREST || layer.mode() == Mode.NEAREST_EXACT) {
      return pick(x, dimension, positions.nearest());
    }
    int taps = layer.mode() == Mode.BILINEAR ? 2 : 4;
    long[][] indices = new long[taps][places];
    double[][] weights = new double[taps][places];
    for (int o = 0; o < places; o++) {
      double position = positions.between(o);
      long first = (long) Math.floor(position);
      double fraction = position - first;
      double[] weight = taps == 2 ? linear(fraction) : cubic(fraction);
      for (int tap = 0; tap < taps; tap++) {
        long index = first + tap - (taps / 2 - 1);
        indices[tap][o] = Math.max(0, Math.min(size - 1, index));
        weights[tap][o] = weight[tap];
      }
    }
    return sum(x, dimension, indices, weights);
  }

  private static double[] linear(double t) {
    return new double[] {1 - t, t};
  }

  private static double[] cubic(double t) {
    return new double[] {far(t + 1), near(t), near(1 - t), far(2 - t)};
  }

  /** The curve at a distance of at most 1. */
  private static double near(double d) {
    return ((A + 2) * d - (A + 3)) * d * d + 1;
  }

  /** The curve at a distance of 1 to 2. */
  private static double far(double d) {
    return ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
  }

  private static NDArray sum(NDArray x, int dimension, long[][] indices, double[][] weights) {
    NDManager manager = x.getManager();
    long[] along = {1, 1, 1, 1};
    along[dimension] = weights[0].length;
    NDArray sum = null;
    for (int tap = 0; tap < indices.length; tap++) {
      NDArray weight =
          manager.create(weights[tap], new Shape(along)).toType(x.getDataType(), false);
      NDArray term = pick(x, dimension, indices[tap]).mul(weight);
      sum = sum == null ? term : sum.add(term);
    }
    return Objects.requireNonNull(sum);
  }

  private static NDArray pick(NDArray x, int dimension, long[] indices) {
    NDArray chosen = x.getManager().create(indices);
    return x.get(new NDIndex().addAllDim(dimension).addIndices("{}", chosen));
  }

  /** Where outputs lie on an axis of the input, rounded where PyTorch rounds. */
  private record Positions(
      UpsampleSpec layer, Axis axis, long size, int places, boolean small, DataType type) {

    long[] nearest() {
      float step = (float) step();
      float half = layer.mode() == Mode.NEAREST_EXACT ? 0.5f : 0;
      long[] indices = new long[places];
      for (int o = 0; o < places; o++) {
        indices[o] = Math.min((long) Math.floor((o + half) * step), size - 1);
      }
      return indices;
    }

    double between(int o) {
      if (layer.corners() == Corners.CENTRES) {
        return places == 1 ? 0 : round(round((double) (size - 1) / (places - 1)) * o);
      }
      double position = round(round(round(step()) * (o + 0.5)) - 0.5);
      return layer.mode() == Mode.BICUBIC ? position : Math.max(position, 0);
    }

    /** Input positions for a step of one on the output. */
    private double step() {
      if (layer.scale() == Scale.AS_GIVEN
          && !isCopied()
          && layer.target() instanceof UpsampleSpec.Target.By by) {
        return 1 / by.on(axis);
      }
      return layer.mode() == Mode.BILINEAR || layer.mode() == Mode.BICUBIC
          ? (double) size / places
          : (float) size / places;
    }

    /**
     * PyTorch copies an axis that keeps its size, in bilinear mode and in nearest mode where the
     * output is small, and halves there where it doubles; the factor does not matter then.
     */
    private boolean isCopied() {
      return switch (layer.mode()) {
        case NEAREST -> small && (places == size || places == 2 * size);
        case BILINEAR -> places == size;
        case NEAREST_EXACT, BICUBIC, LINEAR, TRILINEAR -> false;
      };
    }

    private double round(double value) {
      return type == DataType.FLOAT64 ? value : (float) value;
    }
  }
}
