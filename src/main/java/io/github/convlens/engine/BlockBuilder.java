package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Affine;
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
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.function.UnaryOperator;

/** Chooses the block for each kind of layer. */
final class BlockBuilder implements LayerSpec.Visitor<Block> {
  @Override
  public Block visit(ActivationSpec layer) {
    return steps(layer, Activations.of(layer));
  }

  @Override
  public Block visit(AdaptivePool2dSpec layer) {
    return steps(layer, x -> Pooling.adaptive(layer, x));
  }

  @Override
  public Block visit(AvgPool2dSpec layer) {
    return steps(layer, x -> Pooling.average(layer, x));
  }

  /** DJL's momentum is the share of the old value, PyTorch's that of the new one. */
  @Override
  public Block visit(BatchNorm2dSpec layer) {
    return BatchNorm.builder()
        .optEpsilon((float) layer.eps())
        .optMomentum((float) (1 - layer.momentum()))
        .optScale(layer.affine() != Affine.NONE)
        .optCenter(layer.affine() == Affine.SCALE_AND_SHIFT)
        .build();
  }

  @Override
  public Block visit(ConcatSpec layer) {
    return Branches.concat(layer);
  }

  @Override
  public Block visit(Conv2dSpec layer) {
    return PaddedConv2d.of(layer);
  }

  @Override
  public Block visit(ConvTranspose2dSpec layer) {
    return new TransposedConv2d(layer);
  }

  @Override
  public Block visit(DropoutSpec layer) {
    return switch (layer.unit()) {
      case ELEMENT -> Dropout.builder().optRate((float) layer.probability()).build();
      case CHANNEL -> new ChannelDropout(layer);
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
    return steps(layer, x -> localResponse(layer, x));
  }

  @Override
  public Block visit(MaxPool2dSpec layer) {
    return steps(layer, x -> Pooling.max(layer, x));
  }

  @Override
  public Block visit(ModuleSpec layer) {
    return layer.forward().accept(this);
  }

  @Override
  public Block visit(Pad2dSpec layer) {
    Border border = new Border(layer.top(), layer.bottom(), layer.left(), layer.right());
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
  public Block visit(ResidualSpec layer) {
    return Branches.sum(layer);
  }

  @Override
  public Block visit(SequentialSpec layer) {
    return new Chain(layer);
  }

  @Override
  public Block visit(UnflattenSpec layer) {
    return new FunctionBlock(layer, x -> x.reshape(layer.output(x.getShape())));
  }

  @Override
  public Block visit(UpsampleSpec layer) {
    return steps(layer, x -> Resampling.apply(layer, x));
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
    long r = layer.upscaleFactor();
    return x.reshape(s.get(0), s.get(1) / (r * r), r, r, s.get(2), s.get(3))
        .transpose(0, 1, 4, 2, 5, 3) // (batch, channels, height, r, width, r)
        .reshape(layer.output(s));
  }
}
