package io.github.convlens.engine;

import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.DropoutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Activation functions and dropout. */
final class FunctionTexts {
  private FunctionTexts() {}

  static OperatorText activation(ActivationSpec layer) {
    String name = layer.function().name().toLowerCase(Locale.ROOT);
    return switch (layer.function()) {
      case RELU, SIGMOID, TANH, SELU, GELU, SILU, MISH, HARDSWISH, HARDSIGMOID, LOG_SIGMOID ->
          OperatorText.of(Scripts.call(name, "x"));
      case LEAKY_RELU, ELU, CELU, THRESHOLD, HARDTANH, SOFTPLUS, HARDSHRINK, SOFTSHRINK ->
          OperatorText.of(withNumbers(name, layer));
      case RRELU ->
          (inputs, mode) ->
              Lines.of(
                  Scripts.call(
                      name,
                      "x",
                      layer.arguments().get(0),
                      layer.arguments().get(1),
                      mode.isTraining()));
      case RELU6 -> OperatorText.of("torch.hardtanh(x, 0., 6.)");
      case GELU_TANH -> OperatorText.of("torch.gelu(x, approximate=\"tanh\")");
      case SOFTSIGN -> OperatorText.of("torch.div(x, torch.add(torch.abs(x), 1))");
      case TANHSHRINK -> OperatorText.of("torch.sub(x, torch.tanh(x))");
      case SOFTMAX, LOG_SOFTMAX, GLU -> along(name, "x", layer);
      case SOFTMIN -> along("softmax", "torch.neg(x)", layer);
      case SOFTMAX2D -> OperatorText.of("torch.softmax(x, 1)");
    };
  }

  private static String withNumbers(String name, ActivationSpec layer) {
    List<Object> arguments = new ArrayList<>(List.of("x"));
    arguments.addAll(layer.arguments());
    return Scripts.call(name, arguments.toArray());
  }

  private static OperatorText along(String name, String x, ActivationSpec layer) {
    return (inputs, mode) -> Lines.of(Scripts.call(name, x, layer.axis(inputs.get(0))));
  }

  /** PyTorch takes sequences and volumes of one axis less for such without a batch. */
  static OperatorText dropout(DropoutSpec layer) {
    return (inputs, mode) -> {
      String name =
          switch (layer.unit()) {
            case ELEMENT -> "dropout";
            case CHANNEL_OF_SEQUENCE, CHANNEL, CHANNEL_OF_VOLUME -> "feature_dropout";
            case ALPHA -> "alpha_dropout";
            case FEATURE_ALPHA -> "feature_alpha_dropout";
          };
      int rank = inputs.get(0).dimension();
      boolean isBare =
          switch (layer.unit()) {
            case CHANNEL_OF_SEQUENCE -> rank == 2;
            case CHANNEL_OF_VOLUME -> rank == 4;
            case ELEMENT, CHANNEL, ALPHA, FEATURE_ALPHA -> false;
          };
      String x = isBare ? "torch.unsqueeze(x, 0)" : "x";
      String y = Scripts.call(name, x, layer.probability(), mode.isTraining());
      return Lines.of(isBare ? Scripts.call("squeeze", y, 0) : y);
    };
  }
}
