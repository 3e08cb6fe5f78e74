package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.ProductDefinitions.Pair;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
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
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.List;
import java.util.Optional;

/**
 * The definition of each kind of layer, at inference. A new kind without one does not compile; that
 * of a kind of somebody's own is not known.
 */
final class Definitions implements LayerSpec.Visitor<Definition> {
  /** The modes of one, two and three axes. */
  private static final List<UpsampleSpec.Mode> LINEAR =
      List.of(UpsampleSpec.Mode.LINEAR, UpsampleSpec.Mode.BILINEAR, UpsampleSpec.Mode.TRILINEAR);

  /** Multiply-adds of a recurrent layer that is compared: about two seconds. */
  private static final long LARGEST_WHOLE = 1L << 27;

  private final List<Values> inputs;
  private final Values x;
  private final int output;
  private final Learned learned;
  private final Roundoff roundoff;
  private final Roundoff cudnn;

  private Definitions(
      List<Values> inputs, int output, Learned learned, Roundoff roundoff, Roundoff cudnn) {
    this.inputs = inputs;
    this.x = inputs.get(0);
    this.output = output;
    this.learned = learned;
    this.roundoff = roundoff;
    this.cudnn = cudnn;
  }

  /**
   * The definition of a layer on given numbers; empty where it is not known.
   *
   * @param inputs what the layer reads
   * @param output which of its outputs is meant, from 0
   * @param learned the layer's parameters
   * @param roundoff how the engine rounds
   * @param cudnn how it rounds in convolutions and recurrent networks
   */
  static Optional<Definition> of(
      LayerSpec layer,
      List<Values> inputs,
      int output,
      Learned learned,
      Roundoff roundoff,
      Roundoff cudnn) {
    return layer instanceof CustomSpec || isTooLong(layer, inputs)
        ? Optional.empty()
        : Optional.of(layer.accept(new Definitions(inputs, output, learned, roundoff, cudnn)));
  }

  /** A recurrent layer is computed whole for any of its numbers. */
  private static boolean isTooLong(LayerSpec layer, List<Values> inputs) {
    return layer instanceof RecurrentSpec
        && layer.macs(List.of(inputs.get(0).shape())) > LARGEST_WHOLE;
  }

  private int axis(int dim) {
    return dim < 0 ? dim + x.shape().dimension() : dim;
  }

  private NormDefinitions norm() {
    return new NormDefinitions(x, roundoff);
  }

  private PoolDefinitions pool() {
    return new PoolDefinitions(x, roundoff);
  }

  private WindowDefinitions window() {
    return new WindowDefinitions(x, cudnn, learned);
  }

  private Definition upsample(UpsampleSpec layer) {
    return new UpsampleDefinition(layer, x, roundoff).definition();
  }

  @Override
  public Definition visit(ActivationSpec layer) {
    return new FunctionDefinitions(x, roundoff).of(layer);
  }

  @Override
  public Definition visit(AdaptivePoolSpec layer) {
    return pool().adaptive(layer);
  }

  @Override
  public Definition visit(AttentionSpec layer) {
    return new ProductDefinitions(roundoff, roundoff).attention(x, inputs.get(1), inputs.get(2));
  }

  @Override
  public Definition visit(AvgPoolSpec layer) {
    return pool().average(layer);
  }

  @Override
  public Definition visit(BatchNormSpec layer) {
    return norm().batch(layer, learned);
  }

  @Override
  public Definition visit(BlurSpec layer) {
    return pool().blurred(layer);
  }

  @Override
  public Definition visit(ChannelShuffleSpec layer) {
    return MoveDefinitions.shuffled(x, layer.groups());
  }

  @Override
  public Definition visit(ConcatenationSpec layer) {
    return MoveDefinitions.concatenated(inputs, axis(layer.dim()));
  }

  @Override
  public Definition visit(ConvSpec layer) {
    return window().convolution(layer);
  }

  @Override
  public Definition visit(ConvTransposeSpec layer) {
    return window().transposed(layer);
  }

  @Override
  public Definition visit(CustomSpec layer) {
    throw new IllegalArgumentException(layer + " is somebody's own");
  }

  /** At inference it does nothing. */
  @Override
  public Definition visit(DropoutSpec layer) {
    return Definition.copy(x::at);
  }

  @Override
  public Definition visit(EmbeddingSpec layer) {
    return MoveDefinitions.looked(learned.values("weight"), x, roundoff);
  }

  /** In the middle of what is there, or put around it: a half, rounded down, is in front. */
  @Override
  public Definition visit(FitSpec layer) {
    Shape output = layer.outputs(inputs.stream().map(Values::shape).toList()).get(0);
    return switch (layer.how()) {
      case NEAREST -> upsample(fitted(output, UpsampleSpec.Mode.NEAREST));
      case LINEAR -> upsample(fitted(output, LINEAR.get(output.dimension() - 3)));
      case PAD, CROP ->
          MoveDefinitions.padded(x, inFront(output, layer.how()), PaddingMode.ZEROS, 0, roundoff);
      case TOKENS -> MoveDefinitions.laidOut(x, output);
      case ROWS -> MoveDefinitions.inOrder(x, output);
    };
  }

