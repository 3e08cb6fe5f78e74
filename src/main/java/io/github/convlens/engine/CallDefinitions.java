package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.CallArguments.Undefined;
import io.github.convlens.engine.Definition.Source;
import io.github.convlens.engine.Definition.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a program mean that are no layers: here arithmetic and sums along axes; {@link
 * CallMoves} puts numbers elsewhere, {@link CallProducts} multiplies matrices, {@link
 * SequenceDefinitions} has recurrent networks.
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
   * @param products how it rounds in matrix products and recurrent networks
   */
  CallDefinitions(
      CallArguments call, int output, List<Shape> made, Roundoff roundoff, Roundoff products) {
    this.call = call;
    this.output = output;
    this.made = made;
    this.roundoff = roundoff;
    this.products = products;
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
      return Optional.ofNullable(find())
          .or(() -> Optional.ofNullable(new CallMoves(call, output, made, roundoff).find()))
          .or(() -> Optional.ofNullable(new CallProducts(call, roundoff, products).find()));
    } catch (Undefined e) {
      return Optional.empty();
    }
  }

  private @Nullable Definition find() {
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
      case "to", "_to_copy", "type_as" -> converted();
      case "zeros", "zeros_like", "new_zeros", "zero" -> Definition.copy(p -> 0);
      case "ones", "ones_like", "new_ones" -> Definition.copy(p -> 1);
      case "full", "full_like" -> constant(call.number(1, "fill_value"));
      case "fill" -> Definition.copy(operand(1, "value"));
      case "scalar_tensor" -> constant(call.number(0, "s"));
      case "masked_fill" -> masked();
      case "where" -> chosen();
      case "rms_norm" -> meanSquare();
      case "arange" -> counted();
      case "lstm", "gru", "rnn_tanh", "rnn_relu" ->
          SequenceDefinitions.recurrent(call, output, products);
      default -> null;
    };
  }

  private Definition constant(double number) {
    return new Definition(1, p -> new Value(number, roundoff.of(Math.abs(number))));
  }

  /** A number for all positions, or an array whose axes are the last ones, and repeated where 1. */
  private Source operand(int place, String name) {
    Optional<Double> number = call.optionalNumber(place, name);
    return number.isPresent() ? p -> number.get() : call.array(place, name)::spread;
  }

  private Source scaled(int place, String name, int factorAt, String factorName) {
    Source operand = operand(place, name);
    double factor = call.number(factorAt, factorName, 1);
    return p -> factor * operand.at(p);
  }

  private Definition sum(int sign) {
    Source other = scaled(1, "other", 2, "alpha");
    return arithmetic(operand(0, "self"), other, (x, y) -> x + sign * y, (x, y) -> 4 * Math.abs(y));
  }

  /** A product or a quotient: nothing is rounded but the result. */
  private Definition arithmetic(Source left, Source right, Joined join) {
    return arithmetic(left, right, join, (x, y) -> 0);
  }

  private Definition arithmetic(Source left, Source right, Joined join, Joined size) {
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
    Source left = operand(0, "self");
    Source right = operand(1, "other");
    return Definition.copy(p -> join.of(left.at(p), right.at(p)));
  }

  private Definition divided() {
    if (call.has(2, "rounding_mode")) {
      throw new Undefined();
    }
    return arithmetic(operand(0, "self"), operand(1, "other"), (x, y) -> x / y);
  }

  private Definition power() {
    Source base = operand(0, "self");
    Source exponent = operand(1, "exponent");
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
    Source x = operand(0, "self");
    boolean low = call.has(1, "min") && !call.function().equals("clamp_max");
    int highAt = call.function().equals("clamp_max") ? 1 : 2;
    Source least = low ? operand(1, "min") : p -> Double.NEGATIVE_INFINITY;
    Source most = call.has(highAt, "max") ? operand(highAt, "max") : p -> Double.POSITIVE_INFINITY;
    return new Definition(
        2,
        p -> {
          double number = Math.min(Math.max(x.at(p), least.at(p)), most.at(p));
          return new Value(number, roundoff.of(Math.abs(number)));
        });
  }

  private Definition multipliedAndAdded() {
    Source x = operand(0, "self");
    Source one = operand(1, "tensor1");
    Source other = operand(2, "tensor2");
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
    Source x = call.array(0, "self")::spread;
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

  private Definition reduced() {
    Values x = call.array(0, "self");
    boolean isNorm = call.function().equals("linalg_vector_norm");
    int rank = x.shape().dimension();
    List<Integer> axes =
        call.wholes(isNorm ? 2 : 1, "dim").stream()
            .map(each -> CallArguments.axis(each, rank))
            .toList();
    boolean keeps = made.get(output).dimension() == rank;
    List<Integer> going = axes.isEmpty() ? IntStream.range(0, rank).boxed().toList() : axes;
    ReductionDefinitions reduction = new ReductionDefinitions(x, going, keeps, roundoff);
    return switch (call.function()) {
      case "amax" -> reduction.largest();
      case "amin" -> reduction.smallest();
      case "mean" -> reduction.mean();
      case "linalg_vector_norm" -> norm(reduction);
      default -> reduction.sum();
    };
  }

  private Definition norm(ReductionDefinitions reduction) {
    double order = call.number(1, "ord", 2);
    if (order != 2 && order != 1) {
      throw new Undefined();
    }
    return order == 1 ? reduction.firstNorm() : reduction.secondNorm();
  }

  private Definition meanSquare() {
    long size = call.wholes(1, "normalized_shape").stream().reduce(1L, (a, b) -> a * b);
    OptionalDouble eps =
        call.optionalNumber(3, "eps").map(OptionalDouble::of).orElse(OptionalDouble.empty());
    return new NormDefinitions(call.array(0, "input"), roundoff)
        .meanSquare(size, eps, call.optionalArray(2, "weight"));
  }

  private Definition converted() {
    Source x = call.array(0, "self")::spread;
    if (roundoff.unit() == 0) {
      throw new Undefined(); // whole numbers: PyTorch cuts off, wraps, or asks for not 0
    }
    return new Definition(1, p -> new Value(x.at(p), roundoff.of(Math.abs(x.at(p)))));
  }

  private Definition masked() {
    Source x = operand(0, "self");
    Source mask = operand(1, "mask");
    Source value = operand(2, "value");
    return new Definition(
        1,
        p -> {
          double number = mask.at(p) != 0 ? value.at(p) : x.at(p);
          return new Value(number, mask.at(p) != 0 ? roundoff.of(Math.abs(number)) : 0);
        });
  }

  private Definition chosen() {
    Source condition = operand(0, "condition");
    Source one = operand(1, "self");
    Source other = operand(2, "other");
    return new Definition(
        1,
        p -> {
          double number = condition.at(p) != 0 ? one.at(p) : other.at(p);
          return new Value(number, roundoff.of(Math.abs(number)));
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
