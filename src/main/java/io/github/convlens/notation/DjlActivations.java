package io.github.convlens.notation;

import io.github.convlens.layer.ActivationSpec;
import java.util.List;

/** The Java expression of each activation function. */
final class DjlActivations {
  private DjlActivations() {}

  /** A block of DJL's where it has one, NDArray operations elsewhere. */
  static String of(ActivationSpec layer) {
    List<Double> a = layer.arguments();
    return switch (layer.function()) {
      case RELU -> "Activation.reluBlock()";
      case RELU6 -> "Activation.relu6Block()";
      case LEAKY_RELU -> "Activation.leakyReluBlock(" + DjlText.real(a.get(0)) + ")";
      case ELU -> "Activation.eluBlock(" + DjlText.real(a.get(0)) + ")";
      case SELU -> "Activation.seluBlock()";
      case GELU -> "Activation.geluBlock()";
      case SILU -> "Activation.swishBlock(1f)";
      case SIGMOID -> "Activation.sigmoidBlock()";
      case TANH -> "Activation.tanhBlock()";
      case SOFTSIGN -> "Activation.softSignBlock()";
      default -> DjlText.lambda(operation(layer.function(), a));
    };
  }

  private static String operation(ActivationSpec.Function function, List<Double> a) {
    return switch (function) {
      case CELU -> celu(DjlText.number(a.get(0)));
      case GELU_TANH ->
          "x.mul(x.pow(3).mul(0.044715).add(x).mul(Math.sqrt(2 / Math.PI)).tanh().add(1)).mul(0.5)";
      // not Activation.mish, which takes log2 where the definition has the natural logarithm
      case MISH -> "x.mul(Activation.softPlus(x).tanh())";
      case HARDSWISH -> "x.mul(x.add(3).clip(0, 6)).div(6)";
      case HARDSIGMOID -> "x.add(3).clip(0, 6).div(6)";
      case HARDTANH -> "x.clip(" + DjlText.number(a.get(0)) + ", " + DjlText.number(a.get(1)) + ")";
      case LOG_SIGMOID -> "Activation.softPlus(x.neg()).neg()";
      case SOFTPLUS -> softplus(DjlText.number(a.get(0)), DjlText.number(a.get(1)));
      case TANHSHRINK -> "x.sub(x.tanh())";
      case HARDSHRINK ->
          "x.mul(x.abs().gt(" + DjlText.number(a.get(0)) + ").toType(x.getDataType(), false))";
      case SOFTSHRINK ->
          "x.sub(x.clip(" + DjlText.number(-a.get(0)) + ", " + DjlText.number(a.get(0)) + "))";
      case SOFTMAX -> "x.softmax(" + a.get(0).intValue() + ")";
      case LOG_SOFTMAX -> "x.logSoftmax(" + a.get(0).intValue() + ")";
      case SOFTMAX2D -> "x.softmax(1)";
      default -> throw new IllegalStateException("DJL has a block for " + function);
    };
  }

  private static String celu(String alpha) {
    return "x.maximum(0).add(x.div(" + alpha + ").exp().sub(1).mul(" + alpha + ").minimum(0))";
  }

  private static String softplus(String beta, String threshold) {
    return "NDArrays.where(x.mul("
        + beta
        + ").gt("
        + threshold
        + "), x, Activation.softPlus(x.mul("
        + beta
        + ")).div("
        + beta
        + "))";
  }
}
