package io.github.convlens.plan;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import java.util.List;
import java.util.Optional;

/**
 * Which inputs of a network make a wanted map. ResNet-18's last map is 7x7 for heights and widths
 * from 193 to 224: each height goes with each width.
 *
 * @param wanted the map's size
 * @param path the layer whose output is the map, or the block in which it is made by a function
 * @param sizes for each axis of the map all input sizes up to the largest one asked for
 * @param rejection what the layers behind the map say to a map of the wanted size, if they do not
 *     take it: a Linear with other in_features, for instance
 */
public record Inputs(
    Size wanted, String path, List<List<SizeRange>> sizes, Optional<ShapeException> rejection) {
  /** Takes a copy of the list. */
  public Inputs {
    sizes = List.copyOf(sizes);
  }

  /** The input sizes on an axis, in ascending order. */
  public List<SizeRange> on(Axis axis) {
    return sizes.get(wanted.axes().indexOf(axis));
  }
}
