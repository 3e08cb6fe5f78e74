package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Node;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import java.util.List;
import java.util.Optional;

/**
 * One line of a trace.
 *
 * @param kind what the line stands for
 * @param path the names on the way to the layer, joined by dots: {@code layer1.0.conv1}; empty for
 *     a network that is one layer
 * @param layer the layer; of a block one that has its type alone
 * @param notation the layer in PyTorch's notation, one line; {@code add(bn2, input)} with the names
 *     of what meets for a join, {@code BasicBlock(...)} for a block
 * @param origin why it runs
 * @param inputs the shapes that go in
 * @param output the shape that comes out; of several the first
 * @param parameters learned numbers; 0 where a module runs a second time
 * @param cost the cost, in the trace's convention
 * @param receptiveField what an output position sees of the network's input
 * @param activationBytes 4 x output elements: bytes of the output as 32-bit floats
 */
public record Row(
    Kind kind,
    String path,
    LayerSpec layer,
    String notation,
    Node.Origin origin,
    List<Shape> inputs,
    Shape output,
    long parameters,
    long cost,
    ReceptiveField receptiveField,
    long activationBytes) {

  /** What a line stands for. */
  public enum Kind {
    /** A single layer. */
    LAYER,
    /** The place where arrays meet. */
    JOIN,
    /** All the layers of a block, in {@link Trace#collapsed}. */
    BLOCK
  }

  /** Takes a copy of the list. */
  public Row {
    inputs = List.copyOf(inputs);
  }

  /** The layer's class in PyTorch, the block's, or {@code add} and {@code concat} for joins. */
  public String type() {
    return layer.type();
  }

  /** The shape that goes in; of several the first. */
  public Shape input() {
    return inputs.get(0);
  }

  /**
   * What the layer's stride leaves unread on an axis of its input; empty where it reads all of it,
   * and for joins and blocks.
   */
  public Optional<Unread> unread(Axis axis) {
    return kind == Kind.LAYER ? Unread.of(layer, axis, input()) : Optional.empty();
  }
}
