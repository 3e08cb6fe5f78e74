/**
 * A shape's way through a network: what each layer makes of it, what it costs, and what each output
 * sees of the network's input; as text, JSON, CSV and Markdown. Arithmetic only, no engine.
 */
@NullMarked
package io.github.convlens.trace;

import org.jspecify.annotations.NullMarked;
