package io.github.convlens.engine;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.SequentialSpec;

/**
 * Layers in a row: DJL's {@link SequentialBlock} whose children carry the layers' names, which lets
 * go of each intermediate result as soon as the next layer has read it.
 */
final class Chain extends SequentialBlock implements Specified {
  private final SequentialSpec layer;

  Chain(SequentialSpec layer) {
    this.layer = layer;
    for (Child child : layer.children()) {
      addChildBlock(child.name(), LayerBlocks.of(child.layer()));
    }
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
    if (isReturnIntermediate()) {
      return super.forwardInternal(parameterStore, inputs, training, params);
    }
    NDList current = inputs;
    for (Block block : children.values()) {
      NDList next = block.forward(parameterStore, current, training);
      Scratch.close(current, inputs, next);
      current = next;
    }
    return current;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore, NDList data, NDList labels, PairList<String, Object> params) {
    return forwardInternal(parameterStore, data, true, params);
  }

  /** DJL's own asks blocks for shapes in ways that run them; here the layers know. */
  @Override
  public void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    Shape shape = inputShapes[0];
    for (int i = 0; i < children.size(); i++) {
      children.valueAt(i).initialize(manager, dataType, shape);
      shape = layer.children().get(i).layer().output(shape);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return isReturnIntermediate() ? super.getOutputShapes(inputShapes) : outputShapes(inputShapes);
  }
}
