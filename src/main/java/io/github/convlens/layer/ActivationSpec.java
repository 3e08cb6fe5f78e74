package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.layer.internal.Sizes;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * An activation function, element by element (softmax and its kin: along one axis); the shape
 * stays, but for GLU, which halves its axis. Source: PyTorch's page of torch.nn, "Non-linear
 * Activations".
 *
 * @param function which function
 * @param arguments its numbers, in the order of {@link Function#parameters()}
 * @param dim the axis of a function that runs along one; empty: PyTorch's rule, axis 0 for inputs
 *     of one or three axes and axis 1 for others
 */
public record ActivationSpec(Function function, List<Double> arguments, OptionalInt dim)
    implements LayerSpec {

  /** A named number of a function, with PyTorch's default; empty where it must be given. */
  public record Parameter(String name, OptionalDouble defaultValue) {
    Parameter(String name, double defaultValue) {
      this(name, OptionalDouble.of(defaultValue));
    }

    Parameter(String name) {
      this(name, OptionalDouble.empty());
    }
  }

  /** The functions, each by its class's name in PyTorch. */
  public enum Function {
    /** max(x, 0). */
    RELU("ReLU"),
    /** min(max(x, 0), 6). */
    RELU6("ReLU6"),
    /** x, or slope times x below zero. */
    LEAKY_RELU("LeakyReLU", new Parameter("negative_slope", 0.01)),
    /** A leaky ReLU whose slope is drawn while training, and is the middle otherwise. */
    RRELU("RReLU", new Parameter("lower", 1 / 8.0), new Parameter("upper", 1 / 3.0)),
    /** x above the threshold, a value below. */
    THRESHOLD("Threshold", new Parameter("threshold"), new Parameter("value")),
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
    SOFTMAX("Softmax"),
    /** Softmax of -x. */
    SOFTMIN("Softmin"),
    /** The logarithm of softmax. */
    LOG_SOFTMAX("LogSoftmax"),
    /** The first half of an axis times the sigmoid of the second. */
    GLU("GLU"),
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

    /** Whether it runs along an axis, given by the argument {@code dim}. */
    public boolean hasAxis() {
      return this == SOFTMAX || this == SOFTMIN || this == LOG_SOFTMAX || this == GLU;
    }
  }

  /**
   * Checks the arguments and takes a copy of the list.
   *
   * @throws ShapeException if PyTorch refuses the numbers
   * @throws IllegalArgumentException if there are not as many arguments as the function has
   */
  public ActivationSpec {
    arguments = List.copyOf(arguments);
    if (arguments.size() != function.parameters.size()) {
      throw new IllegalArgumentException(
          function + " takes " + function.parameters + ", not " + arguments);
    }
    switch (function) {
      case CELU ->
          check(arguments.get(0) != 0, "CELU divides by alpha", arguments, "Use alpha=1.0.");
      case HARDTANH ->
          check(
              !(arguments.get(1) <= arguments.get(0)), // PyTorch takes what is not a number
              "max_val of Hardtanh must be above min_val",
              arguments,
              "Use min_val=-1.0, max_val=1.0.");
      case RRELU ->
          check(
              arguments.get(0) <= arguments.get(1),
              "lower of RReLU must not be above upper",
              arguments,
              "Use lower=0.125, upper=0.333.");
      case SOFTSHRINK ->
          check(
              arguments.get(0) >= 0,
              "lambd of Softshrink must not be negative",
              arguments,
              "Use lambd=0.5.");
      default -> {}
    }
  }

  private static void check(boolean holds, String rule, List<Double> arguments, String remedy) {
    if (!holds) {
      String numbers = arguments.stream().map(String::valueOf).collect(Collectors.joining(" and "));
      throw ShapeException.of(rule, "Here there is " + numbers + ".", remedy);
    }
  }

  /** A function with these numbers, along PyTorch's axis where it runs along one. */
  public ActivationSpec(Function function, List<Double> arguments) {
    this(function, arguments, function == Function.GLU ? OptionalInt.of(-1) : OptionalInt.empty());
  }

  /**
   * A function with PyTorch's defaults.
   *
   * @throws java.util.NoSuchElementException if it has numbers that must be given
   */
  public static ActivationSpec of(Function function) {
    return new ActivationSpec(
        function,
        function.parameters.stream().map(each -> each.defaultValue().orElseThrow()).toList());
  }

  /** A function that runs along an axis. */
  public static ActivationSpec along(Function function, int dim) {
    return new ActivationSpec(function, List.of(), OptionalInt.of(dim));
  }

  @Override
  public String type() {
    return function.type;
  }

  @Override
  public Shape output(Shape input) {
    if (function == Function.SOFTMAX2D) {
      Require.spatial(input, 2);
    } else if (function.hasAxis()) {
      int axis = axis(input);
      return function == Function.GLU ? halved(input, axis) : input;
    }
    return input;
  }

  private static Shape halved(Shape input, int axis) {
    if (input.get(axis) % 2 != 0) {
      throw ShapeException.of(
          "GLU halves an axis, whose size must be even",
          "Axis " + axis + " of " + ShapeText.listed(input) + " is " + input.get(axis) + ".",
          "Use an even number there, or another dim.");
    }
    long[] sizes = input.getShape().clone();
    sizes[axis] /= 2;
    return Sizes.shape(sizes);
  }

  /**
   * The axis along which the function runs, for an input.
   *
   * @throws ShapeException if the input does not have it
   */
  public int axis(Shape input) {
    int rank = input.dimension();
    return dim.isPresent()
        ? Require.axis(dim.getAsInt(), input, "dim")
        : Require.axis(rank == 0 || rank == 1 || rank == 3 ? 0 : 1, input, "dim");
  }

  /**
   * A softmax reads all of the axis that it runs along, GLU two of it; any other function reads the
   * element.
   */
  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    Shape input = inputs.get(index);
    if (function == Function.SOFTMAX2D) {
      return Passage.mixing(axis, 1, input);
    }
    if (!function.hasAxis()) {
      return Passage.point(axis);
    }
    int along = axis(input);
    return function == Function.GLU && axis == along
        ? Passage.untold()
        : Passage.mixing(axis, along, input);
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
      boolean isDefault =
          parameter.defaultValue().isPresent()
              && parameter.defaultValue().getAsDouble() == arguments.get(i);
      call.withUnless(isDefault, parameter.name(), arguments.get(i));
    }
    boolean usual = function == Function.GLU && dim.equals(OptionalInt.of(-1));
    if (dim.isPresent() && !usual) {
      call.with("dim", dim.getAsInt());
    }
    return call.toString();
  }
}
