package io.github.convlens.engine;

import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.RecurrentSpec;
import java.util.List;

/** The outputs of multi-head attention, computed exactly, and once more with rounded steps. */
final class MultiheadDefinition {
  private final MultiheadAttentionSpec layer;
  private final MultiheadAttention exact;
  private final MultiheadAttention rounded;
  private final Roundoff roundoff;

  MultiheadDefinition(
      MultiheadAttentionSpec layer, List<Values> inputs, Learned learned, Roundoff roundoff) {
    this.layer = layer;
    this.roundoff = roundoff;
    exact = new MultiheadAttention(layer, inputs, learned, number -> number);
    rounded = new MultiheadAttention(layer, inputs, learned, roundoff::rounded);
  }

  /** The definition of what is attended to, and that of the weights, which have the batch first. */
  Definition definition(int output) {
    boolean isBatchFirst = output == 1 || layer.layout() == RecurrentSpec.Layout.BATCH_FIRST;
    long work = 2 * exact.work() / layer.embedDim() + 1;
    return new Definition(
        work,
        p -> {
          int item = (int) p[isBatchFirst ? 0 : 1];
          int query = (int) p[isBatchFirst ? 1 : 0];
          double[] row = row(exact, output, item, query);
          double difference = 0;
          double[] other = row(rounded, output, item, query);
          for (int i = 0; i < row.length; i++) {
            difference = Math.max(difference, Math.abs(row[i] - other[i]));
          }
          double number = row[(int) p[2]];
          double size = roundoff.ofSteps(difference, layer.embedDim(), Math.abs(number));
          return new Value(number, size);
        });
  }

  private static double[] row(MultiheadAttention attention, int output, int item, int query) {
    return output == 0 ? attention.attended(item, query) : attention.weights(item, query);
  }
}
