/**
 * Layers and networks on DJL: each as a block that computes what PyTorch computes, initialised as
 * PyTorch does it, run, timed, checked against independent definitions; and the summary of any DJL
 * block. What the engine would compute wrongly it refuses.
 *
 * <pre>{@code
 * Block block = LayerBlocks.of("Conv2d(1, 6, 5), ReLU()");
 * try (NDManager manager = NDManager.newBaseManager()) {
 *   PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT32, new Shape(1, 1, 28, 28));
 *   NDArray picture = manager.randomUniform(0, 1, new Shape(1, 1, 28, 28));
 *   Verification verification = Verification.of(block, picture);
 * }
 * }</pre>
 *
 * <p>{@link io.github.convlens.engine.CrossCorrelation} is public for {@code lesson} alone.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.engine;

import org.jspecify.annotations.NullMarked;
