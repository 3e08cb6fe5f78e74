package io.github.convlens.layer;

/**
 * What one output position of a layer reads on one axis of its input: output {@code o} reads the
 * positions {@code start + o * stride} up to {@code start + o * stride + span - 1}.
 *
 * <p>A 3x3 convolution with stride 2 and padding 1 has span 3, stride 2, start -1. A layer that
 * enlarges its input has a stride below 1, and a layer with a given output size may have a
 * fraction; the span is then the largest over all positions, and what an output reads lies less
 * than one position away from the numbers above.
 *
 * @param span how many input positions lie between the first and the last one read, both included
 * @param stride how far the window moves on the input for a step of one on the output
 * @param start the first position that output 0 reads; negative in the padding
 */
public record Reach(long span, Ratio stride, long start) {
  /** A layer that reads nothing but the position itself: activations, normalisations, 1x1. */
  public static final Reach POINT = new Reach(1, Ratio.ONE, 0);
}
