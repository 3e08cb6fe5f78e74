package io.github.convlens.plan;

import io.github.convlens.layer.Size;

/**
 * The smallest pictures that a network takes. AlexNet: square 63, and 63x63; a network whose first
 * kernel is 3x5 without padding: square 5, and 3x5.
 *
 * @param square the smallest n of pictures n x n
 * @param perAxis the smallest height with the square's width, the smallest width with its height
 */
public record Smallest(long square, Size perAxis) {}
