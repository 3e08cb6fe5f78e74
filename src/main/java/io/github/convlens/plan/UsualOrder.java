package io.github.convlens.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What practitioners use comes first, on the way from one size to another. Dilation 1 comes before
 * 2 and so on; within a dilation every window gets points for what is rare about it, and the one
 * with fewer points comes first. The points follow how often the layers of published networks have
 * such numbers:
 *
 * <ul>
 *   <li>kernel: 0 for 3; 1 for 1 and 2; 2 for 4, 5 and 7; 3 and 4 for other odd and even ones up to
 *       11; 6 up to 16; 8 above. A pool of kernel 1: 2 more;
 *   <li>padding: 0 where it is half of {@code span - 1}, which keeps the size at stride 1, or of
 *       {@code span - stride}, which divides it by the stride; 2 for none; 4 for another below half
 *       of the span; 9 above;
 *   <li>stride: 0 for 1 and 2; 2 for 3 and 4; 4 above;
 *   <li>gaps between windows: 1 for kernel 1 with stride 2, the shortcut of residual networks; 3
 *       for others;
 *   <li>two or more positions at the end that no window reads: 1; an output padding: 1.
 * </ul>
 *
 * Two shapes of window are usual in any size. Those that cut the axis evenly, kernel = stride
 * without padding (patches, pools) or kernel = 2 x stride with a padding of stride / 2
 * (upsampling): their kernel counts 2 at most, and a stride above 2 counts 1 if it is a power of
 * two and 2 if not. And the one that covers the whole axis with one position: kernel 2 at most,
 * stride 0. A pool whose stride is its kernel, as it is by default, counts 1 less. On 112 positions
 * and more a convolution counts 0 with which families of networks begin: (7, 2, 3) of ResNet,
 * GoogLeNet and DenseNet, (11, 4, 2) of AlexNet, (3, 2, 0) of Inception and SqueezeNet. Equal
 * points go by stride, kernel, padding, output padding.
 *
 * <p>From 28 to 14, convolutions come as (kernel 3, stride 2, padding 1), (2, 2, 0), (1, 2, 0), (4,
 * 2, 1), (5, 2, 2), (7, 2, 3). No two windows are equal in this order.
 *
 * @param kind the kind of layer
 * @param input the given size
 * @param output the size that the windows make
 */
record UsualOrder(WindowKind kind, long input, long output) implements Comparator<WindowNumbers> {
  private static final long LEAST_PICTURE = 112;

  /** Kernel, stride and padding. */
  private static final Set<List<Long>> STEMS =
      Set.of(List.of(7L, 2L, 3L), List.of(11L, 4L, 2L), List.of(3L, 2L, 0L));

  private static final Comparator<WindowNumbers> BY_NUMBERS =
      Comparator.comparingLong(WindowNumbers::stride)
          .thenComparingLong(WindowNumbers::kernel)
          .thenComparingLong(WindowNumbers::padding)
          .thenComparingLong(WindowNumbers::outputPadding);

  @Override
  public int compare(WindowNumbers one, WindowNumbers other) {
    int byDilation = Long.compare(one.dilation(), other.dilation());
    if (byDilation != 0) {
      return byDilation;
    }
    int byPoints = Integer.compare(points(one), points(other));
    return byPoints != 0 ? byPoints : BY_NUMBERS.compare(one, other);
  }

  /** How rare a window is; its dilation does not count. */
  int points(WindowNumbers window) {
    if (kind == WindowKind.CONVOLUTION && input >= LEAST_PICTURE && isStem(window)) {
      return 0;
    }
    int points = kernel(window) + padding(window) + stride(window) + gaps(window);
    points += unread(window) > 1 ? 1 : 0;
    points += window.outputPadding() > 0 ? 1 : 0;
    return points;
  }

  private static boolean isStem(WindowNumbers window) {
    return STEMS.contains(List.of(window.kernel(), window.stride(), window.padding()));
  }

  private int kernel(WindowNumbers window) {
    int points = kernel(window.kernel());
    if (kind.isPool() && window.kernel() == 1) {
      return points + 2;
    }
    return cutsEvenly(window) || coversAll(window) ? Math.min(points, 2) : points;
  }

  private static int kernel(long kernel) {
    if (kernel == 3) {
      return 0;
    }
    if (kernel < 3) {
      return 1;
    }
    if (kernel <= 5 || kernel == 7) {
      return 2;
    }
    if (kernel <= 11) {
      return kernel % 2 == 1 ? 3 : 4;
    }
    return kernel <= 16 ? 6 : 8;
  }

  private int padding(WindowNumbers window) {
    long both = 2 * window.padding();
    if (coversAll(window) || both == window.span() - 1 || both == window.span() - window.stride()) {
      return 0;
    }
    if (both == 0) {
      return 2;
    }
    return both < window.span() ? 4 : 9;
  }

  private int stride(WindowNumbers window) {
    long stride = window.stride();
    int less = kind.isPool() && window.kernel() > 1 && window.kernel() == stride ? 1 : 0;
    if (stride <= 2 || coversAll(window)) {
      return -less;
    }
    if (cutsEvenly(window)) {
      return (Long.bitCount(stride) == 1 ? 1 : 2) - less;
    }
    return (stride <= 4 ? 2 : 4) - less;
  }

  private static int gaps(WindowNumbers window) {
    if (!window.leavesGaps()) {
      return 0;
    }
    return window.kernel() == 1 && window.stride() == 2 ? 1 : 3;
  }

  /** Positions of the input behind the last window. */
  private long unread(WindowNumbers window) {
    if (kind == WindowKind.TRANSPOSED_CONVOLUTION) {
      return 0;
    }
    long end = (output - 1) * window.stride() + window.span() - window.padding();
    return Math.max(0, input - end);
  }

  private static boolean cutsEvenly(WindowNumbers window) {
    long stride = window.stride();
    long kernel = window.span();
    return kernel > 1
        && (kernel == stride || kernel == 2 * stride)
        && 2 * window.padding() == kernel - stride;
  }

  private boolean coversAll(WindowNumbers window) {
    boolean back = kind == WindowKind.TRANSPOSED_CONVOLUTION;
    return (back ? input : output) == 1
        && window.span() == (back ? output : input)
        && window.padding() == 0
        && (window.stride() == 1 || window.stride() == window.kernel());
  }
}
