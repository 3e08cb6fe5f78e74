/**
 * Layers on DJL and its PyTorch engine: starting the engine, choosing a device, and (with the whole
 * class path of the distribution) running what {@code layer} computes on paper.
 */
@NullMarked
package io.github.convlens.engine;

import org.jspecify.annotations.NullMarked;
