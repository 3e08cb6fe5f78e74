package io.github.convlens.plan;

import io.github.convlens.layer.Window;

/**
 * A window on one axis as PyTorch's layers take it.
 *
 * @param kernel taps
 * @param stride positions per step
 * @param padding positions at each end
 * @param dilation distance of the taps
 * @param outputPadding positions added behind the output of a transposed convolution; otherwise 0
 */
public record WindowNumbers(
    long kernel, long stride, long padding, long dilation, long outputPadding) {
  /** {@code dilation x (kernel - 1) + 1}. */
  public long span() {
    return dilation * (kernel - 1) + 1;
  }

  /** Whether positions between two neighbouring windows belong to neither: stride &gt; span. */
  boolean leavesGaps() {
    return stride > span();
  }

  /** The window, for its formulas; without the output padding. */
  public Window window() {
    return Window.of(kernel, stride, padding, dilation);
  }

  /**
   * {@code kernel 3, stride 2, padding 1}; dilation and output padding where they are not the
   * default.
   */
  @Override
  public String toString() {
    return ("kernel " + kernel + ", stride " + stride + ", padding " + padding)
        + (dilation == 1 ? "" : ", dilation " + dilation)
        + (outputPadding == 0 ? "" : ", output_padding " + outputPadding);
  }
}
