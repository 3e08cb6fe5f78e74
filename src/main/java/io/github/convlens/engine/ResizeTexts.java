package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Scale;
import java.util.ArrayList;
import java.util.List;

/** Layers that bring an array to another size. */
final class ResizeTexts {
  private ResizeTexts() {}

  /** As {@code F.interpolate} calls them: with factors, or with sizes. */
  static OperatorText upsample(UpsampleSpec layer) {
    return (inputs, mode) -> {
      Shape output = layer.output(inputs.get(0));
      List<Axis> axes = Axis.in(output);
      boolean byFactor =
          layer.target() instanceof UpsampleSpec.Target.By && layer.scale() == Scale.AS_GIVEN;
      List<Object> arguments = new ArrayList<>();
      arguments.add("x");
      arguments.add(
          byFactor ? "None" : Scripts.list(axes.stream().map(a -> a.of(output)).toList()));
      if (name(layer).endsWith("linear") || name(layer).endsWith("cubic")) {
        arguments.add(Scripts.truth(layer.corners() == Corners.CENTRES));
      }
      arguments.add(byFactor ? Scripts.list(factors(layer, axes)) : "None");
      return Lines.of(Scripts.call(name(layer) + axes.size() + "d", arguments.toArray()));
    };
  }

  private static String name(UpsampleSpec layer) {
    return switch (layer.mode()) {
      case NEAREST -> "upsample_nearest";
      case NEAREST_EXACT -> "_upsample_nearest_exact";
      case LINEAR, BILINEAR, TRILINEAR, BICUBIC -> "upsample_" + layer.mode();
    };
  }

  private static List<Double> factors(UpsampleSpec layer, List<Axis> axes) {
    UpsampleSpec.Target.By by = (UpsampleSpec.Target.By) layer.target();
    return axes.stream().map(by::on).toList();
  }

  /** To the spatial sizes of the second input. */
  static OperatorText fit(FitSpec layer) {
    return switch (layer.how()) {
      case NEAREST ->
          (inputs, mode) -> {
            Shape like = inputs.get(1);
            List<Axis> axes = Axis.in(like);
            return Lines.of(
                Scripts.call(
                    "upsample_nearest" + axes.size() + "d",
                    "x0",
                    Scripts.list(axes.stream().map(axis -> axis.of(like)).toList())));
          };
      case PAD -> (inputs, mode) -> padded(inputs);
      case TOKENS -> (inputs, mode) -> reshaped("torch.transpose(x0, 1, 2)", layer, inputs);
      case ROWS -> (inputs, mode) -> reshaped("x0", layer, inputs);
      // Where the corners lie, or the middle of an odd number, is not known.
      case LINEAR, CROP -> throw BlockBuilder.unknown(layer);
    };
  }

  private static Lines padded(List<Shape> inputs) {
    List<Long> sides = new ArrayList<>();
    for (Axis axis : Axis.in(inputs.get(0))) {
      long more = axis.of(inputs.get(1)) - axis.of(inputs.get(0));
      long before = Math.floorDiv(more, 2);
      sides.add(0, more - before); // PyTorch names the last axis first
      sides.add(0, before);
    }
    return Lines.of(Scripts.call("pad", "x0", Scripts.list(sides)));
  }

  private static Lines reshaped(String x, FitSpec layer, List<Shape> inputs) {
    Shape output = layer.outputs(inputs).get(0);
    List<Long> sizes = new ArrayList<>();
    for (long size : output.getShape()) {
      sizes.add(size);
    }
    return Lines.of(Scripts.call("reshape", x, Scripts.list(sizes)));
  }
}
