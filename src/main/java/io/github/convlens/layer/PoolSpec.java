package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/** Pooling by a window that slides over each channel. */
public sealed interface PoolSpec extends LayerSpec
    permits AvgPoolSpec, BlurSpec, LpPoolSpec, MaxPoolSpec {
  /** The window on each axis. */
  Windows window();

  /** What happens at the end. */
  Rounding rounding();

  @Override
  default Shape output(Shape input) {
    return Pools.output(window(), rounding(), input);
  }

  @Override
  default Optional<Windows> windows() {
    return Optional.of(window());
  }

  @Override
  default int spatialAxes() {
    return window().kernel().rank();
  }

  @Override
  default long profilerOperations(List<Shape> inputs) {
    return Pools.poolOperations(this, window(), Require.one(inputs));
  }

  @Override
  default Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(Pools.reach(window(), axis, input));
  }

  @Override
  default Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.sliding(this, axis, inputs.get(index), Passage.point(1));
  }

  @Override
  default Optional<String> formula(Axis axis, Shape input) {
    return Optional.of(Pools.formula(window(), rounding(), axis, input));
  }
}