  private static UpsampleSpec fitted(Shape output, UpsampleSpec.Mode mode) {
    Size size = new Size(output.slice(2, output.dimension()).getShape());
    return new UpsampleSpec(UpsampleSpec.Target.to(size), mode, UpsampleSpec.Corners.EDGES);
  }

  private long[] inFront(Shape output, FitSpec.How how) {
    long[] before = new long[output.dimension()];
    for (int axis = 2; axis < before.length; axis++) {
      long more = output.get(axis) - x.shape().get(axis);
      before[axis] = how == FitSpec.How.PAD ? Math.floorDiv(more, 2) : -(-more / 2);
    }
    return before;
  }

  @Override
  public Definition visit(FlattenSpec layer) {
    return MoveDefinitions.inOrder(x, layer.output(x.shape()));
  }

  @Override
  public Definition visit(GroupNormSpec layer) {
    return norm().group(layer, learned);
  }

  @Override
  public Definition visit(IdentitySpec layer) {
    return Definition.copy(x::at);
  }

  @Override
  public Definition visit(InstanceNormSpec layer) {
    return norm().instance(layer, learned);
  }

  @Override
  public Definition visit(LayerNormSpec layer) {
    return norm().layer(layer, learned);
  }

  @Override
  public Definition visit(LearnedSpec layer) {
    Values own = learned.only();
    return switch (layer.operation()) {
      case MULTIPLY -> JoinDefinitions.product(List.of(x, own), roundoff);
      case ADD -> JoinDefinitions.sum(List.of(x, own), roundoff);
      case PREPEND -> MoveDefinitions.concatenated(List.of(own.each(x.shape().get(0)), x), 1);
      case PROJECT -> new ProductDefinitions(roundoff, roundoff).of(new Pair(x, own));
    };
  }

  @Override
  public Definition visit(LinearSpec layer) {
    return new ProductDefinitions(roundoff, roundoff)
        .linear(x, learned.weights(), learned.optional("bias"));
  }

  @Override
  public Definition visit(LocalResponseNormSpec layer) {
    return norm().localResponse(layer);
  }

  @Override
  public Definition visit(LpPoolSpec layer) {
    return pool().power(layer);
  }

  @Override
  public Definition visit(MatrixProductSpec layer) {
    return new ProductDefinitions(roundoff, cudnn).of(new Pair(x, inputs.get(1)));
  }

  @Override
  public Definition visit(MaxPoolSpec layer) {
    return pool().maximum(layer);
  }

  @Override
  public Definition visit(MeanSpec layer) {
    boolean keeps = layer.axes() != MeanSpec.Axes.DROPPED;
    return new ReductionDefinitions(x, layer.over(x.shape()), keeps, roundoff).mean();
  }

  @Override
  public Definition visit(MultiheadAttentionSpec layer) {
    return new MultiheadDefinition(layer, inputs, learned, roundoff).definition(output);
  }

  @Override
  public Definition visit(PadSpec layer) {
    long[] before = new long[x.shape().dimension()];
    for (Axis axis : layer.before().axes()) {
      before[axis.index(before.length)] = layer.before().on(axis);
    }
    return MoveDefinitions.padded(x, before, layer.mode(), layer.value(), roundoff);
  }

  @Override
  public Definition visit(PermuteSpec layer) {
    return MoveDefinitions.permuted(x, layer.dims().stream().mapToInt(this::axis).toArray());
  }

  @Override
  public Definition visit(PixelShuffleSpec layer) {
    return layer.direction() == PixelShuffleSpec.Direction.TO_PIXELS
        ? MoveDefinitions.toPixels(x, layer.factor())
        : MoveDefinitions.toChannels(x, layer.factor());
  }

  @Override
  public Definition visit(PReluSpec layer) {
    return new FunctionDefinitions(x, roundoff).prelu(learned.numbers("weight"));
  }

  @Override
  public Definition visit(ProductSpec layer) {
    return JoinDefinitions.product(inputs, roundoff);
  }

  @Override
  public Definition visit(RecurrentSpec layer) {
    return SequenceDefinitions.recurrent(layer, inputs, output, learned, cudnn);
  }

  @Override
  public Definition visit(ReshapeSpec layer) {
    return MoveDefinitions.inOrder(x, layer.output(x.shape()));
  }

  @Override
  public Definition visit(RmsNormSpec layer) {
    return norm().meanSquare(layer, learned);
  }

  @Override
  public Definition visit(ScaleSpec layer) {
    return JoinDefinitions.scaled(layer, x, roundoff);
  }

  /** Behind the parts in front of it. */
  @Override
  public Definition visit(SplitSpec layer) {
    int axis = axis(layer.dim());
    List<Long> parts = layer.parts().of(x.shape().get(axis));
    long start = parts.subList(0, output).stream().mapToLong(Long::longValue).sum();
    return MoveDefinitions.part(x, axis, start);
  }

  @Override
  public Definition visit(SumSpec layer) {
    return JoinDefinitions.sum(inputs, roundoff);
  }

  @Override
  public Definition visit(UnflattenSpec layer) {
    return MoveDefinitions.inOrder(x, layer.output(x.shape()));
  }

  @Override
  public Definition visit(UpsampleSpec layer) {
    return upsample(layer);
  }
}
