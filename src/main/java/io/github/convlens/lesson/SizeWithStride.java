package io.github.convlens.lesson;

import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Claim 6: {@code floor((n - k + p + s) / s)} with stride s; {@code floor((n + s - 1) / s)} where p
 * = k - 1; {@code n / s} where s divides n as well. 8, k = 5, p = 2, s = 4: floor(9 / 4) = 2.
 *
 * @param largest the formulas are tried for all n, k, p and s up to this, 20 at most
 * @param strides how many strides the claim adds to n - k + p before it divides
 */
public record SizeWithStride(long largest, long strides) implements Claim {
  private static final long MOST = 20;

  /** Checks the bounds. */
  public SizeWithStride {
    Require.count(largest, "largest");
    if (largest > MOST) {
      throw new IllegalArgumentException(
          "largest must be at most " + MOST + ".\nHere it is " + largest + ".");
    }
  }

  @Override
  public int number() {
    return 6;
  }

  @Override
  public String statement() {
    String s = strides == 1 ? "s" : strides + "s";
    return ("With stride s the size is floor((n - k + p + %1$s) / s), p being the total padding;"
            + " with p = k - 1 that is floor((n + %1$s - 1) / s), and n / s where s divides n.")
        .formatted(s);
  }

  /** How many combinations of n, k, p and s are tried: all in which the kernel fits. */
  public long combinations() {
    return tally(Case.ANY).tried();
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "n = 8, k = 5, p = 2, s = 4: floor((8 - 5 + 2 + %d) / 4) = %d; the kernel has %d places"
            .formatted(4 * strides, size(8, 5, 2, 4), places(8, 5, 2, 4)));
    lines.add("224 with k = 3, p = 2:  s  floor((224 + %ss - 1) / s)  places".formatted(factor()));
    for (long s = 1; s <= 4; s++) {
      lines.add("%25d%26d%8d".formatted(s, size(224, 3, 2, s), places(224, 3, 2, s)));
    }
    lines.add("tried for n, k and s from 1 to %1$d, p from 0 to %1$d:".formatted(largest));
    Verdict verdict = new Verdict.Right();
    for (Case one : Case.values()) {
      Tally tally = tally(one);
      lines.add("  %-28s%s".formatted(one, tally.summary()));
      verdict = verdict instanceof Verdict.Right ? tally.verdict() : verdict;
    }
    lines.add("PyTorch and DJL pad both sides alike, so p is even, and p = k - 1 needs an odd k:");
    lines.add(
        "k = 4 on 224 with p = 2 gives %d, with p = 4 %d, and never 224"
            .formatted(places(224, 4, 2, 1), places(224, 4, 4, 1)));
    return new Finding(lines, verdict);
  }

  private String factor() {
    return strides == 1 ? "" : Long.toString(strides);
  }

  /** Which of the claim's three formulas. */
  private enum Case {
    ANY("any p"),
    KEEPING("p = k - 1"),
    DIVIDING("p = k - 1, s divides n");

    private final String words;

    Case(String words) {
      this.words = words;
    }

    boolean holds(long n, long k, long p, long s) {
      return this == ANY || (p == k - 1 && (this == KEEPING || n % s == 0));
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private Tally tally(Case one) {
    Tally tally = new Tally();
    for (long n = 1; n <= largest; n++) {
      for (long p = 0; p <= largest; p++) {
        for (long k = 1; k <= Math.min(largest, n + p); k++) {
          for (long s = 1; s <= largest; s++) {
            if (one.holds(n, k, p, s)) {
              List<Long> numbers = List.of(n, k, p, s);
              tally.compare(
                  () -> "n = %d, k = %d, p = %d, s = %d".formatted(numbers.toArray()),
                  formula(one, n, k, p, s),
                  places(n, k, p, s));
            }
          }
        }
      }
    }
    return tally;
  }

  private long formula(Case one, long n, long k, long p, long s) {
    return switch (one) {
      case ANY -> size(n, k, p, s);
      case KEEPING -> Math.floorDiv(n + strides * s - 1, s);
      case DIVIDING -> n / s;
    };
  }

  private long size(long n, long k, long p, long s) {
    return Math.floorDiv(n - k + p + strides * s, s);
  }

  private static long places(long n, long k, long p, long s) {
    return new Window(k, s, p / 2, p - p / 2, 1).outputSize(n);
  }
}
