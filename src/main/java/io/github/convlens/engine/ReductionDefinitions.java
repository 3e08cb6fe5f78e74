package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import java.util.Collection;

/** What becomes one number: all those that lie along some axes. */
final class ReductionDefinitions {
  private final Values x;
  private final boolean[] goes;
  private final boolean keeps;
  private final Roundoff roundoff;

  /**
   * Reductions of an array.
   *
   * @param axes those that go
   * @param keeps whether they stay with one position
   */
  ReductionDefinitions(Values x, Collection<Integer> axes, boolean keeps, Roundoff roundoff) {
    this.x = x;
    this.keeps = keeps;
    this.roundoff = roundoff;
    goes = new boolean[x.shape().dimension()];
    axes.forEach(axis -> goes[axis] = true);
  }

  /** What the numbers of one output come to. */
  private static final class Numbers {
    double sum;
    double sizes;
    double squares;
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;

    void add(double number) {
      sum += number;
      sizes += Math.abs(number);
      squares += number * number;
      most = Math.max(most, number);
      least = Math.min(least, number);
    }
  }

  private interface Result {
    Value of(Numbers numbers);
  }

  Definition sum() {
    return of(numbers -> new Value(numbers.sum, roundoff.of(roundings() * numbers.sizes)));
  }

  Definition mean() {
    double count = places().size();
    return of(
        numbers ->
            new Value(numbers.sum / count, roundoff.of(roundings() * numbers.sizes / count)));
  }

  Definition largest() {
    return of(numbers -> Value.exact(numbers.most));
  }

  Definition smallest() {
    return of(numbers -> Value.exact(numbers.least));
  }

  /** The sum of the sizes. */
  Definition firstNorm() {
    return of(numbers -> new Value(numbers.sizes, roundoff.of(roundings() * numbers.sizes)));
  }

  /** The root of the sum of the squares. */
  Definition secondNorm() {
    return of(
        numbers -> {
          double norm = Math.sqrt(numbers.squares);
          return new Value(norm, roundoff.of(roundings() * norm));
        });
  }

  private double roundings() {
    return 8 + 4 * Math.sqrt((double) places().size()) * roundoff.ofSums();
  }

  /** The sizes of the axes that go, and 1 for the others. */
  private Shape places() {
    long[] sizes = new long[goes.length];
    for (int axis = 0; axis < goes.length; axis++) {
      sizes[axis] = goes[axis] ? x.shape().get(axis) : 1;
    }
    return new Shape(sizes);
  }

  private Definition of(Result result) {
    Shape places = places();
    long count = places.size();
    return new Definition(
        2 * count,
        p -> {
          long[] start = start(p);
          Numbers numbers = new Numbers();
          for (long i = 0; i < count; i++) {
            long[] q = Values.position(places, i);
            for (int axis = 0; axis < q.length; axis++) {
              q[axis] += start[axis];
            }
            numbers.add(x.at(q));
          }
          return result.of(numbers);
        });
  }

  /** The input's position where an output's numbers begin. */
  private long[] start(long[] p) {
    long[] start = new long[goes.length];
    int next = 0;
    for (int axis = 0; axis < goes.length; axis++) {
      start[axis] = goes[axis] ? 0 : p[keeps ? axis : next];
      next += goes[axis] && !keeps ? 0 : 1;
    }
    return start;
  }
}
