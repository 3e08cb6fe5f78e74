/**
 * What one layer does to a shape: its output, its parameters, its multiply-adds, and what one
 * output position reads of the input on each axis. Pure arithmetic on {@code long} sizes,
 * overflow-checked; no engine, no input or output.
 */
@NullMarked
package io.github.convlens.layer;

import org.jspecify.annotations.NullMarked;
