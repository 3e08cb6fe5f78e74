package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * An activation function, element by element (softmax: along one axis); the shape stays. Source:
 * PyTorch's page of torch.nn, "Non-linear Activations".
 *
 * @param function which function
 * @param arguments its numbers, in the order of {@link Function#parameters()}
 */
public record ActivationSpec(Function function, List<Double> arguments) implements LayerSpec {

  /** A named number of a function, with PyTorch's default. */
  public record Parameter(String name, double defaultValue) {}

  /** The functions, each by its class's name in PyTorch. */
  public enum Function {
    /** max(x, 0). */
    RELU("ReLU"),
    /** min(max(x, 0), 6). */
    RELU6("ReLU6"),
    /** x, or slope times x below zero. */
    LEAKY_RELU("LeakyReLU", new Parameter("negative_slope", 0.01)),
    /** x, or alpha (e^x - 1) below zero. */
    ELU("ELU", new Parameter("alpha", 1)),
    /** x, or alpha (e^(x / alpha) - 1) below zero. */
    CELU("CELU", new Parameter("alpha", 1)),
    /** ELU with fixed scales that keep mean and variance. */
    SELU("SELU"),
    /** x times the normal distribution's cumulative function. */
    GELU("GELU"),
    /** GELU's approximation with tanh. */
    GELU_TANH("GELU"),
    /** x sigmoid(x), also called swish. */
    SILU("SiLU"),
    /** x tanh(softplus(x)). */
    MISH("Mish"),
    /** x min(max(x + 3, 0), 6) / 6. */
    HARDSWISH("Hardswish"),
    /** min(max(x + 3, 0), 6) / 6. */
    HARDSIGMOID("Hardsigmoid"),
    /** x cut to an interval. */
    HARDTANH("Hardtanh", new Parameter("min_val", -1), new Parameter("max_val", 1)),
    /** 1 / (1 + e^-x). */
    SIGMOID("Sigmoid"),
    /** log(sigmoid(x)). */
    LOG_SIGMOID("LogSigmoid"),
    /** The hyperbolic tangent. */
    TANH("Tanh"),
    /** log(1 + e^(beta x)) / beta, linear above the threshold. */
    SOFTPLUS("Softplus", new Parameter("beta", 1), new Parameter("threshold", 20)),
    /** x / (1 + |x|). */
    SOFTSIGN("Softsign"),
    /** x - tanh(x). */
    TANHSHRINK("Tanhshrink"),
    /** x, or zero within lambda of zero. */
    HARDSHRINK("Hardshrink", new Parameter("lambd", 0.5)),
    /** x moved towards zero by lambda. */
    SOFTSHRINK("Softshrink", new Parameter("lambd", 0.5)),
    /** e^x divided by its sum along an axis. */
    SOFTMAX("Softmax", new Parameter("dim", 1)),
    /** The logarithm of softmax. */
    LOG_SOFTMAX("LogSoftmax", new Parameter("dim", 1)),
    /** Softmax over the channels of a picture. */
    SOFTMAX2D("Softmax2d");

    private final String type;

    @SuppressWarnings("ImmutableEnumChecker") // it comes from List.of
    private final List<Parameter> parameters;

    Function(String type, Parameter... parameters) {
      this.type = type;
      this.parameters = List.of(parameters);
    }

    /** The class's name in PyTorch. */
    public String type() {
      return type;
    }

    /** The function's numbers, in PyTorch's positional order. */
    public List<Parameter> parameters() {
      return parameters;
    }
  }

  /**
   * Checks the number of arguments and takes a copy of the list.
   *
   * @throws IllegalArgumentException if there are not as many arguments as the function has
   */
  public ActivationSpec {
    arguments = List.copyOf(arguments);
    if (arguments.size() != function.parameters.size()) {
      throw new IllegalArgumentException(
          function + " takes " + function.parameters + ", not " + arguments);
    }
  }

  /** A function with PyTorch's defaults. */
  public static ActivationSpec of(Function function) {
    return new ActivationSpec(
        function, function.parameters.stream().map(Parameter::defaultValue).toList());
  }

  @Override
  public String type() {
    return function.type;
  }

  @Override
  public Shape output(Shape input) {
    if (hasAxis()) {
      Require.axis(dim(), input, "dim");
    } else if (function == Function.SOFTMAX2D) {
      Require.picture(input);
    }
    return input;
  }

  /** A softmax reads all of the axis that it runs along; any other function reads the element. */
  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    if (!hasAxis()) {
      return Optional.of(Reach.POINT);
    }
    int along = Require.axis(dim(), input, "dim");
    boolean mixes = input.dimension() == 4 ? along == axis.index() : along != 0;
    return mixes ? Optional.empty() : Optional.of(Reach.POINT);
  }

  private boolean hasAxis() {
    return function == Function.SOFTMAX || function == Function.LOG_SOFTMAX;
  }

  private int dim() {
    return arguments.get(0).intValue();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type());
    if (function == Function.GELU_TANH) {
      call.with("approximate", "'tanh'");
    }
    for (int i = 0; i < arguments.size(); i++) {
      Parameter parameter = function.parameters.get(i);
      if (parameter.name().equals("dim")) {
        call.with("dim", dim());
      } else {
        call.with(parameter.name(), arguments.get(i), parameter.defaultValue());
      }
    }
    return call.toString();
  }
}
