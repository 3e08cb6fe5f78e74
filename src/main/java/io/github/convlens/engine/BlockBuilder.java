package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Affine;
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
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.Statistics;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Chooses the block for each kind of layer. */
final class BlockBuilder implements LayerSpec.Visitor<Block> {
  /** Axes of a picture: (batch, channels, height, width). */
  private static final int PICTURE = 4;

  private final List<Shape> inputs;

  /** Chooses for a layer on inputs of these shapes; none where they are not known. */
  BlockBuilder(List<Shape> inputs) {
    this.inputs = inputs;
  }

  @Override
  public Block visit(ActivationSpec layer) {
    return steps(layer, Activations.of(layer));
  }

  @Override
  public Block visit(AdaptivePoolSpec layer) {
    return layer.spatialAxes() == 2
        ? steps(layer, x -> Pooling.adaptive(layer, x))
        : PlainPools.adaptive(layer);
  }

  @Override
  public Block visit(AvgPoolSpec layer) {
    return layer.spatialAxes() == 2
        ? steps(layer, x -> Pooling.average(layer, x))
        : PlainPools.average(layer);
  }

  /** DJL's momentum is the share of the old value, PyTorch's that of the new one. */
  @Override
  public Block visit(BatchNormSpec layer) {
    if (layer.statistics() != Statistics.RUNNING) {
      throw unknown(layer);
    }
    return BatchNorm.builder()
        .optEpsilon((float) layer.eps())
        .optMomentum((float) (1 - layer.momentum().orElseThrow(() -> unknown(layer))))
        .optScale(layer.affine() != Affine.NONE)
        .optCenter(layer.affine() == Affine.SCALE_AND_SHIFT)
        .build();
  }

  @Override
  public Block visit(ConvSpec layer) {
    return Convolutions.of(layer);
  }

  @Override
  public Block visit(ConvTransposeSpec layer) {
    pictures(layer);
    return new TransposedConv2d(layer);
  }

  @Override
  public Block visit(DropoutSpec layer) {
    return switch (layer.unit()) {
      case ELEMENT -> Dropout.builder().optRate((float) layer.probability()).build();
      case CHANNEL_OF_SEQUENCE, CHANNEL, CHANNEL_OF_VOLUME -> new ChannelDropout(layer);
      case ALPHA, FEATURE_ALPHA -> throw unknown(layer);
    };
  }

  @Override
  public Block visit(FlattenSpec layer) {
    return new FunctionBlock(layer, x -> x.reshape(layer.output(x.getShape())));
  }

  @Override
  public Block visit(GroupNormSpec layer) {
    return new GroupNorm(layer);
  }

  @Override
  public Block visit(IdentitySpec layer) {
    return new FunctionBlock(layer, x -> x);
  }

  @Override
  public Block visit(LayerNormSpec layer) {
    return new TrailingNorm(layer);
  }

  @Override
  public Block visit(LinearSpec layer) {
    return Linear.builder().setUnits(layer.outFeatures()).optBias(layer.biases() > 0).build();
  }

  @Override
  public Block visit(LocalResponseNormSpec layer) {
    if (layer.kind() == LocalResponseNormSpec.Kind.CROSS_MAP) {
      throw unknown(layer);
    }
    return steps(layer, x -> localResponse(layer, x));
  }

  @Override
  public Block visit(MaxPoolSpec layer) {
    return layer.spatialAxes() == 2
        ? steps(layer, x -> Pooling.max(layer, x))
        : PlainPools.max(layer);
  }

  @Override
  public Block visit(PadSpec layer) {
    pictures(layer);
    Border border =
        new Border(
            layer.before().height(),
            layer.after().height(),
            layer.before().width(),
            layer.after().width());
    return switch (layer.mode()) {
      case ZEROS -> steps(layer, x -> border.fill(x, layer.value()));
      case REFLECT, REPLICATE, CIRCULAR -> steps(layer, x -> border.extend(x, layer.mode()));
    };
  }

