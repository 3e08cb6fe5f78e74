package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.LpPoolSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The definition of each kind of layer, at inference. A new kind without one does not compile;
 * where the answer is empty, the layer is counted as not compared.
 */
final class Definitions implements LayerSpec.Visitor<Optional<Definition>> {
  private final List<Values> inputs;
  private final Values x;
  private final int output;
  private final Learned learned;
  private final Roundoff roundoff;
  private final Roundoff convolutions;

  /**
   * Definitions on given numbers.
   *
   * @param inputs what a layer reads
   * @param output which of its outputs is meant, from 0
   * @param learned the layer's parameters
   * @param roundoff how the engine rounds
   * @param convolutions how it rounds in convolutions
   */
  Definitions(
      List<Values> inputs, int output, Learned learned, Roundoff roundoff, Roundoff convolutions) {
    this.inputs = inputs;
    this.x = inputs.get(0);
    this.output = output;
    this.learned = learned;
    this.roundoff = roundoff;
    this.convolutions = convolutions;
  }

  private interface Copied {
    double at(long[] position);
  }

  /** A layer that only puts numbers elsewhere. */
  private static Optional<Definition> copy(Copied number) {
    return Optional.of(new Definition(1, p -> Value.exact(number.at(p))));
  }

  /** A layer that leaves the order of the numbers as it is. */
  private Optional<Definition> reshape(Shape output) {
    return copy(p -> x.values()[Math.toIntExact(Values.index(output, p))]);
  }

  @Override
  public Optional<Definition> visit(ActivationSpec layer) {
    return Optional.of(new FunctionDefinitions(x, roundoff).of(layer));
  }

  @Override
  public Optional<Definition> visit(AdaptivePoolSpec layer) {
    return Optional.of(new PoolDefinitions(x, roundoff).adaptive(layer));
  }

  @Override
  public Optional<Definition> visit(AvgPoolSpec layer) {
    return Optional.of(new PoolDefinitions(x, roundoff).average(layer));
  }

  @Override
  public Optional<Definition> visit(BatchNormSpec layer) {
    return Optional.of(new NormDefinitions(x, roundoff).batch(layer, learned));
  }

  /** The first input that has the position, once those before it are counted off. */
  @Override
  public Optional<Definition> visit(ConcatenationSpec layer) {
    int rank = x.shape().dimension();
    int axis = layer.dim() < 0 ? layer.dim() + rank : layer.dim();
    return copy(
        p -> {
          long[] q = p.clone();
          int input = 0;
          while (q[axis] >= inputs.get(input).shape().get(axis)) {
            q[axis] -= inputs.get(input++).shape().get(axis);
          }
          return inputs.get(input).at(q);
        });
  }

  @Override
  public Optional<Definition> visit(ConvSpec layer) {
    return Optional.of(new WindowDefinitions(x, convolutions).convolution(layer, learned));
  }

  @Override
  public Optional<Definition> visit(ConvTransposeSpec layer) {
    return Optional.of(new WindowDefinitions(x, convolutions).transposed(layer, learned));
  }

  /** At inference it does nothing. */
  @Override
  public Optional<Definition> visit(DropoutSpec layer) {
    return copy(x::at);
  }

  @Override
  public Optional<Definition> visit(FlattenSpec layer) {
    return reshape(layer.output(x.shape()));
  }

  @Override
  public Optional<Definition> visit(GroupNormSpec layer) {
    return Optional.of(new NormDefinitions(x, roundoff).group(layer, learned));
  }

  @Override
  public Optional<Definition> visit(IdentitySpec layer) {
    return copy(x::at);
  }

  @Override
  public Optional<Definition> visit(LayerNormSpec layer) {
    return Optional.of(new NormDefinitions(x, roundoff).layer(layer, learned));
  }

