package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LayerSpec;
import java.util.List;

/** A block that knows which layer it is, so that its shapes come from the arithmetic. */
interface Specified {
  /** The layer. */
  LayerSpec layer();

  /** The output's shape as DJL asks for it. */
  default Shape[] outputShapes(Shape[] inputs) {
    return layer().outputs(List.of(inputs)).toArray(Shape[]::new);
  }

  /**
   * Rejects an input that the layer cannot take, before native code sees it.
   *
   * @throws io.github.convlens.layer.ShapeException with what to change
   */
  default void check(NDList inputs) {
    layer().outputs(inputs.stream().map(NDArray::getShape).toList());
  }
}
