package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.LayerSpec;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A layer without parameters. It is DJL's {@link LambdaBlock}, and its parameter files are the
 * same; but DJL's runs the function on zeros of full size to learn the output's shape, this one
 * asks the layer.
 */
final class FunctionBlock extends LambdaBlock implements Specified {
  private final LayerSpec layer;

  FunctionBlock(LayerSpec layer, UnaryOperator<NDArray> function) {
    this(layer, (NDList inputs) -> new NDList(function.apply(inputs.singletonOrThrow())));
  }

  private FunctionBlock(LayerSpec layer, Function<NDList, NDList> function) {
    super(function, layer.type());
    this.layer = layer;
  }

  /** A layer with several inputs or outputs. */
  static FunctionBlock ofLists(LayerSpec layer, Function<NDList, NDList> function) {
    return new FunctionBlock(layer, function);
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    check(inputs);
    return super.forwardInternal(parameterStore, inputs, training, params);
  }
}
