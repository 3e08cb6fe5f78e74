/**
 * A network is a graph: modules own the parameters, nodes call them, edges carry arrays. Shapes are
 * put on it once, by {@link io.github.convlens.graph.Shapes#infer}; everything else reads the
 * result.
 */
@NullMarked
package io.github.convlens.graph;

import org.jspecify.annotations.NullMarked;
