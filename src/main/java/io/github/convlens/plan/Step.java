package io.github.convlens.plan;

import io.github.convlens.layer.Size;
import java.util.List;

/**
 * One convolution of a plan, before it has channels.
 *
 * @param kernel taps on both axes
 * @param stride 1 or 2 on both axes
 * @param padding positions per side
 */
record Step(long kernel, long stride, Size padding) {
  /** Padding that keeps the size at stride 1: (kernel - 1) / 2. */
  static Step same(long kernel, long stride) {
    return new Step(kernel, stride, Size.square((kernel - 1) / 2));
  }

  boolean halves() {
    return stride == 2;
  }

  /** {@code 1 + sum of (kernel - 1) x product of the strides in front}: what the last one sees. */
  static long receptiveField(List<Step> steps) {
    long field = 1;
    long jump = 1;
    for (Step step : steps) {
      field += (step.kernel - 1) * jump;
      jump *= step.stride;
    }
    return field;
  }
}
