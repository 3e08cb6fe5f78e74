package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;

/**
 * DJL's {@link Conv2d} behind a border that Conv2d itself cannot make: more rows below than above
 * (padding 'same' of an even kernel), or something other than zeros.
 */
final class PaddedConv2d extends Conv2d implements Specified {
  private final ConvSpec layer;

  PaddedConv2d(ConvSpec layer) {
    super(Convolutions.with(layer, Size.ZERO, builder()));
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
    check(inputs);
    NDList padded = new NDList(Scratch.apply(inputs.singletonOrThrow(), this::pad));
    NDList output = super.forwardInternal(parameterStore, padded, training, params);
    padded.close();
    return output;
  }

  private NDArray pad(NDArray picture) {
    Shape shape = picture.getShape();
    Windows window = layer.window();
    return Border.of(window.on(Axis.HEIGHT, shape.get(2)), window.on(Axis.WIDTH, shape.get(3)))
        .extend(picture, layer.paddingMode());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return outputShapes(inputs);
  }
}
