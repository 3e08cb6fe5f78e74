package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.LayerSpec;
import java.util.Arrays;

/** Dropout of whole channels, which DJL lacks: its dropout of a 1 for each channel is a mask. */
final class ChannelDropout extends AbstractBlock implements Specified {
  private static final byte VERSION = 1;

  private final DropoutSpec layer;

  ChannelDropout(DropoutSpec layer) {
    super(VERSION);
    this.layer = layer;
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray input = inputs.singletonOrThrow();
    return training ? new NDList(Scratch.apply(input, this::drop)) : inputs;
  }

  private NDArray drop(NDArray x) {
    long[] sizes = x.getShape().getShape().clone();
    Arrays.fill(sizes, Math.min(2, sizes.length), sizes.length, 1);
    NDArray ones = x.getManager().ones(new Shape(sizes), x.getDataType());
    return x.mul(Dropout.dropout(ones, (float) layer.probability(), true).singletonOrThrow());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}
