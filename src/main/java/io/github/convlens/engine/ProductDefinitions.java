package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Source;
import io.github.convlens.engine.Definition.Value;
import java.util.Arrays;
import java.util.Optional;

/** Products of matrices, and attention, which is made of them. */
final class ProductDefinitions {
  private final Roundoff roundoff;
  private final Roundoff products;

  ProductDefinitions(Roundoff roundoff, Roundoff products) {
    this.roundoff = roundoff;
    this.products = products;
  }

  /**
   * The last axes are rows and columns; a vector is one row on the left, one column on the right.
   */
  record Pair(Values left, Values right) {
    boolean isRow() {
      return left.shape().dimension() == 1;
    }

    boolean isColumn() {
      return right.shape().dimension() == 1;
    }

    long terms() {
      return left.shape().get(left.shape().dimension() - 1);
    }

    /** {@code sum of a[.., i, k] b[.., k, j]}. */
    double at(long[] p) {
      int front = p.length - (isRow() ? 0 : 1) - (isColumn() ? 0 : 1);
      long row = isRow() ? 0 : p[front];
      long column = isColumn() ? 0 : p[p.length - 1];
      double sum = 0;
      for (long k = 0; k < terms(); k++) {
        double one = isRow() ? left.at(k) : at(left, p, front, row, k);
        sum += one * (isColumn() ? right.at(k) : at(right, p, front, k, column));
      }
      return sum;
    }

    private static double at(Values x, long[] p, int front, long row, long column) {
      int rank = x.shape().dimension();
      long[] q = new long[rank];
      for (int axis = 0; axis < rank - 2; axis++) {
        q[axis] = x.shape().get(axis) == 1 ? 0 : p[front - (rank - 2) + axis];
      }
      q[rank - 2] = row;
      q[rank - 1] = column;
      return x.at(q);
    }

    double rounding(Roundoff products) {
      return products.products(terms(), left.largest() * right.largest());
    }
  }

  /** {@code a b}. */
  Definition of(Pair pair) {
    return sum(pair, p -> 0, 1);
  }

  /** {@code summand + factor x a b}. */
  Definition sum(Pair pair, Source summand, double factor) {
    double rounding = Math.abs(factor) * pair.rounding(products);
    return new Definition(
        4 * pair.terms(),
        p -> {
          double product = factor * pair.at(p);
          double shift = summand.at(p);
          double size = 2 * (Math.abs(product) + Math.abs(shift) + Math.abs(product + shift));
          return new Value(product + shift, products.of(rounding + size));
        });
  }

  /** {@code y[.., o] = b[o] + sum of w[o, i] x[.., i]}, the weights fetched row by row. */
  Definition linear(Values x, Learned.Rows weights, Optional<Values> bias) {
    int last = x.shape().dimension() - 1;
    int terms = Math.toIntExact(x.shape().get(last));
    double rounding = products.products(terms, x.largest() * weights.largest());
    return new Definition(
        terms,
        p -> {
          long[] first = p.clone();
          first[last] = 0;
          int start = Math.toIntExact(Values.index(x.shape(), first));
          double shift = bias.map(b -> b.at(p[last])).orElse(0.0);
          double sum = shift + dot(weights.get(p[last]), 0, x.values(), start, terms);
          return new Value(sum, products.of(rounding + 2 * (Math.abs(sum) + Math.abs(shift))));
        });
  }

  static double dot(double[] a, int from, double[] b, int start, int terms) {
    double sum = 0;
    for (int i = 0; i < terms; i++) {
      sum += a[from + i] * b[start + i];
    }
    return sum;
  }

  /** Which keys a query may look at, and how much is added to its scores. */
  record Mask(Optional<Values> scores, boolean isCausal) {
    static final Mask NONE = new Mask(Optional.empty(), false);
  }

  /** {@code softmax(q k' / sqrt(width)) v}. */
  Definition attention(Values query, Values key, Values value) {
    double width = query.shape().get(query.shape().dimension() - 1);
    return attention(query, key, value, Mask.NONE, 1 / Math.sqrt(width));
  }

  /** {@code softmax(scale q k' + mask) v}. */
  Definition attention(Values query, Values key, Values value, Mask mask, double scale) {
    int rank = query.shape().dimension();
    long width = query.shape().get(rank - 1);
    long length = key.shape().get(rank - 2);
    Rows rows = new Rows(query, key, mask, scale);
    double ofScores = products.products(width, scale * query.largest() * key.largest());
    double largest = value.largest();
    double size =
        products.of(2 * ofScores * largest)
            + roundoff.of((16 + 8 * Math.sqrt((double) length)) * largest);
    return new Definition(
        length * width,
        p -> {
          double[] shares = rows.shares(Arrays.copyOf(p, rank - 1));
          long[] q = p.clone();
          double sum = 0;
          for (int j = 0; j < length; j++) {
            q[rank - 2] = j;
            sum += shares[j] == 0 ? 0 : shares[j] * value.at(q);
          }
          return new Value(sum, size);
        });
  }

  /** {@code e^x / sum of e^x}, in place. */
  static void softmax(double[] scores) {
    double most = Arrays.stream(scores).max().orElseThrow();
    double sum = 0;
    for (int j = 0; j < scores.length; j++) {
      scores[j] = Math.exp(scores[j] - most);
      sum += scores[j];
    }
    for (int j = 0; j < scores.length; j++) {
      scores[j] /= sum;
    }
  }

  /** The softmax of a query's scores; the last one is kept, for the numbers of its output. */
  private static final class Rows {
    private final Values query;
    private final Values key;
    private final Mask mask;
    private final double scale;
    private long[] last = {};
    private double[] shares = {};

    Rows(Values query, Values key, Mask mask, double scale) {
      this.query = query;
      this.key = key;
      this.mask = mask;
      this.scale = scale;
    }

    double[] shares(long[] place) {
      if (!Arrays.equals(place, last)) {
        shares = scores(place);
        softmax(shares);
        last = place;
      }
      return shares;
    }

    private double[] scores(long[] place) {
      int rank = place.length + 1;
      double[] scores = new double[(int) key.shape().get(rank - 2)];
      for (int j = 0; j < scores.length; j++) {
        boolean isLater = mask.isCausal && j > place[rank - 2];
        scores[j] = isLater ? Double.NEGATIVE_INFINITY : score(place, j);
      }
      return scores;
    }

    private double score(long[] place, int j) {
      int rank = place.length + 1;
      long[] q = Arrays.copyOf(place, rank);
      long[] k = q.clone();
      k[rank - 2] = j;
      double sum = 0;
      for (long i = 0; i < query.shape().get(rank - 1); i++) {
        q[rank - 1] = i;
        k[rank - 1] = i;
        sum += query.at(q) * key.at(k);
      }
      q[rank - 1] = j;
      return scale * sum + mask.scores.map(each -> each.spread(q)).orElse(0.0);
    }
  }

  /** Rows become columns. */
  static Values turned(Values weight) {
    int rows = (int) weight.shape().get(0);
    int columns = (int) weight.shape().get(1);
    double[] turned = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = weight.values()[row * columns + column];
      }
    }
    return new Values(new Shape(columns, rows), turned);
  }
}
