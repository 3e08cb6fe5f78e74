/**
 * The layers on DJL: each as a block that computes what PyTorch computes, initialised as PyTorch
 * does it, run, timed, checked against independent definitions; and the summary of any DJL block.
 */
@NullMarked
package io.github.convlens.engine;

import org.jspecify.annotations.NullMarked;