  /** {@code y[.., o] = b[o] + sum of w[o, i] x[.., i]}. */
  @Override
  public Optional<Definition> visit(LinearSpec layer) {
    Learned.Rows weights = learned.weights();
    double[] biases =
        layer.biases() == 0
            ? new double[Math.toIntExact(layer.outFeatures())]
            : learned.numbers(Parameter.Type.BIAS);
    int last = x.shape().dimension() - 1;
    int terms = Math.toIntExact(layer.inFeatures());
    double rounding = 4.0 * terms * x.largest() * weights.largest();
    return Optional.of(
        new Definition(
            terms,
            p -> {
              double[] row = weights.get(p[last]);
              double bias = biases[(int) p[last]];
              long[] first = p.clone();
              first[last] = 0;
              int start = Math.toIntExact(Values.index(x.shape(), first));
              double sum = bias;
              for (int i = 0; i < terms; i++) {
                sum += row[i] * x.values()[start + i];
              }
              double size = 2 * (Math.abs(sum) + Math.abs(bias));
              return new Value(sum, roundoff.of(rounding + size));
            }));
  }

  @Override
  public Optional<Definition> visit(LocalResponseNormSpec layer) {
    return Optional.of(new NormDefinitions(x, roundoff).localResponse(layer));
  }

  @Override
  public Optional<Definition> visit(MaxPoolSpec layer) {
    return Optional.of(new PoolDefinitions(x, roundoff).maximum(layer));
  }

  /** The pixel that a row and a column stand for; negative padding begins further inside. */
  @Override
  public Optional<Definition> visit(PadSpec layer) {
    long height = x.shape().get(2);
    long width = x.shape().get(3);
    return Optional.of(
        new Definition(
            1,
            p -> {
              long row = p[2] - layer.before().height();
              long column = p[3] - layer.before().width();
              if (layer.mode() == PaddingMode.ZEROS && !x.inside(row, column)) {
                return new Value(layer.value(), roundoff.unit() * Math.abs(layer.value()));
              }
              long from = WindowDefinitions.source(layer.mode(), row, height);
              long at = WindowDefinitions.source(layer.mode(), column, width);
              return Value.exact(x.pixel(p[0], p[1], from, at));
            }));
  }

  @Override
  public Optional<Definition> visit(PReluSpec layer) {
    double[] slopes = learned.numbers(Parameter.Type.OTHER);
    return Optional.of(
        new Definition(
            1,
            p -> {
              double in = x.at(p);
              double slope = slopes[layer.numParameters() == 1 ? 0 : (int) p[1]];
              double out = in > 0 ? in : slope * in;
              return new Value(out, roundoff.of(2 * Math.abs(out)));
            }));
  }

  /** Channel {@code (c r + i) r + j} holds the pixels of row {@code i} and column {@code j}. */
  @Override
  public Optional<Definition> visit(PixelShuffleSpec layer) {
    long r = layer.factor();
    if (layer.direction() == PixelShuffleSpec.Direction.TO_CHANNELS) {
      return copy(p -> x.pixel(p[0], p[1] / (r * r), p[2] * r + p[1] / r % r, p[3] * r + p[1] % r));
    }
    return copy(p -> x.pixel(p[0], (p[1] * r + p[2] % r) * r + p[3] % r, p[2] / r, p[3] / r));
  }

  @Override
  public Optional<Definition> visit(ScaleSpec layer) {
    return Optional.of(
        new Definition(
            2,
            p -> {
              double product = layer.factor() * x.at(p);
              double sum = product + layer.summand();
              double sizes = 3 * Math.abs(product) + Math.abs(layer.summand()) + Math.abs(sum);
              return new Value(sum, roundoff.of(2 * sizes));
            }));
  }

  @Override
  public Optional<Definition> visit(SumSpec layer) {
    return Optional.of(
        new Definition(
            inputs.size(),
            p -> {
              double sum = 0;
              double sizes = 0;
              for (Values input : inputs) {
                double number = broadcast(input, p);
                sum += number;
                sizes += Math.abs(number);
              }
              return new Value(sum, roundoff.of(2 * (inputs.size() - 1) * sizes));
            }));
  }

  @Override
  public Optional<Definition> visit(ProductSpec layer) {
    return Optional.of(
        new Definition(
            inputs.size(),
            p -> {
              double product = 1;
              for (Values input : inputs) {
                product *= broadcast(input, p);
              }
              return new Value(product, roundoff.of(2 * inputs.size() * Math.abs(product)));
            }));
  }

