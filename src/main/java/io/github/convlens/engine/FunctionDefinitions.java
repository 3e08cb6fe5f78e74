package io.github.convlens.engine;

import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Activation functions, by the formulas of PyTorch's pages. */
final class FunctionDefinitions {
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  private final Values x;
  private final Roundoff roundoff;

  FunctionDefinitions(Values x, Roundoff roundoff) {
    this.x = x;
    this.roundoff = roundoff;
  }

  Definition of(ActivationSpec layer) {
    List<Double> numbers = layer.arguments();
    return switch (layer.function()) {
      case SOFTMAX -> softmax(layer.axis(x.shape()));
      case SOFTMAX2D -> softmax(1);
      case SOFTMIN -> new FunctionDefinitions(x.negated(), roundoff).softmax(layer.axis(x.shape()));
      case LOG_SOFTMAX -> logSoftmax(layer.axis(x.shape()));
      case GLU -> gated(layer.axis(x.shape()));
      default -> each(layer.function(), numbers);
    };
  }

  /** A slope for each channel, or one for all. */
  Definition prelu(double[] slopes) {
    return new Definition(
        1,
        p -> {
          double in = x.at(p);
          double out = in > 0 ? in : slopes[slopes.length == 1 ? 0 : (int) p[1]] * in;
          return new Value(out, roundoff.of(2 * Math.abs(out)));
        });
  }

  /** The first half of the axis times the sigmoid of the second. */
  private Definition gated(int axis) {
    long half = x.shape().get(axis) / 2;
    return new Definition(
        16,
        p -> {
          long[] q = p.clone();
          q[axis] += half;
          double gate = x.at(q);
          double out = x.at(p) / (1 + Math.exp(-gate));
          return new Value(out, roundoff.of((8 + 8 * Math.abs(gate)) * Math.abs(out)));
        });
  }

  /**
   * What rounding may do: some roundings of input and output, and what the function makes of an
   * input (or of a threshold) that is rounded.
   */
  private Definition each(Function function, List<Double> numbers) {
    DoubleUnaryOperator f = function(function, numbers);
    double step = 4 * roundoff.unit();
    return new Definition(
        function == Function.GELU ? 256 : 16,
        p -> {
          double in = x.at(p);
          double out = f.applyAsDouble(in);
          double change = f.applyAsDouble(in * (1 + step)) - f.applyAsDouble(in * (1 - step));
          double size = 8 * (Math.abs(in) + Math.abs(out)) + ofOne(function, numbers, in);
          return new Value(out, roundoff.of(size) + Math.abs(change));
        });
  }

  /** PyTorch takes 1 from e^x, which is rounded as a number of about 1 is. */
  private static double ofOne(Function function, List<Double> numbers, double in) {
    if (in > 0) {
      return 0;
    }
    return switch (function) {
      case ELU, CELU -> 2 * Math.abs(numbers.get(0));
      case SELU -> 2 * SELU_SCALE * SELU_ALPHA;
      default -> 0;
    };
  }

  private static DoubleUnaryOperator function(Function function, List<Double> numbers) {
    double a = numbers.isEmpty() ? 0 : numbers.get(0);
    double b = numbers.size() < 2 ? 0 : numbers.get(1);
    return switch (function) {
      case RELU -> x -> Math.max(x, 0);
      case RELU6 -> x -> clip(x, 0, 6);
      case LEAKY_RELU -> x -> x > 0 ? x : a * x;
      case ELU -> x -> x > 0 ? x : a * Math.expm1(x);
      case CELU -> x -> x > 0 ? x : a * Math.expm1(x / a);
      case SELU -> x -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x));
      case GELU -> x -> x / 2 * (1 + errorFunction(x / Math.sqrt(2)));
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x -> x / (1 + Math.exp(-x));
      case MISH -> x -> x * Math.tanh(softplus(x));
      case HARDSWISH -> x -> x * clip(x + 3, 0, 6) / 6;
      case HARDSIGMOID -> x -> clip(x + 3, 0, 6) / 6;
      case HARDTANH -> x -> clip(x, a, b);
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case LOG_SIGMOID -> x -> -softplus(-x);
      case TANH -> Math::tanh;
      case SOFTPLUS -> x -> a * x > b ? x : softplus(a * x) / a;
      case SOFTSIGN -> x -> x / (1 + Math.abs(x));
      case TANHSHRINK -> x -> x - Math.tanh(x);
      case HARDSHRINK -> x -> x >= -a && x <= a ? 0 : x;
      case SOFTSHRINK -> x -> x > a ? x - a : x < -a ? x + a : 0 * x;
      case RRELU -> x -> x > 0 ? x : (a + b) / 2 * x;
      case THRESHOLD -> x -> x <= a ? b : x;
      case SOFTMAX, SOFTMIN, LOG_SOFTMAX, SOFTMAX2D, GLU ->
          throw new IllegalArgumentException(function + " does not go element by element");
    };
  }

  private static double clip(double x, double least, double most) {
    return Math.min(Math.max(x, least), most);
  }

  private static double softplus(double x) {
    return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  }

  /** {@code 2 / sqrt(pi) x e^(-x x) x sum of 2^n x^(2n + 1) / (2n + 1)!!}, a sum of one sign. */
  private static double errorFunction(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** {@code e^x / sum of e^x} along an axis. */
  private Definition softmax(int axis) {
    long size = x.shape().get(axis);
    return new Definition(
        16 * size,
        p -> {
          Exponentials all = exponentials(p, axis);
          double below = all.largest - x.at(p);
          double share = Math.exp(-below) / all.sum;
          double roundings = 8 + 4 * below + 4 * Math.sqrt((double) size);
          return new Value(share, roundoff.of(share == 0 ? 0 : roundings * share));
        });
  }

  /** {@code x - log(sum of e^x)}. */
  private Definition logSoftmax(int axis) {
    long size = x.shape().get(axis);
    return new Definition(
        16 * size,
        p -> {
          Exponentials all = exponentials(p, axis);
          double in = x.at(p);
          double out = in - all.largest - Math.log(all.sum);
          double sizes = 4 * (Math.abs(in) + Math.abs(all.largest) + Math.abs(out));
          return new Value(out, roundoff.of(8 + sizes + 4 * Math.sqrt((double) size)));
        });
  }

  /** The sum of {@code e^(x - largest)} along an axis, which cannot overflow. */
  private record Exponentials(double largest, double sum) {}

  private Exponentials exponentials(long[] position, int axis) {
    long[] q = position.clone();
    double largest = Double.NEGATIVE_INFINITY;
    for (q[axis] = 0; q[axis] < x.shape().get(axis); q[axis]++) {
      largest = Math.max(largest, x.at(q));
    }
    double sum = 0;
    for (q[axis] = 0; q[axis] < x.shape().get(axis); q[axis]++) {
      sum += Math.exp(x.at(q) - largest);
    }
    return new Exponentials(largest, sum);
  }
}
