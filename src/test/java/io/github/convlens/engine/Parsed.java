package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.PyTorch;
import java.util.List;

/** Networks written in PyTorch's notation, with their shapes. */
final class Parsed {
  private Parsed() {}

  static Shaped of(String notation, Shape... inputs) {
    return Shapes.infer(PyTorch.parse(notation), List.of(inputs));
  }

  /** One layer that knows its channels. */
  static LayerSpec layer(String notation, Shape input) {
    return of(notation, input).graph().layer();
  }

  /** The block of a network. */
  static Block block(String notation, Shape... inputs) {
    return LayerBlocks.of(of(notation, inputs));
  }
}
