package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Reach;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An array between two layers, and what each position sees of the network's input.
 *
 * @param layout its shape, and where the axes of the network's input lie in it
 * @param phases for each of these axes what the positions on it see
 * @param merged the axes on which too many phases became one here
 */
record Flow(Layout layout, List<Phases> phases, List<Axis> merged) {
  /** An input of the network. */
  static Flow of(Layout layout) {
    return new Flow(layout, Collections.nCopies(layout.axes().size(), Phases.INPUT), List.of());
  }

  private Phases on(Axis axis) {
    return phases.get(layout.axes().indexOf(axis));
  }

  /**
   * The array behind a layer that reads these.
   *
   * @param number which of its outputs
   * @param output the shape of that
   */
  static Flow through(LayerSpec layer, List<Flow> inputs, int number, Shape output) {
    List<Layout> layouts = inputs.stream().map(Flow::layout).toList();
    Layout layout = Layout.through(layer, layouts, number, output);
    List<Phases> phases = new ArrayList<>(layout.axes().size());
    List<Axis> merged = new ArrayList<>();
    for (Axis axis : layout.axes()) {
      Optional<Phases> all = Optional.empty();
      for (int i = 0; i < inputs.size(); i++) {
        if (layer.reads(i) && layouts.get(i).axes().contains(axis)) {
          Phases before = inputs.get(i).on(axis);
          long positions = layouts.get(i).positions(axis);
          Phases next =
              layout
                  .reach(layer, layouts, i, axis, number)
                  .map(reach -> before.through(reach, positions))
                  .orElseGet(() -> before.whole(positions));
          all = Optional.of(all.map(one -> one.union(next, layout.positions(axis))).orElse(next));
        }
      }
      Phases made = all.orElseThrow();
      if (made.isMerged() && inputs.stream().noneMatch(input -> input.phases.contains(made))) {
        merged.add(axis);
      }
      phases.add(made);
    }
    return new Flow(layout, phases, merged);
  }

  ReceptiveField receptiveField() {
    List<ReceptiveField.OnAxis> fields = new ArrayList<>(phases.size());
    for (Axis axis : layout.axes()) {
      fields.add(on(axis).field(layout.positions(axis)));
    }
    return new ReceptiveField(layout.axes(), fields);
  }

  /**
   * A sentence where the positions of an input do not lie, on the mean over the map, at the same
   * place of the network's input as those of the first: the join then mixes different places.
   */
  static Optional<String> misalignment(LayerSpec join, List<Flow> inputs, Layout made) {
    List<Layout> layouts = inputs.stream().map(Flow::layout).toList();
    for (Axis axis : made.axes()) {
      List<Integer> placed = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        // What is repeated along the axis lies nowhere on it.
        if (made.reach(join, layouts, i, axis, 0).equals(Optional.of(Reach.POINT))) {
          placed.add(i);
        }
      }
      for (int i : placed) {
        Phases one = inputs.get(placed.get(0)).on(axis);
        double offset = one.meanOffset(inputs.get(i).on(axis), made.positions(axis));
        if (offset != 0) {
          return Optional.of(
              "what meets here does not lie at the same place of the input: on the mean input "
                  + (i + 1)
                  + (" lies " + text(Math.abs(offset)) + " " + axis.lines())
                  + (offset < 0 ? " in front of" : " behind")
                  + (" input " + (placed.get(0) + 1) + "."));
        }
      }
    }
    return Optional.empty();
  }

  /** A sentence where the layer that made the array could not be followed. */
  Optional<String> said() {
    Set<Axis> said = new LinkedHashSet<>(layout.said());
    said.addAll(merged);
    return said.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "on "
                + said.stream().map(Axis::toString).collect(Collectors.joining(", "))
                + " the receptive field is not followed through this: each position is said to see"
                + " all that goes in.");
  }

  private static String text(double offset) {
    double rounded = Math.rint(offset * 1000) / 1000;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
