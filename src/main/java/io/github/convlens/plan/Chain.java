package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network as links one behind the other: compositions in a row taken apart, those with branches
 * left whole.
 *
 * @param links the links, each named by its path
 */
record Chain(List<Child> links) {
  Chain {
    links = List.copyOf(links);
  }

  static Chain of(LayerSpec network) {
    List<Child> links = new ArrayList<>();
    collect("", network, links);
    return new Chain(links);
  }

  private static void collect(String path, LayerSpec layer, List<Child> links) {
    if (layer instanceof SequentialSpec sequential) {
      sequential.children().forEach(c -> collect(Child.join(path, c.name()), c.layer(), links));
    } else if (layer instanceof ModuleSpec module) {
      collect(path, module.forward(), links);
    } else {
      links.add(new Child(path, layer));
    }
  }

  /** The links in front of the first one whose output does not grow with its input. */
  Chain map() {
    return new Chain(links.subList(0, mapLength()));
  }

  /** The first link whose output does not grow with its input, or is no picture. */
  Optional<Child> behindMap() {
    return links.stream().skip(mapLength()).findFirst();
  }

  private int mapLength() {
    int length = 0;
    while (length < links.size() && !fixesSize(links.get(length).layer())) {
      length++;
    }
    return length;
  }

  private static boolean fixesSize(LayerSpec layer) {
    return layer instanceof FlattenSpec
        || layer instanceof LinearSpec
        || layer instanceof UnflattenSpec
        || (layer instanceof AdaptivePool2dSpec pool
            && (pool.height().isPresent() || pool.width().isPresent()))
        || (layer instanceof UpsampleSpec upsample
            && upsample.target() instanceof UpsampleSpec.Target.To);
  }

  /** The links as a network. */
  SequentialSpec network() {
    return new SequentialSpec(links);
  }

  /**
   * What a link makes of a shape.
   *
   * @throws ShapeException with the link's path
   */
  static Shape through(Child link, Shape input) {
    try {
      return link.layer().resolve(input).output(input);
    } catch (ShapeException e) {
      throw e.path().isPresent() ? e.inside(link.name()) : e.at(link.name(), link.layer());
    }
  }
}