  @Override
  public Block visit(PReluSpec layer) {
    return new PRelu(layer);
  }

  @Override
  public Block visit(PixelShuffleSpec layer) {
    return steps(layer, x -> shuffle(layer, x));
  }

  @Override
  public Block visit(UnflattenSpec layer) {
    return new FunctionBlock(layer, x -> x.reshape(layer.output(x.getShape())));
  }

  @Override
  public Block visit(UpsampleSpec layer) {
    pictures(layer);
    return steps(
        layer,
        x -> {
          if (x.getShape().dimension() != PICTURE) {
            throw unknown(layer);
          }
          return Resampling.apply(layer, x);
        });
  }

  @Override
  public Block visit(ChannelShuffleSpec layer) {
    return steps(
        layer,
        x -> {
          Shape s = x.getShape();
          return x.reshape(s.get(0), layer.groups(), s.get(1) / layer.groups(), -1)
              .transpose(0, 2, 1, 3)
              .reshape(s);
        });
  }

  @Override
  public Block visit(ConcatenationSpec layer) {
    return FunctionBlock.ofLists(layer, inputs -> new NDList(concatenated(layer, inputs)));
  }

  @Override
  public Block visit(CustomSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(AttentionSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(BlurSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(FitSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(LearnedSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(RmsNormSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(EmbeddingSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(InstanceNormSpec layer) {
    if (layer.statistics() != Statistics.INPUT) {
      throw unknown(layer);
    }
    return new GroupNorm(layer);
  }

  @Override
  public Block visit(LpPoolSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(MatrixProductSpec layer) {
    return FunctionBlock.ofLists(layer, inputs -> new NDList(inputs.get(0).matMul(inputs.get(1))));
  }

  @Override
  public Block visit(MeanSpec layer) {
    return steps(layer, x -> mean(layer, x));
  }

  @Override
  public Block visit(MultiheadAttentionSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(PermuteSpec layer) {
    int rank = layer.dims().size();
    int[] axes = layer.dims().stream().mapToInt(dim -> dim < 0 ? dim + rank : dim).toArray();
    return new FunctionBlock(layer, x -> x.transpose(axes));
  }

  @Override
  public Block visit(ProductSpec layer) {
    return join(layer, NDArray::mul);
  }

  @Override
  public Block visit(RecurrentSpec layer) {
    throw unknown(layer);
  }

  @Override
  public Block visit(ReshapeSpec layer) {
    return new FunctionBlock(layer, x -> x.reshape(layer.output(x.getShape())));
  }

  @Override
  public Block visit(ScaleSpec layer) {
    return steps(layer, x -> scaled(layer, x));
  }

  private static NDArray scaled(ScaleSpec layer, NDArray x) {
    NDArray product = layer.factor() == 1 ? x : x.mul(layer.factor());
    return layer.summand() == 0 && product != x ? product : product.add(layer.summand());
  }

  @Override
  public Block visit(SplitSpec layer) {
    return FunctionBlock.ofLists(layer, inputs -> split(layer, inputs.singletonOrThrow()));
  }

  @Override
  public Block visit(SumSpec layer) {
    return join(layer, NDArray::add);
  }

  private static Block join(LayerSpec layer, BinaryOperator<NDArray> operator) {
    return FunctionBlock.ofLists(
        layer,
        inputs -> {
          NDArray result = inputs.get(0);
          for (NDArray next : inputs.subList(1, inputs.size())) {
            NDArray before = result;
            result = operator.apply(result, next);
            if (before != inputs.get(0)) {
              before.close();
            }
          }
          return new NDList(result);
        });
  }

  /** DJL takes a mean over one axis: the others are joined to it. */
  private static NDArray mean(MeanSpec layer, NDArray x) {
    Shape shape = x.getShape();
    int rank = shape.dimension();
    Set<Integer> over = layer.over(shape);
    int kept = rank - over.size();
    int[] order =
        IntStream.range(0, rank)
            .boxed()
            .sorted(Comparator.comparing(over::contains))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sizes = Arrays.stream(order).mapToLong(shape::get).limit(kept + 1L).toArray();
    sizes[kept] = -1;
    return x.transpose(order)
        .reshape(sizes)
        .mean(new int[] {kept}, false)
        .reshape(layer.output(shape));
  }

  /** DJL's own concatenation of one array is detached from what made it. */
  private static NDArray concatenated(ConcatenationSpec layer, NDList inputs) {
    NDArray first = inputs.get(0);
    if (inputs.size() == 1) {
      return first;
    }
    int rank = first.getShape().dimension();
    int axis = layer.dim() < 0 ? layer.dim() + rank : layer.dim();
    return first.getNDArrayInternal().concat(new NDList(inputs.subList(1, inputs.size())), axis);
  }

  private static NDList split(SplitSpec layer, NDArray x) {
    int rank = x.getShape().dimension();
    int axis = layer.dim() < 0 ? layer.dim() + rank : layer.dim();
    List<Long> sizes = layer.parts().of(x.getShape().get(axis));
    if (sizes.size() == 1) {
      return new NDList(x);
    }
    long[] borders = new long[sizes.size() - 1];
    long border = 0;
    for (int i = 0; i < borders.length; i++) {
      border += sizes.get(i);
      borders[i] = border;
    }
    return x.split(borders, axis);
  }

  static ShapeException unknown(LayerSpec layer) {
    return ShapeException.of(
        "the engine cannot run this layer yet",
        "It is " + layer + ".",
        "Leave it out to run the rest; its shapes and costs are in trace.");
  }

  /**
   * Of layers with windows the engine runs those on pictures. A layer that takes any number of axes
   * is told by its input, where that is known.
   */
  private void pictures(LayerSpec layer) {
    int given = inputs.isEmpty() ? PICTURE : inputs.get(0).dimension();
    int rank = layer.spatialAxes() == 0 ? given : layer.spatialAxes() + 2;
    if (rank != PICTURE) {
      throw unknown(layer);
    }
  }

  private static Block steps(LayerSpec layer, UnaryOperator<NDArray> steps) {
    return new FunctionBlock(layer, x -> Scratch.apply(x, steps));
  }

  /** The mean of squares over neighbouring channels is an average pool on (channels, all else). */
  private static NDArray localResponse(LocalResponseNormSpec layer, NDArray x) {
    Shape shape = x.getShape();
    long before = layer.size() / 2;
    long after = (layer.size() - 1) / 2;
    NDArray squares = x.mul(x).reshape(shape.get(0), 1, shape.get(1), -1);
    NDArray means =
        Pool.avgPool2d(
            new Border(before, after, 0, 0).fill(squares, 0),
            new Shape(layer.size(), 1),
            new Shape(1, 1),
            new Shape(0, 0),
            false,
            true);
    NDArray divisor = means.reshape(shape).mul(layer.alpha()).add(layer.k()).pow(layer.beta());
    return x.div(divisor);
  }

  private static NDArray shuffle(PixelShuffleSpec layer, NDArray x) {
    Shape s = x.getShape();
    long r = layer.factor();
    if (layer.direction() == PixelShuffleSpec.Direction.TO_CHANNELS) {
      return x.reshape(s.get(0), s.get(1), s.get(2) / r, r, s.get(3) / r, r)
          .transpose(0, 1, 3, 5, 2, 4) // (batch, channels, r, r, height, width)
          .reshape(layer.output(s));
    }
    return x.reshape(s.get(0), s.get(1) / (r * r), r, r, s.get(2), s.get(3))
        .transpose(0, 1, 4, 2, 5, 3) // (batch, channels, height, r, width, r)
        .reshape(layer.output(s));
  }
}
