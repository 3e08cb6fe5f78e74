package io.github.convlens.plan;

import io.github.convlens.layer.Window;
import java.util.Comparator;

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

  /**
   * What practitioners use comes first: compared by, in this order,
   *
   * <ol>
   *   <li>dilation, ascending;
   *   <li>odd kernels before even ones, since only they can keep a size with equal padding;
   *   <li>{@code |2 x padding - (span - 1)|}, ascending: 0 is the padding that keeps the size at
   *       stride 1, (kernel - 1) / 2 without dilation;
   *   <li>windows that touch (stride &lt;= span) before those with gaps between them;
   *   <li>stride, kernel, padding, output padding, ascending.
   * </ol>
   *
   * <p>No two windows are equal in this order. For 224 to 112, convolutions come as (kernel 3,
   * stride 2, padding 1), (5, 2, 2), (7, 2, 3)...
   */
  public static final Comparator<WindowNumbers> USUAL_FIRST =
      Comparator.comparingLong(WindowNumbers::dilation)
          .thenComparing(WindowNumbers::hasEvenKernel)
          .thenComparingLong(numbers -> Math.abs(2 * numbers.padding - (numbers.span() - 1)))
          .thenComparing(WindowNumbers::leavesGaps)
          .thenComparingLong(WindowNumbers::stride)
          .thenComparingLong(WindowNumbers::kernel)
          .thenComparingLong(WindowNumbers::padding)
          .thenComparingLong(WindowNumbers::outputPadding);

  /**
   * The order for pools: those that cut the axis into pieces (stride = kernel &gt; 1, no padding:
   * PyTorch's default) come first, the others as in {@link #USUAL_FIRST}.
   */
  public static final Comparator<WindowNumbers> USUAL_POOLS_FIRST =
      Comparator.comparing(WindowNumbers::overlapsOrPads).thenComparing(USUAL_FIRST);

  /** {@code dilation x (kernel - 1) + 1}. */
  public long span() {
    return dilation * (kernel - 1) + 1;
  }

  /** Whether positions between two neighbouring windows belong to neither: stride &gt; span. */
  public boolean leavesGaps() {
    return stride > span();
  }

  /** The window, for its formulas; without the output padding. */
  public Window window() {
    return Window.of(kernel, stride, padding, dilation);
  }

  private boolean hasEvenKernel() {
    return kernel % 2 == 0;
  }

  private boolean overlapsOrPads() {
    return kernel == 1 || stride != kernel || padding != 0 || dilation != 1;
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
