package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import io.github.convlens.layer.ActivationSpec;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The activation functions. DJL's own where it computes what PyTorch computes; its numbers are
 * {@code float}, so those that take an argument are built from ones that take none, and stay exact
 * in float64.
 */
final class Activations {
  /** sqrt(2 / pi), of GELU's approximation with tanh. */
  private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);

  private Activations() {}

  static UnaryOperator<NDArray> of(ActivationSpec layer) {
    List<Double> numbers = layer.arguments();
    return switch (layer.function()) {
      case RELU -> Activation::relu;
      case RELU6 -> Activation::relu6;
      case SIGMOID -> Activation::sigmoid;
      case TANH -> Activation::tanh;
      case SELU -> Activation::selu;
      case GELU -> Activation::gelu;
      case SOFTSIGN -> Activation::softSign;
      case LEAKY_RELU -> x -> NDArrays.where(x.gt(0), x, x.mul(numbers.get(0)));
      case ELU -> x -> elu(x, numbers.get(0));
      case CELU -> x -> celu(x, numbers.get(0));
      case GELU_TANH -> Activations::geluTanh;
      case SILU -> x -> x.mul(Activation.sigmoid(x));
      case MISH -> x -> x.mul(Activation.tanh(logOnePlusExp(x)));
      case HARDSWISH -> x -> x.mul(Activation.relu6(x.add(3))).div(6);
      case HARDSIGMOID -> x -> Activation.relu6(x.add(3)).div(6);
      case HARDTANH -> x -> x.clip(numbers.get(0), numbers.get(1));
      case LOG_SIGMOID -> x -> logOnePlusExp(x.neg()).neg();
      case SOFTPLUS -> x -> softplus(x, numbers.get(0), numbers.get(1));
      case TANHSHRINK -> x -> x.sub(Activation.tanh(x));
      case HARDSHRINK -> x -> x.mul(x.abs().gt(numbers.get(0)).toType(x.getDataType(), false));
      case SOFTSHRINK -> x -> softshrink(x, numbers.get(0));
      case SOFTMAX -> x -> x.softmax(layer.axis(x.getShape()));
      case SOFTMIN -> x -> x.neg().softmax(layer.axis(x.getShape()));
      case LOG_SOFTMAX -> x -> x.logSoftmax(layer.axis(x.getShape()));
      case THRESHOLD -> x -> threshold(x, numbers.get(0), numbers.get(1));
      case GLU -> x -> gated(x, layer.axis(x.getShape()));
      case RRELU -> throw BlockBuilder.unknown(layer);
      case SOFTMAX2D -> x -> x.softmax(1);
    };
  }

  /** The part below zero of ELU with alpha 1: e^x - 1, computed without cancellation. */
  private static NDArray below(NDArray x) {
    return Activation.elu(x, 1).sub(Activation.relu(x));
  }

  private static NDArray elu(NDArray x, double alpha) {
    return Activation.relu(x).add(below(x).mul(alpha));
  }

  private static NDArray celu(NDArray x, double alpha) {
    return Activation.relu(x).add(below(x.div(alpha)).mul(alpha));
  }

  private static NDArray geluTanh(NDArray x) {
    NDArray cube = x.mul(x).mul(x);
    NDArray inner = x.add(cube.mul(0.044715)).mul(GELU_SCALE);
    return x.mul(0.5).mul(Activation.tanh(inner).add(1));
  }

  /**
   * {@code log(1 + e^x) = x + log(1 + e^-x)}, exact for every x: DJL's softPlus answers x itself
   * above 20, which float64 can tell from the truth. Each side is smooth at 0, so the gradient is
   * right there, too.
   */
  private static NDArray logOnePlusExp(NDArray x) {
    return NDArrays.where(x.gt(0), x.add(Activation.softPlus(x.neg())), Activation.softPlus(x));
  }

  private static NDArray softplus(NDArray x, double beta, double threshold) {
    NDArray scaled = x.mul(beta);
    return NDArrays.where(scaled.gt(threshold), x, logOnePlusExp(scaled).div(beta));
  }

  private static NDArray softshrink(NDArray x, double lambda) {
    return Activation.relu(x.sub(lambda)).sub(Activation.relu(x.neg().sub(lambda)));
  }

  private static NDArray threshold(NDArray x, double threshold, double value) {
    return NDArrays.where(x.lte(threshold), x.zerosLike().add(value), x);
  }

  private static NDArray gated(NDArray x, int axis) {
    NDList halves = x.split(2, axis);
    return halves.get(0).mul(Activation.sigmoid(halves.get(1)));
  }
}
