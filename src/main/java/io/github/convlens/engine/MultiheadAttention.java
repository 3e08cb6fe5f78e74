package io.github.convlens.engine;

import io.github.convlens.layer.Bias;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.RecurrentSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Multi-head attention: {@code softmax(q k' / sqrt(width)) v} for each head's share of the
 * projected features, and the heads behind each other projected once more. The second output is the
 * softmax, the mean over the heads.
 */
final class MultiheadAttention {
  private final MultiheadAttentionSpec layer;
  private final List<Values> inputs;
  private final DoubleUnaryOperator rounding;
  private final int features;
  private final int heads;
  private final int width;
  private final int batch;
  private final int queries;
  private final int keys;
  private final Projection[] projections = new Projection[3];
  private final Projection out;

  /** For each item of a batch, its projected keys and values; each is computed once. */
  private final Map<Integer, double[][][]> projected = new HashMap<>();

  /** For each query its softmax, by head and key. */
  private final Map<Integer, double[][]> shares = new HashMap<>();

  private final Map<Integer, double[]> attended = new HashMap<>();

  /** Rows of a matrix, from one on, and a bias for each. */
  private static final class Projection {
    private final double[] weights;
    private final double[] biases;
    private final int first;
    private final int rows;

    Projection(double[] weights, double[] biases, int first, int rows) {
      this.weights = weights;
      this.biases = biases;
      this.first = first;
      this.rows = rows;
    }

    double at(double[] x, int row) {
      double shift = biases.length == 0 ? 0 : biases[first + row];
      return shift + ProductDefinitions.dot(weights, (first + row) * x.length, x, 0, x.length);
    }
  }

  MultiheadAttention(
      MultiheadAttentionSpec layer,
      List<Values> inputs,
      Learned learned,
      DoubleUnaryOperator rounding) {
    this.layer = layer;
    this.inputs = inputs;
    this.rounding = rounding;
    features = Math.toIntExact(layer.embedDim());
    heads = Math.toIntExact(layer.numHeads());
    width = features / heads;
    int length = isBatchFirst() ? 1 : 0;
    batch = (int) inputs.get(0).shape().get(1 - length);
    queries = (int) inputs.get(0).shape().get(length);
    keys = (int) inputs.get(1).shape().get(length);
    boolean hasBias = layer.bias() == Bias.WITH;
    double[] biases = hasBias ? learned.numbers("in_proj_bias") : new double[0];
    boolean isOne = layer.keyDim() == features && layer.valueDim() == features;
    for (int i = 0; i < projections.length; i++) {
      projections[i] =
          isOne
              ? new Projection(learned.numbers("in_proj_weight"), biases, i * features, features)
              : apart(learned.numbers("qkv".charAt(i) + "_proj_weight"), biases, i);
    }
    double[] outBiases = hasBias ? learned.numbers("out_proj.bias") : new double[0];
    out = new Projection(learned.numbers("out_proj.weight"), outBiases, 0, features);
  }

  private Projection apart(double[] weights, double[] biases, int which) {
    int first = which * features;
    double[] own =
        biases.length == 0 ? biases : Arrays.copyOfRange(biases, first, first + features);
    return new Projection(weights, own, 0, features);
  }

  private boolean isBatchFirst() {
    return layer.layout() == RecurrentSpec.Layout.BATCH_FIRST;
  }

  /** About how many multiply-adds a query takes, and its share of the keys and values. */
  long work() {
    long ofKeys = (long) keys * features * (layer.keyDim() + layer.valueDim());
    return ofKeys / queries + 2L * features * (features + keys);
  }

  private double[] row(Values x, int item, int place) {
    int size = (int) x.shape().get(2);
    int length = (int) x.shape().get(isBatchFirst() ? 1 : 0);
    int row = isBatchFirst() ? item * length + place : place * batch + item;
    return Arrays.copyOfRange(x.values(), row * size, (row + 1) * size);
  }

  /** The projected keys, and the projected values. */
  private double[][][] keysAndValues(int item) {
    return projected.computeIfAbsent(
        item,
        n -> {
          double[][][] both = new double[2][keys][];
          for (int which = 1; which <= 2; which++) {
            for (int key = 0; key < keys; key++) {
              both[which - 1][key] = project(projections[which], row(inputs.get(which), item, key));
            }
          }
          return both;
        });
  }

  private double[][] shares(int item, int query) {
    return shares.computeIfAbsent(
        item * queries + query,
        n -> {
          double[] q = project(projections[0], row(inputs.get(0), item, query));
          double[][] k = keysAndValues(item)[0];
          double[][] all = new double[heads][keys];
          for (int head = 0; head < heads; head++) {
            for (int key = 0; key < keys; key++) {
              int first = head * width;
              double score = ProductDefinitions.dot(q, first, k[key], first, width);
              all[head][key] = rounded(score / Math.sqrt((double) width));
            }
            ProductDefinitions.softmax(all[head]);
            for (int key = 0; key < keys; key++) {
              all[head][key] = rounded(all[head][key]);
            }
          }
          return all;
        });
  }

  private double[] project(Projection projection, double[] x) {
    double[] y = new double[projection.rows];
    for (int row = 0; row < y.length; row++) {
      y[row] = rounded(projection.at(x, row));
    }
    return y;
  }

  private double rounded(double number) {
    return rounding.applyAsDouble(number);
  }

  /** The mean over the heads of a query's softmax. */
  double[] weights(int item, int query) {
    double[] means = new double[keys];
    for (double[] head : shares(item, query)) {
      for (int key = 0; key < keys; key++) {
        means[key] += head[key] / heads;
      }
    }
    return means;
  }

  /** The output for a query. */
  double[] attended(int item, int query) {
    return attended.computeIfAbsent(item * queries + query, n -> attend(item, query));
  }

  private double[] attend(int item, int query) {
    double[][] v = keysAndValues(item)[1];
    double[][] all = shares(item, query);
    double[] joined = new double[features];
    for (int i = 0; i < features; i++) {
      double sum = 0;
      for (int key = 0; key < keys; key++) {
        sum += all[i / width][key] * v[key][i];
      }
      joined[i] = rounded(sum);
    }
    return project(out, joined);
  }
}
