package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.github.convlens.layer.LayerSpec;
import java.util.List;

/**
 * A layer of a network that has run. Its arrays may be closed afterwards.
 *
 * @param path the layer's path, or that of the block in which a function is called
 * @param layer the layer
 * @param block the layer's block
 * @param inputs what went in
 * @param outputs what came out
 */
record Visit(
    String path, LayerSpec layer, Block block, List<NDArray> inputs, List<NDArray> outputs) {
  /** What went in first. */
  NDArray input() {
    return inputs.get(0);
  }

  /** What came out first. */
  NDArray output() {
    return outputs.get(0);
  }
}
