package io.github.convlens.engine;

import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.engine.OperatorText.Mode;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Normalisations. */
final class NormTexts {
  /** PyTorch's own name for "if there is a library that does it". */
  private static final String CUDNN = "True";

  private NormTexts() {}

  private static String scale(Affine affine) {
    return affine == Affine.NONE ? "None" : "weight";
  }

  private static String shift(Affine affine) {
    return affine == Affine.SCALE_AND_SHIFT ? "bias" : "None";
  }

  private static String running(Statistics statistics, String name) {
    return statistics == Statistics.RUNNING ? name : "None";
  }

  static OperatorText batch(BatchNormSpec layer) {
    return (inputs, mode) -> {
      boolean ofInput = layer.statistics() == Statistics.INPUT || mode == Mode.TRAINING;
      boolean isMoved = layer.statistics() == Statistics.RUNNING && mode == Mode.TRAINING;
      if (isMoved && layer.momentum().isEmpty()) {
        throw ShapeException.of(
            "the engine cannot train this layer yet",
            "It is " + layer + ", whose momentum follows the number of batches.",
            "Give it a momentum, such as 0.1.");
      }
      return Lines.of(
          withStatistics(
              "batch_norm",
              layer.affine(),
              layer.statistics(),
              ofInput,
              layer.momentum(),
              layer.eps()));
    };
  }

  static OperatorText instance(InstanceNormSpec layer) {
    return (inputs, mode) -> {
      boolean ofInput = layer.statistics() == Statistics.INPUT || mode == Mode.TRAINING;
      return Lines.of(
          withStatistics(
              "instance_norm",
              layer.affine(),
              layer.statistics(),
              ofInput,
              layer.momentum(),
              layer.eps()));
    };
  }

  private static String withStatistics(
      String name,
      Affine affine,
      Statistics statistics,
      boolean ofInput,
      OptionalDouble momentum,
      double eps) {
    return Scripts.call(
        name,
        "x",
        scale(affine),
        shift(affine),
        running(statistics, "running_mean"),
        running(statistics, "running_var"),
        Scripts.truth(ofInput),
        momentum.orElse(0),
        eps,
        CUDNN);
  }

  static OperatorText group(GroupNormSpec layer) {
    return OperatorText.of(
        Scripts.call(
            "group_norm",
            "x",
            layer.numGroups(),
            scale(layer.affine()),
            shift(layer.affine()),
            layer.eps()));
  }

  static OperatorText layer(LayerNormSpec layer) {
    boolean isLast = layer.over() == LayerNormSpec.Over.LAST_AXES;
    String norm =
        Scripts.call(
            "layer_norm",
            isLast ? "x" : "torch.permute(x, [0, 2, 3, 1])",
            Scripts.list(layer.normalizedShape()),
            scale(layer.affine()),
            shift(layer.affine()),
            layer.eps());
    return OperatorText.of(isLast ? norm : Scripts.call("permute", norm, "[0, 3, 1, 2]"));
  }

  static OperatorText rootMeanSquare(RmsNormSpec layer) {
    String eps = layer.eps().isPresent() ? Scripts.number(layer.eps().getAsDouble()) : "None";
    return OperatorText.of(
        Scripts.call(
            "rms_norm", "x", Scripts.list(layer.normalizedShape()), scale(layer.affine()), eps));
  }

  /** The mean of squares over neighbouring channels is an average pool on (channels, all else). */
  static OperatorText localResponse(LocalResponseNormSpec layer) {
    boolean isCrossMap = layer.kind() == LocalResponseNormSpec.Kind.CROSS_MAP;
    long after = (layer.size() - 1) / 2;
    long before = isCrossMap ? after : layer.size() / 2;
    String padded = Scripts.call("pad", "squares", "[0, 0, " + before + ", " + after + "]");
    String means =
        Scripts.call(
            "avg_pool2d",
            padded,
            "[" + (before + 1 + after) + ", 1]",
            "[1, 1]",
            "[0, 0]",
            "False",
            "True",
            layer.size());
    String scaled = Scripts.call("add", Scripts.call("mul", "means", layer.alpha()), layer.k());
    return (inputs, mode) -> {
      List<String> statements = new ArrayList<>();
      statements.add("squares = torch.unsqueeze(torch.flatten(torch.mul(x, x), 2), 1)");
      statements.add("means = " + means);
      long behind = inputs.get(0).get(1) - before - 1;
      if (isCrossMap && behind > 0) {
        statements.addAll(firstChannel(before + 1, behind, layer.size()));
      }
      statements.add("means = torch.reshape(means, torch.size(x))");
      statements.add("divisor = " + Scripts.call("pow", scaled, layer.beta()));
      return new Lines(statements, List.of("torch.div(x, divisor)"));
    };
  }

  /**
   * PyTorch's CrossMapLRN2d moves its window on by adding the channel that comes in and taking away
   * the one that goes out, but for the very first, which stays in all sums. (Its gradient is off by
   * some channels; here it is the derivative.)
   */
  private static List<String> firstChannel(long until, long behind, long size) {
    String first = Scripts.call("narrow", "squares", 2, 0, 1);
    String each = Scripts.call("expand", first, "[-1, -1, " + behind + ", -1]");
    String late = Scripts.call("pad", each, "[0, 0, " + until + ", 0]");
    return List.of("means = " + Scripts.call("add", "means", Scripts.call("div", late, size)));
  }
}
