package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Inputs joined element by element; a size of 1 is repeated. Source: PyTorch's notes on
 * broadcasting semantics.
 */
public sealed interface ElementwiseSpec extends LayerSpec permits ProductSpec, SumSpec {
  @Override
  default Shape output(Shape input) {
    return input;
  }

  @Override
  default List<Shape> outputs(List<Shape> inputs) {
    return List.of(Broadcast.of(inputs, this instanceof SumSpec ? "sum" : "product"));
  }

  @Override
  default long macs(List<Shape> inputs) {
    return 0;
  }

  @Override
  default Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Broadcast.passage(axis, inputs, index);
  }
}
