package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.PReluSpec;
import java.util.Arrays;

/** {@code max(x, 0) + slope x min(x, 0)} with learned slopes; DJL's throws on PyTorch. */
final class PRelu extends AbstractBlock implements Specified {
  private static final byte VERSION = 1;

  private final PReluSpec layer;
  private final Parameter slopes;

  PRelu(PReluSpec layer) {
    super(VERSION);
    this.layer = layer;
    // Not of type WEIGHT: an initializer that is set for all weights must not replace the slopes.
    slopes =
        addParameter(
            Parameter.builder()
                .setName("weight")
                .setType(Parameter.Type.OTHER)
                .optInitializer(
                    (manager, shape, type) -> manager.full(shape, (float) layer.init(), type))
                .build());
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    slopes.setShape(new Shape(layer.numParameters()));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    check(inputs);
    NDArray input = inputs.singletonOrThrow();
    NDArray slope = parameterStore.getValue(slopes, input.getDevice(), training);
    return new NDList(
        Scratch.apply(
            input,
            x -> {
              NDArray perChannel = channels(Scratch.view(slope, x.getManager()), x.getShape());
              return NDArrays.where(x.gt(0), x, x.mul(perChannel));
            }));
  }

  /** (c) to (1, c, 1, ...), or to one number for all. */
  private static NDArray channels(NDArray values, Shape input) {
    long[] sizes = new long[Math.max(input.dimension(), 1)];
    Arrays.fill(sizes, 1);
    sizes[Math.min(1, sizes.length - 1)] = values.size();
    return values.reshape(sizes);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}
