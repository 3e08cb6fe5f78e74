package io.github.convlens.trace;

import io.github.convlens.layer.internal.Exact;
import java.util.List;

/**
 * The sums over a network.
 *
 * @param parameters learned numbers, each module once
 * @param cost the cost, in the trace's convention
 * @param activationBytes bytes of all outputs, as 32-bit floats
 */
public record Totals(long parameters, long cost, long activationBytes) {
  /**
   * The sums of some rows.
   *
   * @throws io.github.convlens.layer.ShapeException if a sum passes 2^63 - 1
   */
  static Totals of(List<Row> rows) {
    Totals sum = new Totals(0, 0, 0);
    for (Row row : rows) {
      sum = sum.plus(row);
    }
    return sum;
  }

  private Totals plus(Row row) {
    return new Totals(
        Exact.add(parameters, row.parameters()),
        Exact.add(cost, row.cost()),
        Exact.add(activationBytes, row.activationBytes()));
  }
}
