/**
 * Layers and networks on DJL: each as a block that computes what PyTorch computes, initialised as
 * PyTorch does it, run, timed, checked against independent definitions; and the summary of any DJL
 * block. What the engine would compute wrongly it refuses.
 */
@NullMarked
package io.github.convlens.engine;

import org.jspecify.annotations.NullMarked;
