package io.github.convlens.engine;

import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.ScaleSpec;
import java.util.List;

/** Sums and products of arrays, which are repeated where they have one position. */
final class JoinDefinitions {
  private JoinDefinitions() {}

  static Definition sum(List<Values> arrays, Roundoff roundoff) {
    return new Definition(
        arrays.size(),
        p -> {
          double sum = 0;
          double sizes = 0;
          for (Values array : arrays) {
            double number = array.spread(p);
            sum += number;
            sizes += Math.abs(number);
          }
          return new Value(sum, roundoff.of(2 * (arrays.size() - 1) * sizes));
        });
  }

  static Definition product(List<Values> arrays, Roundoff roundoff) {
    return new Definition(
        arrays.size(),
        p -> {
          double product = 1;
          for (Values array : arrays) {
            product *= array.spread(p);
          }
          return new Value(product, roundoff.of(2 * arrays.size() * Math.abs(product)));
        });
  }

  static Definition scaled(ScaleSpec layer, Values x, Roundoff roundoff) {
    return new Definition(
        2,
        p -> {
          double product = layer.factor() * x.at(p);
          double sum = product + layer.summand();
          double sizes = 3 * Math.abs(product) + Math.abs(layer.summand()) + Math.abs(sum);
          return new Value(sum, roundoff.of(2 * sizes));
        });
  }
}
