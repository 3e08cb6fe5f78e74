package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.CallArguments.Undefined;
import io.github.convlens.engine.Definition.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a program mean that are no layers: arithmetic, numbers put elsewhere, sums
 * along axes. Products and attention are in {@link ProductDefinitions}, recurrent networks in
 * {@link RecurrentDefinition}.
 */
final class CallDefinitions {
  private final CallArguments call;
  private final int output;
  private final List<Shape> made;
  private final Roundoff roundoff;
  private final Roundoff products;

  /**
   * The definitions of a call.
   *
   * @param call what it is given
   * @param output which of its outputs is meant, from 0
   * @param made the shapes of all of them
   * @param roundoff how the output's type rounds
   * @param products how it rounds in matrix products
   */
  CallDefinitions(
      CallArguments call, int output, List<Shape> made, Roundoff roundoff, Roundoff products) {
    this.call = call;
    this.output = output;
    this.made = made;
    this.roundoff = roundoff;
    this.products = products;
  }

  private interface Copied {
    double at(long[] position);
  }

  private interface Function {
    double of(double x);
  }

  private interface Joined {
    double of(double x, double y);
  }

  /** The definition; empty where none is written for the call. */
  Optional<Definition> definition() {
    try {
      return Optional.ofNullable(find());
    } catch (Undefined e) {
      return Optional.empty();
    }
  }

  private @Nullable Definition find() {
    ProductDefinitions product = new ProductDefinitions(call, made.get(output), roundoff, products);
    return switch (call.function()) {
      case "add" -> sum(1);
      case "sub" -> sum(-1);
      case "rsub" ->
          arithmetic(
              operand(1, "other"),
              scaled(0, "self", 2, "alpha"),
              (x, y) -> x - y,
              (x, y) -> 4 * Math.abs(x) + 4 * Math.abs(y));
      case "mul" -> arithmetic(operand(0, "self"), operand(1, "other"), (x, y) -> x * y);
      case "div" -> divided();
      case "pow" -> power();
      case "maximum" -> arithmetic(operand(0, "self"), operand(1, "other"), Math::max);
      case "minimum" -> arithmetic(operand(0, "self"), operand(1, "other"), Math::min);
      case "clamp", "clamp_min", "clamp_max" -> clamped();
      case "addcmul" -> multipliedAndAdded();
      case "eq" -> compared((x, y) -> x == y ? 1 : 0);
      case "ne" -> compared((x, y) -> x == y ? 0 : 1);
      case "lt" -> compared((x, y) -> x < y ? 1 : 0);
      case "le" -> compared((x, y) -> x <= y ? 1 : 0);
      case "gt" -> compared((x, y) -> x > y ? 1 : 0);
      case "ge" -> compared((x, y) -> x >= y ? 1 : 0);
      case "neg" -> each(x -> -x);
      case "abs" -> each(Math::abs);
      case "exp" -> each(Math::exp);
      case "log" -> each(Math::log);
      case "sqrt" -> each(Math::sqrt);
      case "rsqrt" -> each(x -> 1 / Math.sqrt(x));
      case "reciprocal" -> each(x -> 1 / x);
      case "square" -> each(x -> x * x);
      case "sin" -> each(Math::sin);
      case "cos" -> each(Math::cos);
      case "sum", "mean", "amax", "amin", "linalg_vector_norm" -> reduced();
      case "contiguous", "clone", "detach", "alias", "lift_fresh_copy", "expand", "expand_as" ->
          copy(spread(call.array(0, "self")));
      case "copy" -> copy(spread(call.array(1, "src")));
      case "to", "_to_copy", "type_as" -> converted();
      case "view",
          "reshape",
          "_unsafe_view",
          "_reshape_copy",
          "view_as",
          "reshape_as",
          "unflatten",
          "flatten",
          "unsqueeze",
          "squeeze" ->
          inOrder();
      case "zeros", "zeros_like", "new_zeros", "zero" -> copy(p -> 0);
      case "ones", "ones_like", "new_ones" -> copy(p -> 1);
      case "full", "full_like" -> constant(call.number(1, "fill_value"));
      case "fill" -> copy(operand(1, "value"));
      case "scalar_tensor" -> constant(call.number(0, "s"));
      case "dropout" -> call.isTrue(2, "train") ? null : copy(spread(call.array(0, "input")));
      case "masked_fill" -> masked();
      case "where" -> chosen();
      case "matmul", "bmm", "mm" -> product.plain();
      case "addmm", "baddbmm" -> product.added();
      case "linear" -> product.linear();
      case "einsum" -> product.einsum();
      case "scaled_dot_product_attention" -> product.attention();
      case "lstm", "gru", "rnn_tanh", "rnn_relu" ->
          new RecurrentDefinition(call, roundoff).definition(output);
      default -> moved();
    };
  }

