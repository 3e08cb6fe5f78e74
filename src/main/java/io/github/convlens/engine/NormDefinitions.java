package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.Statistics;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/** Normalisations: {@code y = (x - mean) / sqrt(variance + eps) x scale + shift}, and LRN. */
final class NormDefinitions {
  /** Half a step of a float at 1: DJL hands eps on as a float, in float64, too. */
  private static final double FLOAT_EPS = 0x1p-24;

  private final Values x;
  private final Roundoff roundoff;

  NormDefinitions(Values x, Roundoff roundoff) {
    this.x = x;
    this.roundoff = roundoff;
  }

  /** Mean and variance of the numbers that are normalised together. */
  private record Moments(double mean, double variance, double largest) {
    static Moments of(double[] x, int from, int to) {
      double mean = Arrays.stream(x, from, to).average().orElse(0);
      double variance =
          Arrays.stream(x, from, to).map(v -> (v - mean) * (v - mean)).average().orElse(0);
      double largest = Arrays.stream(x, from, to).map(Math::abs).max().orElse(0);
      return new Moments(mean, variance, largest);
    }

    /** Those of numbers whose mean is not taken off. */
    static Moments ofSquares(double[] x, int from, int to) {
      double square = Arrays.stream(x, from, to).map(v -> v * v).average().orElse(0);
      double largest = Arrays.stream(x, from, to).map(Math::abs).max().orElse(0);
      return new Moments(0, square, largest);
    }
  }

  /** The learned scales and shifts, 1 and 0 where none are learned. */
  private static final class Line {
    private final double[] scales;
    private final double[] shifts;

    Line(double[] scales, double[] shifts) {
      this.scales = scales;
      this.shifts = shifts;
    }

    Line(Affine affine, Learned learned) {
      boolean shift = affine == Affine.SCALE_AND_SHIFT;
      scales = affine == Affine.NONE ? new double[0] : learned.numbers("weight");
      shifts = shift ? learned.numbers("bias") : new double[0];
    }

    double scale(long i) {
      return scales.length == 0 ? 1 : scales[(int) i];
    }

    double shift(long i) {
      return shifts.length == 0 ? 0 : shifts[(int) i];
    }
  }

  /** At inference: mean and variance are those that training has left, or the batch's own. */
  Definition batch(BatchNormSpec layer, Learned learned) {
    Line line = new Line(layer.affine(), learned);
    return layer.statistics() == Statistics.RUNNING
        ? running(layer.eps(), line, learned)
        : gathered(layer.eps(), line, axis -> axis != 1);
  }

  private Definition running(double eps, Line line, Learned learned) {
    double[] means = learned.numbers("running_mean");
    double[] variances = learned.numbers("running_var");
    return new Definition(
        1,
        p -> {
          int c = (int) p[1];
          double value = x.at(p);
          Moments moments =
              new Moments(means[c], variances[c], Math.abs(value) + Math.abs(means[c]));
          return normal(value, moments, eps, 1, line, c);
        });
  }

  /** The channels of a group lie one behind the other, each with all of its places. */
  Definition group(GroupNormSpec layer, Learned learned) {
    Line line = new Line(layer.affine(), learned);
    long size = x.shape().size() / (x.shape().get(0) * layer.numGroups());
    return grouped(size, layer.eps(), line, p -> p[1]);
  }

  /** Each channel of each sample by itself. */
  Definition instance(InstanceNormSpec layer, Learned learned) {
    Line line = new Line(layer.affine(), learned);
    if (layer.statistics() == Statistics.RUNNING) {
      return running(layer.eps(), line, learned);
    }
    long size = x.shape().size() / (x.shape().get(0) * x.shape().get(1));
    return grouped(size, layer.eps(), line, p -> p[1]);
  }

  /** The last axes lie together already; channels are gathered place by place. */
  Definition layer(LayerNormSpec layer, Learned learned) {
    Line line = new Line(layer.affine(), learned);
    if (layer.over() == LayerNormSpec.Over.CHANNELS) {
      return gathered(layer.eps(), line, axis -> axis == 1);
    }
    long size = layer.normalizedShape().stream().reduce(1L, (a, b) -> a * b);
    return grouped(size, layer.eps(), line, p -> Values.index(x.shape(), p) % size);
  }

  /** The last axes by the root of their mean square. */
  Definition meanSquare(RmsNormSpec layer, Learned learned) {
    long size = layer.normalizedShape().stream().reduce(1L, (a, b) -> a * b);
    return meanSquare(size, layer.eps(), new Line(layer.affine(), learned));
  }

  /** The same as a call of a program, with scales that another call may have made. */
  Definition meanSquare(long size, OptionalDouble eps, Optional<Values> scales) {
    double[] each = scales.map(Values::values).orElse(new double[0]);
    return meanSquare(size, eps, new Line(each, new double[0]));
  }

  private Definition meanSquare(long size, OptionalDouble eps, Line line) {
    double added = eps.orElse(2 * roundoff.unit());
    return grouped(size, added, line, p -> Values.index(x.shape(), p) % size, Moments::ofSquares);
  }

