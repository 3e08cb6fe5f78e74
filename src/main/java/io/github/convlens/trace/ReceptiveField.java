package io.github.convlens.trace;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Ratio;
import java.util.List;

/**
 * What an output position sees of the network's input, on each spatial axis of the input: output
 * {@code o} sees the positions {@code start + o x stride} up to {@code start + o x stride + size -
 * 1}. Positions below 0 and behind the end are padding.
 *
 * <p>VGG-16's last pool: size 212, stride 32, start -90. Source: Araujo, Norris and Sim, "Computing
 * Receptive Fields of Convolutional Neural Networks" (2019), whose effective padding is {@code
 * -start}.
 *
 * <p>What a normalisation reads to take its mean and variance is not counted. Which positions one
 * chosen output sees, with the holes between them, {@link Seen} tells.
 *
 * @param axes the input's spatial axes, outermost first
 * @param fields the field on each of them
 */
public record ReceptiveField(List<Axis> axes, List<OnAxis> fields) {
  /**
   * The same on one axis.
   *
   * <p>Behind a layer that enlarges its input (a transposed convolution, {@code Upsample}), and
   * behind an adaptive pool whose output size does not divide the input's, neighbouring outputs do
   * not all see the same number of positions. Then {@code size} is the largest over all outputs,
   * {@code stride} is the mean step, a fraction, and {@code start} is that of output 0. Where a
   * network has so many different fractions that the outputs repeat in more than 1024 kinds, every
   * output is taken to see what any of them sees, and a note says so.
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
  }

  /** Takes copies of the lists. */
  public ReceptiveField {
    axes = List.copyOf(axes);
    fields = List.copyOf(fields);
  }

  /** The field on the given axis, one of {@link #axes}. */
  public OnAxis on(Axis axis) {
    return fields.get(axes.indexOf(axis));
  }

  /** The field on the vertical axis of a picture. */
  public OnAxis height() {
    return on(Axis.HEIGHT);
  }

  /** The field on the horizontal axis of a picture. */
  public OnAxis width() {
    return on(Axis.WIDTH);
  }
}
