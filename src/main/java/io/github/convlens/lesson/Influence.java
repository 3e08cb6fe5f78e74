package io.github.convlens.lesson;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;

/**
 * On how many pixels the outputs of a layer depend, as the engine's gradient has it.
 *
 * @param without pixels on which no output depends
 */
record Influence(long without) {
  /**
   * Runs the layer on a picture of different numbers, with ones for weights, and follows the sum of
   * its outputs back.
   *
   * @param shape the picture's (1, 1, h, w)
   */
  static Influence of(NDManager manager, LayerSpec layer, Shape shape) {
    NDArray X = shuffled(manager, shape);
    X.setRequiresGradient(true);
    Block block = block(layer);
    block.setInitializer(Initializer.ONES, Parameter.Type.WEIGHT);
    block.initialize(manager, DataType.FLOAT32, shape);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(forward(manager, block, X).sum());
    }
    return new Influence(X.getGradient().eq(0).toType(DataType.INT64, false).sum().getLong());
  }

  /** Whether a convolution whose kernel is 1 in the middle and 0 around it changes nothing. */
  static boolean returnsThePicture(NDManager manager, ConvSpec layer, Shape shape) {
    NDArray X = shuffled(manager, shape);
    Block block = block(layer);
    block.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
    block.initialize(manager, DataType.FLOAT32, shape);
    NDArray weight = block.getParameters().get("weight").getArray(); // (1, 1, kh, kw)
    Size kernel = layer.window().kernel();
    weight.set(new NDIndex("0, 0, {}, {}", kernel.height() / 2, kernel.width() / 2), 1);
    return forward(manager, block, X).contentEquals(X);
  }

  /** The numbers 0, 1, 2 ... in an order without order, so that a maximum may stand anywhere. */
  private static NDArray shuffled(NDManager manager, Shape shape) {
    return manager.randomPermutation(shape.size()).toType(DataType.FLOAT32, false).reshape(shape);
  }

  private static Block block(LayerSpec layer) {
    if (layer instanceof MaxPoolSpec pool) {
      Windows window = pool.window();
      return Pool.maxPool2dBlock(
          window.kernel().toShape(), window.stride().toShape(), padding(window), ceil(pool));
    }
    ConvSpec conv = (ConvSpec) layer;
    return Conv2d.builder()
        .setFilters((int) conv.outChannels())
        .setKernelShape(conv.window().kernel().toShape())
        .optStride(conv.window().stride().toShape())
        .optPadding(padding(conv.window()))
        .optDilation(conv.window().dilation().toShape())
        .optBias(false)
        .build();
  }

  private static boolean ceil(MaxPoolSpec pool) {
    return pool.rounding() == Rounding.CEIL;
  }

  /** Per side; a number of its own for each axis, none of which depends on the input. */
  private static Shape padding(Windows window) {
    return new Shape(window.on(Axis.HEIGHT, 1).padBefore(), window.on(Axis.WIDTH, 1).padBefore());
  }

  private static NDArray forward(NDManager manager, Block block, NDArray X) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(X), false)
        .singletonOrThrow();
  }
}
