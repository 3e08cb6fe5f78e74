package io.github.convlens.graph;

import io.github.convlens.layer.LayerSpec;
import java.util.List;

/**
 * A call: a module, or a function without parameters, given arrays.
 *
 * @param module what is called; of a function, its layer under the path of the block that calls it
 * @param origin why it is called
 * @param inputs the arrays that it is given
 */
public record Node(Module module, Origin origin, List<Edge> inputs) {
  /** Why a node is there. */
  public enum Origin {
    /** It calls a module of the network. */
    MODULE,
    /** It calls a function, which a known {@code forward} does. */
    FUNCTION,
    /** A function that nobody wrote: it was assumed, and a note says so. */
    ASSUMED
  }

  /** Takes a copy of the list. */
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** The module's path, or that of the block in which the function is called. */
  public String path() {
    return module.path();
  }

  /** What is computed. */
  public LayerSpec layer() {
    return module.layer();
  }
}
