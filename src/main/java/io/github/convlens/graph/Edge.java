package io.github.convlens.graph;

import org.jspecify.annotations.Nullable;

/** Where an array comes from. */
public sealed interface Edge {
  /**
   * An input of the network.
   *
   * @param index its place among the inputs, from 0
   */
  record OfInput(int index) implements Edge {
    // as a record's own, which take long to link when the first is called

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof OfInput input && input.index == index;
    }

    @Override
    public int hashCode() {
      return index;
    }
  }

  /**
   * An output of a node.
   *
   * @param node the node's place in the graph, from 0
   * @param output its place among the node's outputs, from 0
   */
  record OfNode(int node, int output) implements Edge {}
}
