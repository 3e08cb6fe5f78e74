package io.github.convlens.lesson;

import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Claim 5: how the size falls with the number of layers. Without stride each layer takes the same
 * number of rows, {@code n - (k - 1) x layers}; with stride s each divides, {@code n / s^layers}.
 *
 * @param input the picture's height and width
 * @param kernel the kernels' height and width; without padding where there is no stride, with
 *     kernel - 1 in total where there is one
 * @param stride the stride of the second network's layers
 * @param withoutStride how the claim says the size falls in the first network
 * @param withStride how the claim says it falls in the second
 */
public record LawsOfShrinking(
    long input, long kernel, long stride, Law withoutStride, Law withStride) implements Claim {
  private static final int WIDEST_BAR = 28;

  /** How a row of sizes falls. */
  public enum Law {
    /** By the same difference each time. */
    LINEAR("linearly"),
    /** By the same factor each time, but for rounding to whole pixels. */
    EXPONENTIAL("exponentially"),
    /** Neither, or too few sizes to tell. */
    NEITHER("neither linearly nor exponentially");

    private final String adverb;

    Law(String adverb) {
      this.adverb = adverb;
    }

    /** The law that sizes follow; three are needed to tell. 9, 7, 5: linear; 8, 4, 2: not. */
    public static Law of(List<Long> sizes) {
      if (sizes.size() < 3) {
        return NEITHER;
      }
      long difference = sizes.get(0) - sizes.get(1);
      double factor = (double) sizes.get(1) / sizes.get(0);
      boolean linear = difference > 0;
      boolean exponential = factor < 1;
      double wanted = sizes.get(0);
      for (int i = 1; i < sizes.size(); i++) {
        wanted *= factor;
        linear &= sizes.get(i - 1) - sizes.get(i) == difference;
        exponential &= Math.abs(sizes.get(i) - wanted) < 1;
      }
      return linear ? LINEAR : exponential ? EXPONENTIAL : NEITHER;
    }

    @Override
    public String toString() {
      return adverb;
    }
  }

  /** Checks the bounds. */
  public LawsOfShrinking {
    Require.count(input, "input");
    Require.count(kernel, "kernel");
    Require.count(stride, "stride");
  }

  @Override
  public int number() {
    return 5;
  }

  @Override
  public String statement() {
    return "The size falls %s with the number of layers without stride, and %s with stride."
        .formatted(withoutStride, withStride);
  }

  /** Sizes without stride and padding, the input's first, as long as the kernel fits. */
  public List<Long> sizesWithoutStride() {
    return Stacks.shrinking(input, Window.of(kernel), input);
  }

  /** Sizes with stride and padding, the input's first, down to one pixel. */
  public List<Long> sizesWithStride() {
    long front = (kernel - 1) / 2;
    Window window = new Window(kernel, stride, front, kernel - 1 - front, 1);
    return Stacks.shrinking(input, window, input);
  }

  @Override
  public Finding check() {
    List<Long> without = sizesWithoutStride();
    List<Long> with = sizesWithStride();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%1$dx%1$d kernels without padding: %2$d less each time, n - %2$d x layers"
            .formatted(kernel, kernel - 1));
    lines.add(
        "with stride %1$d and padding %2$d in total: n / %1$d each time, n / %1$d^layers, rounded up"
            .formatted(stride, kernel - 1));
    lines.addAll(curves(without, with));
    List<String> wrong = new ArrayList<>();
    compare("without stride", withoutStride, Law.of(without), wrong);
    compare("with stride " + stride, withStride, Law.of(with), wrong);
    return new Finding(
        lines,
        wrong.isEmpty() ? new Verdict.Right() : new Verdict.Wrong(String.join("; ", wrong) + "."));
  }

  private static void compare(String which, Law claimed, Law found, List<String> wrong) {
    if (claimed != found) {
      wrong.add("%s it falls %s, not %s".formatted(which, found, claimed));
    }
  }

  private List<String> curves(List<Long> without, List<Long> with) {
    List<String> lines = new ArrayList<>();
    int deepest = Math.max(without.size(), with.size()) - 1;
    lines.add("layers  %-36s%s".formatted("without stride", "stride " + stride));
    for (int depth = 0; depth <= deepest; depth++) {
      // Every layer while both fall; then only some of the longer curve.
      if (depth < with.size() || depth % 8 == 0 || depth == deepest) {
        String left = depth < without.size() ? bar(without.get(depth)) : "";
        String right = depth < with.size() ? bar(with.get(depth)) : "";
        lines.add("%6d  %-36s%s".formatted(depth, left, right).stripTrailing());
      }
    }
    return lines;
  }

  private String bar(long size) {
    long length = Math.max(1, Math.round((double) size * WIDEST_BAR / input));
    return "%3d %s".formatted(size, "#".repeat((int) length));
  }
}
