package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.Reach;
import java.util.List;
import java.util.Optional;

/**
 * Parameters that no call reads: those of a head for training, say. They are part of the model, and
 * of its count; nothing comes out.
 *
 * @param learned how many numbers
 */
record UncalledSpec(long learned) implements CustomSpec {
  @Override
  public String type() {
    return "not called";
  }

  @Override
  public Shape output(Shape input) {
    return new Shape(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    return List.of(new Shape(0));
  }

  @Override
  public long weights() {
    return learned;
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return 0;
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.empty();
  }

  @Override
  public boolean takesShapeAsGiven() {
    return true;
  }

  @Override
  public String toString() {
    return "(not called)";
  }
}
