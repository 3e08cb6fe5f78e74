package io.github.convlens.lesson;

import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Claim 2: {@code output = n - k + 1} without padding, {@code n - k + p + 1} with p rows of padding
 * in total. 8 with k = 3: 6, and with p = 2: 8.
 *
 * @param largest the formula is tried for all n, k and p up to this, 40 at most
 * @param added what the claim adds to n - k + p
 */
public record SizeWithoutStride(long largest, long added) implements Claim {
  private static final long MOST = 40;

  /** Checks the bounds. */
  public SizeWithoutStride {
    Require.count(largest, "largest");
    if (largest > MOST) {
      throw new IllegalArgumentException(
          "largest must be at most " + MOST + ".\nHere it is " + largest + ".");
    }
  }

  @Override
  public int number() {
    return 2;
  }

  @Override
  public String statement() {
    return ("A kernel of k makes n - k + %1$d of n without padding, and n - k + p + %1$d with p rows"
            + " and columns of padding in total.")
        .formatted(added);
  }

  /** How many combinations of n, k and p are tried: all in which the kernel fits. */
  public long combinations() {
    return tally().tried();
  }

  @Override
  public Finding check() {
    Tally tally = tally();
    List<String> lines = new ArrayList<>();
    lines.add("  n  k  p   formula" + " ".repeat(15) + "places of the kernel");
    lines.add(row(8, 3, 0));
    lines.add(row(8, 3, 2));
    lines.add(row(9, 4, 3));
    lines.add(
        "tried for n and k from 1 to %1$d, p from 0 to %1$d where the kernel fits: %2$s"
            .formatted(largest, tally.summary()));
    return new Finding(lines, tally.verdict());
  }

  private Tally tally() {
    Tally tally = new Tally();
    for (long n = 1; n <= largest; n++) {
      for (long p = 0; p <= largest; p++) {
        for (long k = 1; k <= Math.min(largest, n + p); k++) {
          List<Long> numbers = List.of(n, k, p);
          tally.compare(
              () -> "n = %d, k = %d, p = %d".formatted(numbers.toArray()),
              n - k + p + added,
              places(n, k, p));
        }
      }
    }
    return tally;
  }

  private String row(long n, long k, long p) {
    String formula = "%d - %d + %d + %d = %d".formatted(n, k, p, added, n - k + p + added);
    return "%3d%3d%3d   %-22s%d".formatted(n, k, p, formula, places(n, k, p));
  }

  private static long places(long n, long k, long p) {
    return new Window(k, 1, p / 2, p - p / 2, 1).outputSize(n);
  }
}