  /** Numbers that do not lie together; the axes that are normalised over. */
  private Definition gathered(double eps, Line line, IntPredicate over) {
    long[] sizes = x.shape().getShape().clone();
    long[] others = sizes.clone();
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = over.test(axis) ? sizes[axis] : 1;
      others[axis] = over.test(axis) ? 1 : others[axis];
    }
    Shape together = new Shape(sizes);
    Shape groups = new Shape(others);
    Map<Long, Moments> known = new HashMap<>();
    double depth = depth(together.size());
    return new Definition(
        2,
        p -> {
          long[] group = new long[p.length];
          for (int axis = 0; axis < p.length; axis++) {
            group[axis] = over.test(axis) ? 0 : p[axis];
          }
          Moments moments =
              known.computeIfAbsent(Values.index(groups, group), g -> moments(group, together));
          return normal(x.at(p), moments, eps, depth, line, p[1]);
        });
  }

  private Moments moments(long[] first, Shape together) {
    double[] numbers = new double[Math.toIntExact(together.size())];
    for (int i = 0; i < numbers.length; i++) {
      long[] q = Values.position(together, i);
      for (int axis = 0; axis < q.length; axis++) {
        q[axis] += first[axis];
      }
      numbers[i] = x.at(q);
    }
    return Moments.of(numbers, 0, numbers.length);
  }

  /** The engine adds up by halves. */
  private double depth(long size) {
    return 1 + Math.log((double) size) / Math.log(2) * roundoff.ofSums();
  }

  /** Which of the scales and shifts belongs to a position. */
  private interface Place {
    long of(long[] position);
  }

  /** What is known of some of an array's numbers. */
  private interface Of {
    Moments of(double[] x, int from, int to);
  }

  private Definition grouped(long size, double eps, Line line, Place place) {
    return grouped(size, eps, line, place, Moments::of);
  }

  private Definition grouped(long size, double eps, Line line, Place place, Of moments) {
    Map<Long, Moments> known = new HashMap<>();
    double depth = depth(size);
    return new Definition(
        2,
        p -> {
          long index = Values.index(x.shape(), p);
          Moments group =
              known.computeIfAbsent(
                  index / size,
                  g -> moments.of(x.values(), (int) (g * size), (int) ((g + 1) * size)));
          return normal(x.values()[(int) index], group, eps, depth, line, place.of(p));
        });
  }

  /**
   * Mean and deviation are each off by so many roundings of the largest number; through the root
   * the deviation's error grows with the distance from the mean.
   */
  private Value normal(
      double value, Moments moments, double eps, double roundings, Line line, long i) {
    double rate = 1 / Math.sqrt(moments.variance + eps);
    double normal = (value - moments.mean) * rate;
    double scaled = normal * line.scale(i);
    double number = scaled + line.shift(i);
    double size = moments.largest * rate * (1 + Math.abs(normal)) * Math.abs(line.scale(i));
    double last = Math.abs(scaled) + Math.abs(line.shift(i)) + Math.abs(number);
    return new Value(
        number,
        roundoff.of(8 * (roundings * size + last))
            + FLOAT_EPS * eps * rate * rate * Math.abs(scaled));
  }

  /** {@code x / (k + alpha / size x sum of squares)^beta}. */
  Definition localResponse(LocalResponseNormSpec layer) {
    boolean isLocal = layer.kind() == LocalResponseNormSpec.Kind.LOCAL;
    long channels = x.shape().get(1);
    // What CrossMapLRN2d adds up and takes off again is rounded each time.
    double terms = layer.size() + (isLocal ? 0 : 2 * channels);
    return new Definition(
        layer.size(),
        p -> {
          double squares = isLocal ? neighbours(layer.size(), p) : kept(layer.size(), p);
          double most = isLocal ? squares : squares(p, 0, channels - 1);
          double base = layer.k() + layer.alpha() * squares / layer.size();
          double number = x.at(p) / Math.pow(base, layer.beta());
          double parts = Math.abs(layer.k()) + Math.abs(layer.alpha()) * most / layer.size();
          double roundings = 8 + 4 * Math.abs(layer.beta()) * terms * parts / Math.abs(base);
          return new Value(number, roundoff.of(roundings * Math.abs(number)));
        });
  }

  /** Half of the neighbours are in front; of an even number one more. */
  private double neighbours(long size, long[] p) {
    return squares(p, p[1] - size / 2, p[1] + (size - 1) / 2);
  }

  /**
   * As many on both sides; CrossMapLRN2d takes those off that it leaves behind, but for the first
   * channel, which stays in the sum.
   */
  private double kept(long size, long[] p) {
    long ahead = (size + 1) / 2;
    double first = p[1] >= ahead ? squares(p, 0, 0) : 0;
    return first + squares(p, p[1] - ahead + 1, p[1] + ahead - 1);
  }

  private double squares(long[] p, long from, long to) {
    long[] q = p.clone();
    double squares = 0;
    long end = Math.min(to, x.shape().get(1) - 1);
    for (q[1] = Math.max(0, from); q[1] <= end; q[1]++) {
      squares += x.at(q) * x.at(q);
    }
    return squares;
  }
}