  /** Numbers that go elsewhere, along one axis or several. */
  private @Nullable Definition moved() {
    return switch (call.function()) {
      case "transpose" -> transposed(call.whole(1, "dim0"), call.whole(2, "dim1"));
      case "t" -> made.get(output).dimension() < 2 ? inOrder() : transposed(0, 1);
      case "permute" -> permuted();
      case "select" -> selected(call.whole(2, "index"));
      case "unbind" -> unbound();
      case "slice" -> sliced();
      case "chunk", "split", "split_with_sizes", "tensor_split" -> part();
      case "stack" -> stacked();
      case "cat" -> concatenated();
      case "flip" -> flipped();
      case "roll" -> rolled();
      case "repeat" -> copy(repeated(call.array(0, "self")));
      case "embedding" -> looked();
      case "index" -> indexed();
      case "tril" -> triangle(1);
      case "triu" -> triangle(-1);
      case "pad", "constant_pad_nd" -> padded();
      case "arange" -> counted();
      default -> null;
    };
  }

  private static Definition copy(Copied number) {
    return new Definition(1, p -> Value.exact(number.at(p)));
  }

  private Definition constant(double number) {
    return new Definition(1, p -> new Value(number, roundoff.of(Math.abs(number))));
  }

  /** A number for all positions, or an array whose axes are the last ones, and repeated where 1. */
  private Copied operand(int place, String name) {
    Optional<Double> number = call.optionalNumber(place, name);
    return number.isPresent() ? p -> number.get() : spread(call.array(place, name));
  }

  private Copied scaled(int place, String name, int factorAt, String factorName) {
    Copied operand = operand(place, name);
    double factor = call.number(factorAt, factorName, 1);
    return p -> factor * operand.at(p);
  }

