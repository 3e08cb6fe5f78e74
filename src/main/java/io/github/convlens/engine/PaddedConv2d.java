package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;

/**
 * DJL's {@link Conv2d} behind a border that Conv2d itself cannot make: more rows below than above
 * (padding 'same' of an even kernel), or something other than zeros.
 */
final class PaddedConv2d extends Conv2d implements Specified {
  private final Conv2dSpec layer;

  private PaddedConv2d(Conv2dSpec layer, Builder builder) {
    super(builder);
    this.layer = layer;
  }

  /** DJL's own block where its padding is enough, this one elsewhere. */
  static Conv2d of(Conv2dSpec layer) {
    Padding padding = layer.window().padding();
    if (padding == Padding.Automatic.VALID) {
      return builder(layer, Size.ZERO).build();
    }
    if (layer.paddingMode() == PaddingMode.ZEROS
        && padding instanceof Padding.Explicit sides
        && sides.isSymmetric()) {
      return builder(layer, sides.perSide()).build();
    }
    return new PaddedConv2d(layer, builder(layer, Size.ZERO));
  }

  private static Builder builder(Conv2dSpec layer, Size perSide) {
    Window2d window = layer.window();
    return Conv2d.builder()
        .setFilters(Math.toIntExact(layer.outChannels()))
        .setKernelShape(window.kernel().toShape())
        .optStride(window.stride().toShape())
        .optPadding(perSide.toShape())
        .optDilation(window.dilation().toShape())
        .optGroups(Math.toIntExact(layer.groups()))
        .optBias(layer.biases() > 0);
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
    Window2d window = layer.window();
    return Border.of(window.on(Axis.HEIGHT, shape.get(2)), window.on(Axis.WIDTH, shape.get(3)))
        .extend(picture, layer.paddingMode());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return outputShapes(inputs);
  }
}
