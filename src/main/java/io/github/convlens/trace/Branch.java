package io.github.convlens.trace;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ResidualSpec;
import java.util.ArrayList;
import java.util.List;

/** The end of a branch, just before it meets the others. */
record Branch(String name, Flow flow) {
  /**
   * A sentence for each axis and branch whose stride or centre is not the first branch's: the sum
   * then mixes what lies at different places of the network's input.
   */
  static List<String> disagreements(String path, LayerSpec join, List<Branch> ends) {
    List<String> notes = new ArrayList<>();
    Branch first = ends.get(0);
    for (Branch other : ends.subList(1, ends.size())) {
      for (Axis axis : Axis.values()) {
        ReceptiveField.OnAxis one = first.on(axis);
        ReceptiveField.OnAxis two = other.on(axis);
        if (!one.stride().equals(two.stride()) || !one.centre().equals(two.centre())) {
          String block = path.isEmpty() ? "" : path + ", ";
          String type = join instanceof ResidualSpec ? "add" : "concat";
          notes.add(
              "%s%s, %s: what meets here does not lie at the same place of the input: %s, %s."
                  .formatted(block, type, axis, first.place(axis), other.place(axis)));
        }
      }
    }
    return notes;
  }

  private ReceptiveField.OnAxis on(Axis axis) {
    return flow.receptiveField().on(axis);
  }

  private String place(Axis axis) {
    ReceptiveField.OnAxis field = on(axis);
    return "%s has stride %s and centre %s".formatted(name, field.stride(), field.centre());
  }
}
