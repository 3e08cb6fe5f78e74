package io.github.convlens.engine;

import ai.djl.nn.Parameter;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

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
  }

  /** The learned scales and shifts, 1 and 0 where none are learned. */
  private static final class Line {
    private final double[] scales;
    private final double[] shifts;

    Line(Affine affine, Learned learned) {
      boolean shift = affine == Affine.SCALE_AND_SHIFT;
      scales = affine == Affine.NONE ? new double[0] : learned.numbers(Parameter.Type.GAMMA);
      shifts = shift ? learned.numbers(Parameter.Type.BETA) : new double[0];
    }

    double scale(long i) {
      return scales.length == 0 ? 1 : scales[(int) i];
    }

    double shift(long i) {
      return shifts.length == 0 ? 0 : shifts[(int) i];
    }
  }

  /** Inference: mean and variance are those that training has left. */
  Definition batch(BatchNormSpec layer, Learned learned) {
    Line line = new Line(layer.affine(), learned);
    double[] means = learned.numbers(Parameter.Type.RUNNING_MEAN);
    double[] variances = learned.numbers(Parameter.Type.RUNNING_VAR);
    return new Definition(
        1,
        p -> {
          int c = (int) p[1];
          double value = x.at(p);
          Moments moments =
              new Moments(means[c], variances[c], Math.abs(value) + Math.abs(means[c]));
          return normal(value, moments, layer.eps(), 1, line, c);
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
    long size = x.shape().size() / (x.shape().get(0) * x.shape().get(1));
    return grouped(size, layer.eps(), line, p -> p[1]);
  }

  /** The last axes lie together already; channels are gathered place by place. */
  Definition layer(LayerNormSpec layer, Learned learned) {
    Line line = new Line(layer.affine(), learned);
    if (layer.over() == LayerNormSpec.Over.CHANNELS) {
      return channels(layer.eps(), line);
    }
    long size = layer.normalizedShape().stream().reduce(1L, (a, b) -> a * b);
    return grouped(size, layer.eps(), line, p -> Values.index(x.shape(), p) % size);
  }

  private Definition channels(double eps, Line line) {
    long size = x.shape().get(1);
    double depth = 1 + Math.log((double) size) / Math.log(2);
    return new Definition(
        2,
        p -> {
          double[] gathered =
              LongStream.range(0, size).mapToDouble(c -> x.pixel(p[0], c, p[2], p[3])).toArray();
          Moments moments = Moments.of(gathered, 0, gathered.length);
          return normal(x.at(p), moments, eps, depth, line, p[1]);
        });
  }

  /** Which of the scales and shifts belongs to a position. */
  private interface Place {
    long of(long[] position);
  }

  private Definition grouped(long size, double eps, Line line, Place place) {
    Map<Long, Moments> known = new HashMap<>();
    double depth = 1 + Math.log((double) size) / Math.log(2); // the engine adds up by halves
    return new Definition(
        2,
        p -> {
          long index = Values.index(x.shape(), p);
          Moments moments =
              known.computeIfAbsent(
                  index / size,
                  g -> Moments.of(x.values(), (int) (g * size), (int) ((g + 1) * size)));
          return normal(x.values()[(int) index], moments, eps, depth, line, place.of(p));
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

  /** {@code x / (k + alpha / size x sum of squares)^beta}, half of the neighbours in front. */
  Definition localResponse(LocalResponseNormSpec layer) {
    long first = layer.size() / 2;
    long last = (layer.size() - 1) / 2;
    return new Definition(
        layer.size(),
        p -> {
          long[] q = p.clone();
          double squares = 0;
          long end = Math.min(p[1] + last, x.shape().get(1) - 1);
          for (q[1] = Math.max(0, p[1] - first); q[1] <= end; q[1]++) {
            squares += x.at(q) * x.at(q);
          }
          double mean = layer.alpha() * squares / layer.size();
          double base = layer.k() + mean;
          double number = x.at(p) / Math.pow(base, layer.beta());
          double growth = (Math.abs(layer.k()) + Math.abs(mean)) / Math.abs(base);
          double roundings = 8 + 4 * Math.abs(layer.beta()) * layer.size() * growth;
          return new Value(number, roundoff.of(roundings * Math.abs(number)));
        });
  }
}
