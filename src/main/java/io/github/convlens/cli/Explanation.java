package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Window2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The formulas behind a shape, with their numbers: two lines for each layer with a window. */
final class Explanation {
  private final List<String> lines = new ArrayList<>();

  private Explanation() {}

  /** The lines for a resolved layer or network. */
  static List<String> of(LayerSpec layer, Shape input) {
    Explanation explanation = new Explanation();
    explanation.walk("", layer, input);
    return explanation.lines;
  }

  private Shape walk(String path, LayerSpec layer, Shape input) {
    if (layer instanceof ModuleSpec module) {
      return walk(path, module.forward(), input);
    } else if (layer instanceof SequentialSpec sequential) {
      Shape shape = input;
      for (Child child : sequential.children()) {
        shape = walk(Child.join(path, child.name()), child.layer(), shape);
      }
      return shape;
    } else if (layer instanceof ResidualSpec residual) {
      walkBranches(path, List.of(residual.main(), residual.shortcut()), input);
    } else if (layer instanceof ConcatSpec concat) {
      walkBranches(path, concat.branches(), input);
    } else {
      explain(path, layer, input);
    }
    return layer.output(input);
  }

  private void walkBranches(String path, List<Child> branches, Shape input) {
    branches.forEach(child -> walk(Child.join(path, child.name()), child.layer(), input));
  }

  private void explain(String path, LayerSpec layer, Shape input) {
    if (!path.isEmpty()) {
      lines.add(path + ", " + layer + ": " + Arrays.toString(layer.output(input).getShape()));
    }
    if (layer instanceof Conv2dSpec conv) {
      window(conv.window(), Rounding.FLOOR, input);
    } else if (layer instanceof MaxPool2dSpec pool) {
      window(pool.window(), pool.rounding(), input);
    } else if (layer instanceof AvgPool2dSpec pool) {
      window(pool.window(), pool.rounding(), input);
    } else if (layer instanceof ConvTranspose2dSpec conv) {
      for (Axis axis : Axis.values()) {
        lines.add(label(axis) + conv.explain(axis, size(input, axis)));
      }
    }
  }

  private void window(Window2d window, Rounding rounding, Shape input) {
    for (Axis axis : Axis.values()) {
      long size = size(input, axis);
      Window onAxis = window.on(axis, size);
      lines.add(
          label(axis) + onAxis.explain(size, rounding) + unread(axis, onAxis, size, rounding));
    }
  }

  private static String unread(Axis axis, Window window, long size, Rounding rounding) {
    String lines = axis == Axis.HEIGHT ? "row" : "column";
    long end = window.unreadAtEnd(size, rounding);
    StringBuilder text = new StringBuilder();
    if (end > 0) {
      text.append("; ").append(end).append(' ').append(lines).append(end == 1 ? "" : "s");
      text.append(" at the end of the padded input not read");
    }
    if (window.stride() > window.span()) {
      text.append("; ").append(window.stride() - window.span()).append(' ').append(lines);
      text.append("(s) between neighbouring windows not read");
    }
    return text.toString();
  }

  private static long size(Shape input, Axis axis) {
    return input.get(axis == Axis.HEIGHT ? 2 : 3);
  }

  private static String label(Axis axis) {
    return axis == Axis.HEIGHT ? "height: " : "width:  ";
  }
}
