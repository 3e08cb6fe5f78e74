package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.CallArguments.Undefined;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.engine.ProductDefinitions.Mask;
import io.github.convlens.engine.ProductDefinitions.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Products of matrices and attention, as calls of a program. */
final class CallProducts {
  private final CallArguments call;
  private final Roundoff products;
  private final ProductDefinitions definitions;

  CallProducts(CallArguments call, Roundoff roundoff, Roundoff products) {
    this.call = call;
    this.products = products;
    definitions = new ProductDefinitions(roundoff, products);
  }

  /** The definition; null where the call is none of these. */
  @Nullable Definition find() {
    return switch (call.function()) {
      case "matmul" -> plain("other");
      case "bmm", "mm" -> plain("mat2");
      case "addmm" -> added("mat1", "mat2");
      case "baddbmm" -> added("batch1", "batch2");
      case "linear" -> linear();
      case "einsum" -> einsum();
      case "scaled_dot_product_attention" -> attention();
      default -> null;
    };
  }

  private Definition plain(String right) {
    return definitions.of(new Pair(call.array(0, "self"), call.array(1, right)));
  }

  /** {@code beta x + alpha a b}. */
  private Definition added(String left, String right) {
    Values x = call.array(0, "self");
    double beta = call.number(3, "beta", 1);
    return definitions.sum(
        new Pair(call.array(1, left), call.array(2, right)),
        p -> beta * x.spread(p),
        call.number(4, "alpha", 1));
  }

  /** {@code x w' + b}, with weights that need not be the program's own. */
  private Definition linear() {
    Optional<Values> bias = call.optionalArray(2, "bias");
    Values weight = ProductDefinitions.turned(call.array(1, "weight"));
    return definitions.sum(
        new Pair(call.array(0, "input"), weight),
        p -> bias.map(b -> b.at(p[p.length - 1])).orElse(0.0),
        1);
  }

  private Definition attention() {
    Values query = call.array(0, "query");
    if (call.number(4, "dropout_p", 0) != 0 || call.isTrue(7, "enable_gqa")) {
      throw new Undefined();
    }
    double width = query.shape().get(query.shape().dimension() - 1);
    return definitions.attention(
        query,
        call.array(1, "key"),
        call.array(2, "value"),
        new Mask(call.optionalArray(3, "attn_mask"), call.isTrue(5, "is_causal")),
        call.number(6, "scale", 1 / Math.sqrt(width)));
  }

  /** The sum over all letters that the output lacks of the products of all arrays. */
  private Definition einsum() {
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
    double rounding = terms.length * products.products(places.size(), largest);
    return new Definition(
        4 * places.size() * terms.length,
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
}
