package io.github.convlens.engine;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;

/**
 * DJL's {@link LayerNorm} over the last axes or the channels, whatever the rank of the input: DJL's
 * own builder counts axes from the front.
 */
final class TrailingNorm extends LayerNorm implements Specified {
  private final LayerNormSpec layer;

  TrailingNorm(LayerNormSpec layer) {
    super(
        builder()
            .optEpsilon((float) layer.eps())
            .optScale(layer.affine() != Affine.NONE)
            .optCenter(layer.affine() == Affine.SCALE_AND_SHIFT));
    this.layer = layer;
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected void beforeInitialize(Shape... inputShapes) {
    super.beforeInitialize(inputShapes);
    normalizedShape =
        new Shape(layer.normalizedShape().stream().mapToLong(Long::longValue).toArray());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    check(inputs);
    if (layer.over() == LayerNormSpec.Over.LAST_AXES) {
      return super.forwardInternal(parameterStore, inputs, training, params);
    }
    NDList channelsLast = new NDList(inputs.singletonOrThrow().transpose(0, 2, 3, 1));
    NDList normal = super.forwardInternal(parameterStore, channelsLast, training, params);
    return new NDList(normal.singletonOrThrow().transpose(0, 3, 1, 2));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}