  private static Copied spread(Values x) {
    int rank = x.shape().dimension();
    return p -> {
      long[] q = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        q[axis] = x.shape().get(axis) == 1 ? 0 : p[p.length - rank + axis];
      }
      return x.at(q);
    };
  }

  private static Copied repeated(Values x) {
    int rank = x.shape().dimension();
    return p -> {
      long[] q = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        q[axis] = p[p.length - rank + axis] % x.shape().get(axis);
      }
      return x.at(q);
    };
  }

  private Definition sum(int sign) {
    Copied other = scaled(1, "other", 2, "alpha");
    return arithmetic(operand(0, "self"), other, (x, y) -> x + sign * y, (x, y) -> 4 * Math.abs(y));
  }

  /** A product or a quotient: nothing is rounded but the result. */
  private Definition arithmetic(Copied left, Copied right, Joined join) {
    return arithmetic(left, right, join, (x, y) -> 0);
  }

  private Definition arithmetic(Copied left, Copied right, Joined join, Joined size) {
    return new Definition(
        2,
        p -> {
          double x = left.at(p);
          double y = right.at(p);
          double number = join.of(x, y);
          return new Value(number, roundoff.of(4 * Math.abs(number) + size.of(x, y)));
        });
  }

  private Definition compared(Joined join) {
    Copied left = operand(0, "self");
    Copied right = operand(1, "other");
    return copy(p -> join.of(left.at(p), right.at(p)));
  }

  private Definition divided() {
    if (call.has(2, "rounding_mode")) {
      throw new Undefined();
    }
    return arithmetic(operand(0, "self"), operand(1, "other"), (x, y) -> x / y);
  }

  private Definition power() {
    Copied base = operand(0, "self");
    Copied exponent = operand(1, "exponent");
    return new Definition(
        8,
        p -> {
          double x = base.at(p);
          double y = exponent.at(p);
          double number = Math.pow(x, y);
          double size = x == 0 ? 0 : Math.abs(y * Math.log(Math.abs(x)));
          return new Value(number, roundoff.of((8 + 8 * size) * Math.abs(number)));
        });
  }

  private Definition clamped() {
    Copied x = operand(0, "self");
    boolean low = call.has(1, "min") && !call.function().equals("clamp_max");
    int highAt = call.function().equals("clamp_max") ? 1 : 2;
    Copied least = low ? operand(1, "min") : p -> Double.NEGATIVE_INFINITY;
    Copied most = call.has(highAt, "max") ? operand(highAt, "max") : p -> Double.POSITIVE_INFINITY;
    return new Definition(
        2,
        p -> {
          double number = Math.min(Math.max(x.at(p), least.at(p)), most.at(p));
          return new Value(number, roundoff.of(Math.abs(number)));
        });
  }

  private Definition multipliedAndAdded() {
    Copied x = operand(0, "self");
    Copied one = operand(1, "tensor1");
    Copied other = operand(2, "tensor2");
    double factor = call.number(3, "value", 1);
    return new Definition(
        3,
        p -> {
          double product = factor * one.at(p) * other.at(p);
          double size = Math.abs(x.at(p)) + 3 * Math.abs(product);
          return new Value(x.at(p) + product, roundoff.of(4 * size));
        });
  }

  /** What rounding does to the result, and what the function makes of an input that is rounded. */
  private Definition each(Function function) {
    Copied x = spread(call.array(0, "self"));
    double step = 4 * roundoff.unit();
    return new Definition(
        8,
        p -> {
          double in = x.at(p);
          double number = function.of(in);
          double change = function.of(in * (1 + step)) - function.of(in * (1 - step));
          boolean isSteep = Double.isFinite(change);
          double size = 8 * Math.abs(number);
          return new Value(number, roundoff.of(size) + (isSteep ? Math.abs(change) : 0));
        });
  }

  /** All numbers that differ from the output's position in the axes that go. */
  private Definition reduced() {
    Values x = call.array(0, "self");
    String function = call.function();
    boolean isNorm = function.equals("linalg_vector_norm");
    double order = isNorm ? call.number(1, "ord", 2) : 0;
    if (isNorm && order != 2 && order != 1) {
      throw new Undefined();
    }
    int rank = x.shape().dimension();
    List<Integer> axes =
        call.wholes(isNorm ? 2 : 1, "dim").stream()
            .map(each -> CallArguments.axis(each, rank))
            .toList();
    boolean[] goes = new boolean[rank];
    long[] sizes = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      goes[axis] = axes.isEmpty() || axes.contains(axis);
      sizes[axis] = goes[axis] ? x.shape().get(axis) : 1;
    }
    Shape places = new Shape(sizes);
    boolean keeps = made.get(output).dimension() == rank;
    return new Definition(
        places.size(),
        p -> {
          long[] q = new long[rank];
          int next = 0;
          for (int axis = 0; axis < rank; axis++) {
            q[axis] = goes[axis] ? 0 : p[keeps ? axis : next];
            next += goes[axis] && !keeps ? 0 : 1;
          }
          return reduced(function, order, x, q, places);
        });
  }

  private Value reduced(String function, double order, Values x, long[] start, Shape places) {
    double sum = 0;
    double sizes = 0;
    double squares = 0;
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (long i = 0; i < places.size(); i++) {
      long[] q = Values.position(places, i);
      for (int axis = 0; axis < q.length; axis++) {
        q[axis] += start[axis];
      }
      double number = x.at(q);
      sum += number;
      sizes += Math.abs(number);
      squares += number * number;
      most = Math.max(most, number);
      least = Math.min(least, number);
    }
    double roundings = 8 + 4 * Math.sqrt((double) places.size());
    return switch (function) {
      case "amax" -> Value.exact(most);
      case "amin" -> Value.exact(least);
      case "mean" -> new Value(sum / places.size(), roundoff.of(roundings * sizes / places.size()));
      case "linalg_vector_norm" -> {
        double norm = order == 1 ? sizes : Math.sqrt(squares);
        yield new Value(norm, roundoff.of(roundings * norm));
      }
      default -> new Value(sum, roundoff.of(roundings * sizes));
    };
  }

  private Definition converted() {
    Copied x = spread(call.array(0, "self"));
    if (roundoff.unit() == 0) {
      throw new Undefined(); // whole numbers: PyTorch cuts off, wraps, or asks for not 0
    }
    return new Definition(1, p -> new Value(x.at(p), roundoff.of(Math.abs(x.at(p)))));
  }

  private Definition inOrder() {
    Values x = call.array(0, "self");
    Shape shape = made.get(output);
    return copy(p -> x.values()[Math.toIntExact(Values.index(shape, p))]);
  }

  private Definition masked() {
    Copied x = operand(0, "self");
    Copied mask = operand(1, "mask");
    Copied value = operand(2, "value");
    return new Definition(
        1,
        p -> {
          double number = mask.at(p) != 0 ? value.at(p) : x.at(p);
          return new Value(number, mask.at(p) != 0 ? roundoff.of(Math.abs(number)) : 0);
        });
  }

  private Definition chosen() {
    Copied condition = operand(0, "condition");
    Copied one = operand(1, "self");
    Copied other = operand(2, "other");
    return new Definition(
        1,
        p -> {
          double number = condition.at(p) != 0 ? one.at(p) : other.at(p);
          return new Value(number, roundoff.of(Math.abs(number)));
        });
  }

  private Definition transposed(long one, long other) {
    Values x = call.array(0, "self");
    int first = CallArguments.axis(one, x.shape().dimension());
    int second = CallArguments.axis(other, x.shape().dimension());
    return copy(
        p -> {
          long[] q = p.clone();
          q[first] = p[second];
          q[second] = p[first];
          return x.at(q);
        });
  }

  private Definition permuted() {
    Values x = call.array(0, "self");
    List<Long> dims = call.wholes(1, "dims");
    return copy(
        p -> {
          long[] q = new long[p.length];
          for (int axis = 0; axis < p.length; axis++) {
            q[CallArguments.axis(dims.get(axis), p.length)] = p[axis];
          }
          return x.at(q);
        });
  }

  private static long[] with(long[] p, int axis, long place) {
    long[] q = new long[p.length + 1];
    System.arraycopy(p, 0, q, 0, axis);
    q[axis] = place;
    System.arraycopy(p, axis, q, axis + 1, p.length - axis);
    return q;
  }

  private static long[] without(long[] p, int axis) {
    long[] q = new long[p.length - 1];
    System.arraycopy(p, 0, q, 0, axis);
    System.arraycopy(p, axis + 1, q, axis, q.length - axis);
    return q;
  }

  private Definition selected(long index) {
    Values x = call.array(0, "self");
    int axis = call.axis(1, "dim", 0, x.shape().dimension());
    long place = index < 0 ? index + x.shape().get(axis) : index;
    return copy(p -> x.at(with(p, axis, place)));
  }

  private Definition unbound() {
    Values x = call.array(0, "self");
    int axis = call.axis(1, "dim", 0, x.shape().dimension());
    return copy(p -> x.at(with(p, axis, output)));
  }

  private Definition sliced() {
    Values x = call.array(0, "self");
    int axis = call.axis(1, "dim", 0, x.shape().dimension());
    long size = x.shape().get(axis);
    long given = call.whole(2, "start", 0);
    long start = Math.max(0, Math.min(size, given < 0 ? given + size : given));
    long step = call.whole(4, "step", 1);
    return moved(x, axis, place -> start + step * place);
  }

  private interface Place {
    long of(long place);
  }

  private static Definition moved(Values x, int axis, Place place) {
    return copy(
        p -> {
          long[] q = p.clone();
          q[axis] = place.of(p[axis]);
          return x.at(q);
        });
  }

  /** Behind the parts in front of it. */
  private Definition part() {
    Values x = call.array(0, "self");
    int axis = call.axis(2, "dim", 0, x.shape().dimension());
    long start = made.subList(0, output).stream().mapToLong(shape -> shape.get(axis)).sum();
    return moved(x, axis, place -> start + place);
  }

  private Definition stacked() {
    List<Values> all = all();
    int axis = call.axis(1, "dim", 0, made.get(output).dimension());
    return copy(p -> all.get((int) p[axis]).at(without(p, axis)));
  }

  private Definition concatenated() {
    List<Values> all = all();
    int axis = call.axis(1, "dim", 0, made.get(output).dimension());
    return copy(
        p -> {
          long[] q = p.clone();
          int input = 0;
          while (q[axis] >= all.get(input).shape().get(axis)) {
            q[axis] -= all.get(input++).shape().get(axis);
          }
          return all.get(input).at(q);
        });
  }

  private List<Values> all() {
    return call.arrays(0, "tensors").stream()
        .map(each -> each.orElseThrow(Undefined::new))
        .toList();
  }

  private Definition flipped() {
    Values x = call.array(0, "self");
    List<Long> dims = call.wholes(1, "dims");
    return copy(
        p -> {
          long[] q = p.clone();
          for (long dim : dims) {
            int axis = CallArguments.axis(dim, p.length);
            q[axis] = x.shape().get(axis) - 1 - p[axis];
          }
          return x.at(q);
        });
  }

  private Definition rolled() {
    Values x = call.array(0, "self");
    List<Long> shifts = call.wholes(1, "shifts");
    List<Long> dims = call.wholes(2, "dims");
    if (dims.size() != shifts.size()) {
      throw new Undefined();
    }
    return copy(
        p -> {
          long[] q = p.clone();
          for (int i = 0; i < dims.size(); i++) {
            int axis = CallArguments.axis(dims.get(i), p.length);
            q[axis] = Math.floorMod(q[axis] - shifts.get(i), x.shape().get(axis));
          }
          return x.at(q);
        });
  }

  private Definition looked() {
    Values table = call.array(0, "weight");
    Values indices = call.array(1, "indices");
    int rank = indices.shape().dimension();
    return copy(
        p -> {
          long[] q = new long[rank];
          System.arraycopy(p, 0, q, 0, rank);
          return table.at((long) indices.at(q), p[rank]);
        });
  }

  /** Arrays of whole numbers as indices of axes that stand one behind the other. */
  private Definition indexed() {
    Values x = call.array(0, "self");
    List<Optional<Values>> indices = call.arrays(1, "indices");
    int first = 0;
    while (indices.get(first).isEmpty()) {
      first++;
    }
    List<Copied> places = new ArrayList<>();
    int wide = 0;
    for (Optional<Values> index : indices.subList(first, indices.size())) {
      Values values = index.orElseThrow(Undefined::new);
      places.add(spread(values));
      wide = Math.max(wide, values.shape().dimension());
    }
    int rank = x.shape().dimension();
    if (made.get(output).dimension() != rank - places.size() + wide
        || call.overload().equals("hacked_twin")) {
      throw new Undefined(); // a mask of true and false
    }
    int from = first;
    int axes = wide;
    return copy(
        p -> {
          long[] place = Arrays.copyOfRange(p, from, from + axes);
          long[] q = new long[rank];
          System.arraycopy(p, 0, q, 0, from);
          for (int i = 0; i < places.size(); i++) {
            long index = (long) places.get(i).at(place);
            q[from + i] = index < 0 ? index + x.shape().get(from + i) : index;
          }
          System.arraycopy(p, from + axes, q, from + places.size(), rank - from - places.size());
          return x.at(q);
        });
  }

  /** What lies above a diagonal, or below it, is 0. */
  private Definition triangle(int sign) {
    Values x = call.array(0, "self");
    long diagonal = call.whole(1, "diagonal", 0);
    return copy(
        p -> {
          long right = p[p.length - 1] - p[p.length - 2] - diagonal;
          return sign * right > 0 ? 0 : x.at(p);
        });
  }

  private Definition padded() {
    Values x = call.array(0, "self");
    List<Long> pad = call.wholes(1, "pad");
    boolean isConstant = call.function().equals("constant_pad_nd");
    String mode = isConstant ? "" : call.text(2, "mode");
    if (!mode.isEmpty() && !mode.equals("constant")) {
      throw new Undefined();
    }
    double value = call.number(isConstant ? 2 : 3, "value", 0);
    return new Definition(
        1,
        p -> {
          long[] q = p.clone();
          boolean inside = true;
          for (int i = 0; i < pad.size() / 2; i++) {
            int axis = p.length - 1 - i;
            q[axis] -= pad.get(2 * i);
            inside &= q[axis] >= 0 && q[axis] < x.shape().get(axis);
          }
          return inside ? Value.exact(x.at(q)) : new Value(value, roundoff.of(Math.abs(value)));
        });
  }

  private Definition counted() {
    boolean fromStart = call.overload().startsWith("start");
    double start = fromStart ? call.number(0, "start") : 0;
    double step = call.overload().equals("start_step") ? call.number(2, "step", 1) : 1;
    return new Definition(
        1,
        p -> {
          double number = start + step * p[0];
          return new Value(number, roundoff.of(4 * (Math.abs(start) + Math.abs(number))));
        });
  }
}
