/**
 * The chapter on convolutions of "Dive into Deep Learning" on DJL: its helper functions, its
 * experiments with their results, and what stands around them.
 *
 * <pre>{@code
 * try (NDManager manager = NDManager.newBaseManager()) {
 *   NDArray X = manager.arange(9f).reshape(3, 3);
 *   NDArray K = manager.create(new float[][] {{0, 1}, {2, 3}});
 *   NDArray Y = D2l.corr2d(X, K); // [[19, 25], [37, 43]]
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.lesson;

import org.jspecify.annotations.NullMarked;
