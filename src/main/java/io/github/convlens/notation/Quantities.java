package io.github.convlens.notation;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.Size;
import java.util.ArrayList;
import java.util.List;

/** The numbers that a print shows of a child: those of its convolutions and Linears. */
final class Quantities {
  private Quantities() {}

  /**
   * A number of a child.
   *
   * @param name {@code in_channels} of the first, {@code out_channels} of the last, {@code stride}
   *     and {@code dilation} the largest, {@code kernel_size} and {@code groups} of the first
   *     convolution
   * @return for channels also what a norm shows; 0, or for stride and dilation 1, where the child
   *     has nothing of the kind
   */
  static long of(String name, Item item) {
    List<LayerSpec> layers = new ArrayList<>();
    if (item instanceof Item.Child child) {
      collect(child.part(), layers);
    } else if (item instanceof Item.Many many) {
      for (Item each : many.items()) {
        if (each instanceof Item.Child child) {
          collect(child.part(), layers);
        }
      }
    }
    if (layers.isEmpty()) {
      boolean isStep = name.equals("stride") || name.equals("dilation");
      return isStep ? 1 : name.endsWith("_channels") ? channels(item) : 0;
    }
    LayerSpec first = layers.get(0);
    return switch (name) {
      case "in_channels" -> in(first);
      case "out_channels" -> out(layers.get(layers.size() - 1));
      case "stride" -> layers.stream().mapToLong(Quantities::stride).max().orElseThrow();
      case "dilation" -> layers.stream().mapToLong(Quantities::dilation).max().orElseThrow();
      case "kernel_size" -> first instanceof ConvSpec conv ? largest(conv.window().kernel()) : 1;
      default -> first instanceof ConvSpec conv ? conv.groups() : 1;
    };
  }

  /** The channels of a norm. */
  private static long channels(Item item) {
    return item instanceof Item.Child child && child.part() instanceof Part.Leaf leaf
        ? leaf.layer().inputChannels().orElse(0)
        : 0;
  }

  private static void collect(Part part, List<LayerSpec> layers) {
    if (part instanceof Part.Block block) {
      block.base().filter(Quantities::counts).ifPresent(layers::add);
      block.children().forEach(child -> collect(child.part(), layers));
    } else if (part instanceof Part.Leaf leaf && counts(leaf.layer())) {
      layers.add(leaf.layer());
    }
  }

  private static boolean counts(LayerSpec layer) {
    return layer instanceof ConvSpec
        || layer instanceof ConvTransposeSpec
        || layer instanceof LinearSpec;
  }

  private static long in(LayerSpec layer) {
    return layer instanceof ConvSpec conv
        ? conv.inChannels()
        : layer instanceof LinearSpec linear
            ? linear.inFeatures()
            : ((ConvTransposeSpec) layer).inChannels();
  }

  private static long out(LayerSpec layer) {
    return layer instanceof ConvSpec conv
        ? conv.outChannels()
        : layer instanceof LinearSpec linear
            ? linear.outFeatures()
            : ((ConvTransposeSpec) layer).outChannels();
  }

  /** The largest stride of a convolution on any axis. */
  private static long stride(LayerSpec layer) {
    return layer instanceof ConvSpec conv ? largest(conv.window().stride()) : 1;
  }

  /** The largest dilation of a convolution on any axis. */
  private static long dilation(LayerSpec layer) {
    return layer instanceof ConvSpec conv ? largest(conv.window().dilation()) : 1;
  }

  private static long largest(Size size) {
    long largest = 1;
    for (Axis axis : size.axes()) {
      largest = Math.max(largest, size.on(axis));
    }
    return largest;
  }
}
