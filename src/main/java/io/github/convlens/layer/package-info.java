/**
 * What one layer does to a shape: its output, its parameters, its multiply-adds, and what one
 * output position reads of the input on each axis. Pure arithmetic on {@code long} sizes,
 * overflow-checked; no engine, no input or output.
 *
 * <pre>{@code
 * Shape picture = new Shape(1, 3, 224, 224);
 * LayerSpec pool = new MaxPoolSpec(Windows.of(Size.square(2)), Rounding.FLOOR);
 * Shape half = pool.output(picture); // (1, 3, 112, 112)
 * Reach reads = pool.reach(Axis.HEIGHT, picture).orElseThrow();
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.layer;

import org.jspecify.annotations.NullMarked;
