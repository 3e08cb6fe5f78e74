/**
 * A network is a graph: modules own the parameters, nodes call them, edges carry arrays. Shapes are
 * put on it once, by {@link io.github.convlens.graph.Shapes#infer}; everything else reads the
 * result.
 *
 * <pre>{@code
 * Graph network = PyTorch.parse("Conv2d(1, 6, 5, padding=2), ReLU(), MaxPool2d(2)");
 * Shaped shaped = Shapes.infer(network, new Shape(1, 1, 28, 28));
 * Shape output = shaped.output(); // (1, 6, 14, 14)
 * network.notes().forEach(note -> System.err.println(note));
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.graph;

import org.jspecify.annotations.NullMarked;
