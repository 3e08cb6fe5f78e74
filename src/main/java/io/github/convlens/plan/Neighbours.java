package io.github.convlens.plan;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the windows whose sizes are nearest to a wanted one, the usual window for each size. */
final class Neighbours implements Solver.Visitor {
  private final WindowKind kind;
  private final long input;
  private final long wanted;
  private @Nullable Found below;
  private @Nullable Found above;

  Neighbours(WindowKind kind, long input, long wanted) {
    this.kind = kind;
    this.input = input;
    this.wanted = wanted;
  }

  private record Found(WindowNumbers numbers, long size) {}

  @Override
  public void accept(WindowNumbers numbers, long size) {
    if (size < wanted) {
      below = nearer(below, numbers, size);
    } else if (size > wanted) {
      above = nearer(above, numbers, size);
    }
  }

  private Found nearer(@Nullable Found known, WindowNumbers numbers, long size) {
    if (known == null) {
      return new Found(numbers, size);
    }
    long gain = Math.abs(known.size - wanted) - Math.abs(size - wanted);
    boolean moreUsual = gain == 0 && kind.order(input, size).compare(numbers, known.numbers) < 0;
    return gain > 0 || moreUsual ? new Found(numbers, size) : known;
  }

  Optional<WindowNumbers> below() {
    return numbers(below);
  }

  Optional<WindowNumbers> above() {
    return numbers(above);
  }

  private static Optional<WindowNumbers> numbers(@Nullable Found found) {
    return Optional.ofNullable(found).map(Found::numbers);
  }
}
