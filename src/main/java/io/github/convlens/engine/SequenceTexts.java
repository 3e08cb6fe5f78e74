package io.github.convlens.engine;

import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.engine.OperatorText.Mode;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.RecurrentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Layers on sequences: recurrent ones and attention. */
final class SequenceTexts {
  private SequenceTexts() {}

  /** From states of zeros. */
  static OperatorText recurrent(RecurrentSpec layer) {
    boolean isFirst = layer.layout() == RecurrentSpec.Layout.BATCH_FIRST;
    boolean isLstm = layer.kind() == RecurrentSpec.Kind.LSTM;
    boolean isBoth = layer.directions() == RecurrentSpec.Directions.BOTH;
    long states = layer.numLayers() * (isBoth ? 2 : 1);
    long features = layer.projSize() > 0 ? layer.projSize() : layer.hiddenSize();
    String name =
        layer.kind() == RecurrentSpec.Kind.RNN
            ? "rnn_" + layer.nonlinearity()
            : layer.kind().name().toLowerCase(Locale.ROOT);
    String batch = "torch.size(x, " + (isFirst ? 0 : 1) + ")";
    String hidden = zeros(states, batch, features);
    String start =
        isLstm ? "[" + hidden + ", " + zeros(states, batch, layer.hiddenSize()) + "]" : hidden;
    return (inputs, mode) -> {
      boolean isBare = inputs.get(0).dimension() == 2;
      List<String> lines = new ArrayList<>();
      if (isBare) {
        lines.add(Scripts.call("unsqueeze", "x", isFirst ? 0 : 1).replaceFirst("^", "x = "));
      }
      String results = isLstm ? "y, h, c" : "y, h";
      lines.add(
          results
              + ", = "
              + Scripts.call(
                  name,
                  "x",
                  start,
                  "[" + String.join(", ", layer.state().keySet()) + "]",
                  Scripts.truth(layer.bias() == Bias.WITH),
                  layer.numLayers(),
                  layer.dropout(),
                  mode.isTraining(),
                  Scripts.truth(isBoth),
                  Scripts.truth(isFirst)));
      if (isBare) {
        lines.add("y = " + Scripts.call("squeeze", "y", isFirst ? 0 : 1));
        lines.add("h = torch.squeeze(h, 1)");
        if (isLstm) {
          lines.add("c = torch.squeeze(c, 1)");
        }
      }
      return new Lines(lines, List.of(results.split(", ")));
    };
  }

  private static String zeros(long states, String batch, long features) {
    return Scripts.call("new_zeros", "x", "[" + states + ", " + batch + ", " + features + "]");
  }

  /** {@code softmax(q k' / sqrt(d)) v} for each head; the weights are the mean over the heads. */
  static OperatorText attention(MultiheadAttentionSpec layer) {
    long each = layer.embedDim() / layer.numHeads();
    boolean isFirst = layer.layout() == RecurrentSpec.Layout.BATCH_FIRST;
    List<String> lines = new ArrayList<>();
    if (layer.state().containsKey("in_proj_weight")) {
      lines.add("weights = torch.chunk(in_proj_weight, 3)");
      lines.add("q_proj_weight, k_proj_weight, v_proj_weight, = weights");
    }
    boolean hasBias = layer.bias() == Bias.WITH;
    if (hasBias) {
      lines.add("biases = torch.chunk(in_proj_bias, 3)");
      lines.add("q_bias, k_bias, v_bias, = biases");
    }
    for (int i = 0; i < 3; i++) {
      String name = List.of("q", "k", "v").get(i);
      String x = isFirst ? "x" + i : "torch.transpose(x" + i + ", 0, 1)";
      String bias = hasBias ? name + "_bias" : "None";
      String projected = Scripts.call("linear", x, name + "_proj_weight", bias);
      String heads =
          Scripts.call("unflatten", projected, -1, "[" + layer.numHeads() + ", " + each + "]");
      lines.add(name + " = " + Scripts.call("transpose", heads, 1, 2)); // (N, heads, L, each)
    }
    String scaled = Scripts.call("mul", "q", Math.sqrt(1.0 / each));
    lines.add("scores = torch.matmul(" + scaled + ", torch.transpose(k, -2, -1))");
    String out = "torch.flatten(torch.transpose(torch.matmul(a, v), 1, 2), 2)";
    String projected =
        Scripts.call("linear", out, "out_proj_weight", hasBias ? "out_proj_bias" : "None");
    String y = isFirst ? projected : Scripts.call("transpose", projected, 0, 1);
    return (inputs, mode) -> {
      List<String> all = new ArrayList<>(lines);
      String weights = "torch.softmax(scores, -1)";
      boolean drops = mode == Mode.TRAINING && layer.dropout() > 0;
      all.add(
          "a = " + (drops ? Scripts.call("dropout", weights, layer.dropout(), "True") : weights));
      return new Lines(all, List.of(y, "torch.mean(a, [1])"));
    };
  }
}
