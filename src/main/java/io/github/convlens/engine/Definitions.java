package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.Pad2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.List;
import java.util.Optional;

/**
 * The definition of each kind of layer, at inference. Empty only for what is no row of a
 * verification, since its parts are: a new kind without a definition does not compile, and one that
 * answers empty is counted as not compared.
 */
final class Definitions implements LayerSpec.Visitor<Optional<Definition>> {
  private final List<Values> inputs;
  private final Values x;
  private final Learned learned;
  private final Roundoff roundoff;
  private final Roundoff convolutions;

  /**
   * Definitions on given numbers.
   *
   * @param inputs what a layer reads; for a join what each branch has made
   * @param learned the layer's parameters
   * @param roundoff how the engine rounds
   * @param convolutions how it rounds in convolutions
   */
  Definitions(List<Values> inputs, Learned learned, Roundoff roundoff, Roundoff convolutions) {
    this.inputs = inputs;
    this.x = inputs.get(0);
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
  public Optional<Definition> visit(AdaptivePool2dSpec layer) {
    return Optional.of(new WindowDefinitions(x, roundoff).adaptive(layer));
  }

  @Override
  public Optional<Definition> visit(AvgPool2dSpec layer) {
    return Optional.of(new WindowDefinitions(x, roundoff).average(layer));
  }

  @Override
  public Optional<Definition> visit(BatchNorm2dSpec layer) {
    return Optional.of(new NormDefinitions(x, roundoff).batch(layer, learned));
  }

  /** The first branch that has the channel, once those before it are counted off. */
  @Override
  public Optional<Definition> visit(ConcatSpec layer) {
    return copy(
        p -> {
          long[] q = p.clone();
          int branch = 0;
          while (q[1] >= inputs.get(branch).shape().get(1)) {
            q[1] -= inputs.get(branch++).shape().get(1);
          }
          return inputs.get(branch).at(q);
        });
  }

  @Override
  public Optional<Definition> visit(Conv2dSpec layer) {
    return Optional.of(new WindowDefinitions(x, convolutions).convolution(layer, learned));
  }

  @Override
  public Optional<Definition> visit(ConvTranspose2dSpec layer) {
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
  public Optional<Definition> visit(MaxPool2dSpec layer) {
    return Optional.of(new WindowDefinitions(x, roundoff).maximum(layer));
  }

  /** Its layers are compared one by one. */
  @Override
  public Optional<Definition> visit(ModuleSpec layer) {
    return Optional.empty();
  }

  /** The pixel that a row and a column stand for; negative padding begins further inside. */
  @Override
  public Optional<Definition> visit(Pad2dSpec layer) {
    long height = x.shape().get(2);
    long width = x.shape().get(3);
    return Optional.of(
        new Definition(
            1,
            p -> {
              long row = p[2] - layer.top();
              long column = p[3] - layer.left();
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
    long r = layer.upscaleFactor();
    return copy(p -> x.pixel(p[0], (p[1] * r + p[2] % r) * r + p[3] % r, p[2] / r, p[3] / r));
  }

  @Override
  public Optional<Definition> visit(ResidualSpec layer) {
    return Optional.of(
        new Definition(
            1,
            p -> {
              double sum = inputs.get(0).at(p) + inputs.get(1).at(p);
              return new Value(sum, roundoff.of(2 * Math.abs(sum)));
            }));
  }

  /** Its layers are compared one by one. */
  @Override
  public Optional<Definition> visit(SequentialSpec layer) {
    return Optional.empty();
  }

  @Override
  public Optional<Definition> visit(UnflattenSpec layer) {
    return reshape(layer.output(x.shape()));
  }

  @Override
  public Optional<Definition> visit(UpsampleSpec layer) {
    return Optional.of(new UpsampleDefinition(layer, x, roundoff).definition());
  }
}
