package io.github.convlens.trace;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Ratio;

/**
 * What an output position sees of the network's input, on both axes: output {@code o} sees the
 * positions {@code start + o x stride} up to {@code start + o x stride + size - 1}. Positions below
 * 0 and behind the end are padding.
 *
 * <p>VGG-16's last pool: size 212, stride 32, start -90. Source: Araujo, Norris and Sim, "Computing
 * Receptive Fields of Convolutional Neural Networks" (2019), whose effective padding is {@code
 * -start}.
 *
 * <p>What a normalisation reads to take its mean and variance is not counted.
 *
 * @param height on the vertical axis
 * @param width on the horizontal axis
 */
public record ReceptiveField(OnAxis height, OnAxis width) {
  /**
   * The same on one axis.
   *
   * <p>Behind a layer that enlarges the picture (a transposed convolution, {@code Upsample}), and
   * behind an adaptive pool whose output size does not divide the input's, neighbouring outputs do
   * not all see the same number of positions. Then {@code size} is the largest over all outputs,
   * {@code stride} is the mean step, a fraction, and {@code start} is exact for output 0. Where a
   * network has so many different fractions that the outputs repeat in more than 1024 kinds, every
   * output is taken to see what any of them sees; where a transposed convolution's kernel is
   * smaller than its stride or dilated, outputs between its taps are taken to see their neighbours.
   *
   * @param size positions from the first to the last one seen, both included
   * @param stride how far the field moves for a step of one on the output; 0 behind a layer whose
   *     outputs all see the same, such as a Linear
   * @param start the first position that output 0 sees
   */
  public record OnAxis(long size, Ratio stride, long start) {
    /** {@code -start}: the padding that one layer with this field would have in front. */
    public long effectivePadding() {
      return -start;
    }

    /** {@code start + (size - 1) / 2}: the middle of what output 0 sees. */
    public Ratio centre() {
      return Ratio.of(start).plus(new Ratio(size - 1, 2));
    }
  }

  /** The field on the given axis. */
  public OnAxis on(Axis axis) {
    return axis == Axis.HEIGHT ? height : width;
  }
}
