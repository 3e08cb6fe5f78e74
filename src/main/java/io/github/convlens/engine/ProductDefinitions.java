package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.CallArguments.Undefined;
import io.github.convlens.engine.Definition.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Products of matrices, and attention, which is made of them. */
final class ProductDefinitions {
  private final CallArguments call;
  private final Shape made;
  private final Roundoff roundoff;
  private final Roundoff products;

  ProductDefinitions(CallArguments call, Shape made, Roundoff roundoff, Roundoff products) {
    this.call = call;
    this.made = made;
    this.roundoff = roundoff;
    this.products = products;
  }

  /**
   * The last axes are rows and columns; a vector is one row on the left, one column on the right.
   */
  private record Pair(Values left, Values right) {
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

    double rounding() {
      return 4.0 * terms() * left.largest() * right.largest();
    }
  }

  /** {@code a b}. */
  Definition plain() {
    Pair pair =
        new Pair(
            call.array(0, "self"),
            call.array(1, call.function().equals("matmul") ? "other" : "mat2"));
    double rounding = pair.rounding();
    return new Definition(
        pair.terms(),
        p -> {
          double sum = pair.at(p);
          return new Value(sum, products.of(rounding + 2 * Math.abs(sum)));
        });
  }

  /** {@code beta x + alpha a b}. */
  Definition added() {
    Values x = call.array(0, "self");
    boolean batched = call.function().equals("baddbmm");
    Pair pair =
        new Pair(
            call.array(1, batched ? "batch1" : "mat1"), call.array(2, batched ? "batch2" : "mat2"));
    double beta = call.number(3, "beta", 1);
    double alpha = call.number(4, "alpha", 1);
    return sum(pair, p -> beta * spread(x, p), alpha);
  }

  private interface Summand {
    double at(long[] position);
  }

  private Definition sum(Pair pair, Summand summand, double alpha) {
    double rounding = Math.abs(alpha) * pair.rounding();
    return new Definition(
        pair.terms(),
        p -> {
          double product = alpha * pair.at(p);
          double shift = summand.at(p);
          double size = 2 * (Math.abs(product) + Math.abs(shift) + Math.abs(product + shift));
          return new Value(product + shift, products.of(rounding + size));
        });
  }

  /** {@code x w' + b}, with weights that need not be the program's own. */
  Definition linear() {
    Values weight = call.array(1, "weight");
    Optional<Values> bias = call.optionalArray(2, "bias");
    Pair pair = new Pair(call.array(0, "input"), turned(weight));
    return sum(pair, p -> bias.map(b -> b.at(p[p.length - 1])).orElse(0.0), 1);
  }

  private static Values turned(Values weight) {
    int rows = (int) weight.shape().get(0);
    int columns = (int) weight.shape().get(1);
    double[] turned = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = weight.at(row, column);
      }
    }
    return new Values(new Shape(columns, rows), turned);
  }

  private static double spread(Values x, long[] p) {
    int rank = x.shape().dimension();
    long[] q = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      q[axis] = x.shape().get(axis) == 1 ? 0 : p[p.length - rank + axis];
    }
    return x.at(q);
  }

  /** The sum over all letters that the output lacks of the products of all arrays. */
  Definition einsum() {
    String[] sides = call.text(0, "equation").replace(" ", "").split("->", -1);
    List<Values> arrays =
        call.arrays(1, "tensors").stream().map(each -> each.orElseThrow(Undefined::new)).toList();
    String[] terms = sides[0].split(",", -1);
    if (sides.length != 2 || terms.length != arrays.size() || sides[0].contains(".")) {
      throw new Undefined();
    }
    Map<Character, Long> sizes = new LinkedHashMap<>();
    double largest = 1;
    for (int i = 0; i < terms.length; i++) {
      for (int axis = 0; axis < terms[i].length(); axis++) {
        sizes.merge(terms[i].charAt(axis), arrays.get(i).shape().get(axis), Math::max);
      }
      largest *= arrays.get(i).largest();
    }
    List<Character> summed = new ArrayList<>(sizes.keySet());
    summed.removeIf(letter -> sides[1].indexOf(letter) >= 0);
    Shape places = new Shape(summed.stream().mapToLong(sizes::get).toArray());
    double rounding = 4.0 * terms.length * places.size() * largest;
    return new Definition(
        places.size() * terms.length,
        p -> {
          double sum = 0;
          for (long i = 0; i < places.size(); i++) {
            long[] place = Values.position(places, i);
            double product = 1;
            for (int k = 0; k < terms.length; k++) {
              product *=
                  arrays.get(k).at(letters(terms[k], arrays.get(k), sides[1], p, summed, place));
            }
            sum += product;
          }
          return new Value(sum, products.of(rounding + 2 * Math.abs(sum)));
        });
  }

  private static long[] letters(
      String term, Values x, String output, long[] p, List<Character> summed, long[] place) {
    long[] q = new long[term.length()];
    for (int axis = 0; axis < q.length; axis++) {
      int at = output.indexOf(term.charAt(axis));
      long index = at >= 0 ? p[at] : place[summed.indexOf(term.charAt(axis))];
      q[axis] = x.shape().get(axis) == 1 ? 0 : index;
    }
    return q;
  }

  /** {@code softmax(scale q k' + mask) v}. */
  Definition attention() {
    Values query = call.array(0, "query");
    Values key = call.array(1, "key");
    Values value = call.array(2, "value");
    Optional<Values> mask = call.optionalArray(3, "attn_mask");
    if (call.number(4, "dropout_p", 0) != 0 || call.isTrue(7, "enable_gqa")) {
      throw new Undefined();
    }
    int rank = made.dimension();
    long width = query.shape().get(rank - 1);
    long length = key.shape().get(rank - 2);
    double scale = call.number(6, "scale", 1 / Math.sqrt((double) width));
    Rows rows = new Rows(query, key, mask, call.isTrue(5, "is_causal"), scale);
    double ofScores = 4.0 * width * scale * query.largest() * key.largest();
    double largest = value.largest();
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
          double terms = 16 + 8 * Math.sqrt((double) length);
          double size = products.of(2 * ofScores * largest) + roundoff.of(terms * largest);
          return new Value(sum, size);
        });
  }

  /** The softmax of a query's scores; the last one is kept, for the numbers of its output. */
  private static final class Rows {
    private final Values query;
    private final Values key;
    private final Optional<Values> mask;
    private final boolean isCausal;
    private final double scale;
    private long[] last = {};
    private double[] shares = {};

    Rows(Values query, Values key, Optional<Values> mask, boolean isCausal, double scale) {
      this.query = query;
      this.key = key;
      this.mask = mask;
      this.isCausal = isCausal;
      this.scale = scale;
    }

    double[] shares(long[] place) {
      if (!Arrays.equals(place, last)) {
        shares = softmax(place);
        last = place;
      }
      return shares;
    }

    private double[] softmax(long[] place) {
      int rank = place.length + 1;
      double[] scores = new double[(int) key.shape().get(rank - 2)];
      double most = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < scores.length; j++) {
        scores[j] = isCausal && j > place[rank - 2] ? Double.NEGATIVE_INFINITY : score(place, j);
        most = Math.max(most, scores[j]);
      }
      double sum = 0;
      for (int j = 0; j < scores.length; j++) {
        scores[j] = Math.exp(scores[j] - most);
        sum += scores[j];
      }
      for (int j = 0; j < scores.length; j++) {
        scores[j] /= sum;
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
      return scale * sum + mask.map(each -> spread(each, q)).orElse(0.0);
    }
  }
}
