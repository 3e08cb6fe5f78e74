package io.github.convlens.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured, again and again: seconds, or bytes.
 *
 * @param values at least one, in ascending order
 */
record Samples(List<Double> values) {
  Samples {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a median needs at least one sample. There is none.");
    }
    values = values.stream().sorted().toList();
  }

  static Samples of(double value) {
    return new Samples(List.of(value));
  }

  double median() {
    int n = values.size();
    return (values.get((n - 1) / 2) + values.get(n / 2)) / 2;
  }

  double min() {
    return values.get(0);
  }

  double max() {
    return values.get(values.size() - 1);
  }

  Samples times(double factor) {
    return new Samples(values.stream().map(value -> value * factor).toList());
  }

  Samples and(Samples others) {
    List<Double> all = new ArrayList<>(values);
    all.addAll(others.values);
    return new Samples(all);
  }
}