  /** An input's number at a position of the output: its axes are the last ones, 1 is repeated. */
  private static double broadcast(Values input, long[] p) {
    int rank = input.shape().dimension();
    long[] q = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      q[axis] = input.shape().get(axis) == 1 ? 0 : p[p.length - rank + axis];
    }
    return input.at(q);
  }

  @Override
  public Optional<Definition> visit(UnflattenSpec layer) {
    return reshape(layer.output(x.shape()));
  }

  @Override
  public Optional<Definition> visit(UpsampleSpec layer) {
    return Optional.of(new UpsampleDefinition(layer, x, roundoff).definition());
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(CustomSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(AttentionSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(FitSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(BlurSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(LearnedSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(RmsNormSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(EmbeddingSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(LpPoolSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(MultiheadAttentionSpec layer) {
    return Optional.empty();
  }

  /** The engine does not run it. */
  @Override
  public Optional<Definition> visit(RecurrentSpec layer) {
    return Optional.empty();
  }

  @Override
  public Optional<Definition> visit(InstanceNormSpec layer) {
    return Optional.of(new NormDefinitions(x, roundoff).instance(layer, learned));
  }

  /** Channel {@code c} comes from row {@code c % groups} of the table and its column. */
  @Override
  public Optional<Definition> visit(ChannelShuffleSpec layer) {
    long each = x.shape().get(1) / layer.groups();
    return copy(
        p -> {
          long[] q = p.clone();
          q[1] = p[1] % layer.groups() * each + p[1] / layer.groups();
          return x.at(q);
        });
  }

  @Override
  public Optional<Definition> visit(PermuteSpec layer) {
    return copy(
        p -> {
          long[] q = new long[p.length];
          for (int axis = 0; axis < p.length; axis++) {
            int from = layer.dims().get(axis);
            q[from < 0 ? from + p.length : from] = p[axis];
          }
          return x.at(q);
        });
  }

  @Override
  public Optional<Definition> visit(ReshapeSpec layer) {
    return reshape(layer.output(x.shape()));
  }

  /** {@code y[.., i, j] = sum of a[.., i, k] b[.., k, j]}. */
  @Override
  public Optional<Definition> visit(MatrixProductSpec layer) {
    Values y = inputs.get(1);
    long terms = x.shape().get(x.shape().dimension() - 1);
    double rounding = 4.0 * terms * x.largest() * y.largest();
    return Optional.of(
        new Definition(
            terms,
            p -> {
              long[] left = p.clone();
              long[] right = p.clone();
              double sum = 0;
              for (long k = 0; k < terms; k++) {
                left[p.length - 1] = k;
                right[p.length - 2] = k;
                sum += broadcast(x, left) * broadcast(y, right);
              }
              return new Value(sum, convolutions.of(rounding + 2 * Math.abs(sum)));
            }));
  }

  /** The sum over the axes by the number of places. */
  @Override
  public Optional<Definition> visit(MeanSpec layer) {
    Set<Integer> over = layer.over(x.shape());
    Shape places = new Shape(over.stream().mapToLong(x.shape()::get).toArray());
    double rounding = 4 * Math.sqrt((double) places.size()) * x.largest();
    return Optional.of(
        new Definition(
            places.size(),
            p -> {
              double sum = 0;
              for (long i = 0; i < places.size(); i++) {
                sum += x.at(completed(p, over, Values.position(places, i), layer.axes()));
              }
              double mean = sum / places.size();
              return new Value(mean, roundoff.of(rounding + 2 * Math.abs(mean)));
            }));
  }

  /** A position of the input: some axes from one list, those of the output from the other. */
  private long[] completed(long[] p, Set<Integer> over, long[] place, MeanSpec.Axes axes) {
    long[] q = new long[x.shape().dimension()];
    int taken = 0;
    int left = 0;
    for (int axis = 0; axis < q.length; axis++) {
      boolean mean = over.contains(axis);
      q[axis] = mean ? place[taken++] : p[left];
      left += mean && axes == MeanSpec.Axes.DROPPED ? 0 : 1;
    }
    return q;
  }

  /** Behind the parts in front of it. */
  @Override
  public Optional<Definition> visit(SplitSpec layer) {
    int axis = layer.dim() < 0 ? layer.dim() + x.shape().dimension() : layer.dim();
    List<Long> parts = layer.parts().of(x.shape().get(axis));
    long start = parts.subList(0, output).stream().mapToLong(Long::longValue).sum();
    return copy(
        p -> {
          long[] q = p.clone();
          q[axis] += start;
          return x.at(q);
        });
  }
}
