package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Passage;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Optional;

/**
 * A layer whose learned numbers are not those that its kind has: some of them belong to another
 * call already, or more of the program's parameters go into it.
 *
 * @param layer what it does
 * @param learned the learned numbers that are counted here
 * @param macsInFront multiply-adds of what makes its weights out of parameters alone
 * @param own whether its own multiply-adds count
 */
record ChargedSpec(LayerSpec layer, long learned, long macsInFront, Own own) implements CustomSpec {
  /** Whether a layer's own multiply-adds count. */
  enum Own {
    /** They do. */
    COUNTED,
    /** PyTorch's counter does not see them. */
    UNSEEN
  }

  @Override
  public String type() {
    return layer.type();
  }

  @Override
  public Shape output(Shape input) {
    return layer.output(input);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    return layer.outputs(inputs);
  }

  @Override
  public long weights() {
    return learned;
  }

  @Override
  public long macs(Shape input) {
    return macs(List.of(input));
  }

  @Override
  public long macs(List<Shape> inputs) {
    return own == Own.UNSEEN ? macsInFront : Exact.add(macsInFront, layer.macs(inputs));
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return layer.torchinfoMacs(inputs);
  }

  @Override
  public long profilerOperations(List<Shape> inputs) {
    return layer.profilerOperations(inputs);
  }

  @Override
  public Optional<Windows> windows() {
    return layer.windows();
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return layer.reach(axis, input);
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return layer.passage(axis, inputs, index, output);
  }

  @Override
  public boolean reads(int index) {
    return layer.reads(index);
  }

  @Override
  public List<Axis> axes(Shape input) {
    return layer.axes(input);
  }

  @Override
  public Optional<String> formula(Axis axis, Shape input) {
    return layer.formula(axis, input);
  }

  @Override
  public int spatialAxes() {
    return layer.spatialAxes();
  }

  @Override
  public boolean takesShapeAsGiven() {
    return layer.takesShapeAsGiven();
  }

  @Override
  public boolean keepsBatchAxis() {
    return layer.keepsBatchAxis();
  }

  @Override
  public String toString() {
    return layer.toString();
  }
}
