package io.github.convlens.plan;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which inputs of a network make a wanted map. ResNet-18's last map is 7x7 for heights and widths
 * from 193 to 224: each height goes with each width.
 *
 * @param wanted the rows and columns of the map
 * @param path the layer whose output is the map: the last one whose output grows with its input
 * @param behind the layer behind it, if any: an adaptive pool, a Flatten or a Linear
 * @param height the answer for the height
 * @param width the answer for the width
 * @param rejection what the layers behind the map say to a map of the wanted size, if they do not
 *     take it: a Linear with other in_features, for instance
 */
public record Inputs(
    Size wanted,
    String path,
    Optional<Child> behind,
    OnAxis height,
    OnAxis width,
    Optional<ShapeException> rejection) {

  /**
   * The answer on one axis.
   *
   * @param sizes all input sizes up to the largest one asked for; empty if there are none
   * @param below the largest size smaller than the wanted one that the map can have; empty if none
   * @param above the smallest size larger than the wanted one that the map can have; empty if none
   */
  public record OnAxis(List<SizeRange> sizes, Optional<Reached> below, Optional<Reached> above) {
    /** Takes a copy of the list. */
    public OnAxis {
      sizes = List.copyOf(sizes);
    }
  }

  /**
   * A size that the map can have.
   *
   * @param input an input that makes it
   * @param map the map's size
   */
  public record Reached(long input, long map) {
    /** {@code 225 makes 8}. */
    @Override
    public String toString() {
      return input + " makes " + map;
    }
  }

  /** The answer on an axis. */
  public OnAxis on(Axis axis) {
    return axis == Axis.HEIGHT ? height : width;
  }

  /**
   * These inputs, if there are any and the whole network takes them.
   *
   * @throws PlanException if a size cannot be had on an axis, with the nearest that can
   * @throws ShapeException if the layers behind the map do not take a map of this size
   */
  public Inputs orThrow() {
    for (Axis axis : Axis.values()) {
      if (on(axis).sizes().isEmpty()) {
        throw none(axis);
      }
    }
    if (rejection.isPresent()) {
      throw rejection.get();
    }
    return this;
  }

  private PlanException none(Axis axis) {
    List<String> near =
        Stream.of(on(axis).below(), on(axis).above())
            .flatMap(Optional::stream)
            .map(Reached::toString)
            .toList();
    return new PlanException(
        axis + ": no input makes " + wanted.on(axis) + " at layer " + path,
        "Next to it, input " + String.join(" and input ", near) + ".",
        "Ask for "
            + Stream.of(on(axis).below(), on(axis).above())
                .flatMap(Optional::stream)
                .map(reached -> Long.toString(reached.map()))
                .collect(Collectors.joining(" or "))
            + ".");
  }
}
