package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** An array's elements in float64, the last axis closest together. */
final class Values {
  private final Shape shape;
  private final double[] values;

  Values(Shape shape, double[] values) {
    this.shape = shape;
    this.values = values;
  }

  /** A copy of an array of any number type, which stays open. */
  static Values of(NDArray array) {
    try (NDArray exact = array.toType(DataType.FLOAT64, true)) {
      return new Values(array.getShape(), exact.toDoubleArray());
    }
  }

  /** The same with the other sign. */
  Values negated() {
    return new Values(shape, Arrays.stream(values).map(value -> -value).toArray());
  }

  Shape shape() {
    return shape;
  }

  /** The elements themselves, one after the other. */
  double[] values() {
    return values;
  }

  /** The element at a position, one number for each axis. */
  double at(long... position) {
    return values[Math.toIntExact(index(shape, position))];
  }

  /** The element for a position of an output: the axes are its last ones, 1 is repeated. */
  double spread(long[] position) {
    int rank = shape.dimension();
    long[] own = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      own[axis] = shape.get(axis) == 1 ? 0 : position[position.length - rank + axis];
    }
    return at(own);
  }

  /** The same numbers for each of so many positions of the first axis, which has one. */
  Values each(long count) {
    double[] repeated = new double[Math.toIntExact(count * values.length)];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = values[i % values.length];
    }
    long[] sizes = shape.getShape().clone();
    sizes[0] = count;
    return new Values(new Shape(sizes), repeated);
  }

  /** The largest absolute value of all that are finite. */
  double largest() {
    double largest = 0;
    for (double value : values) {
      double size = Math.abs(value);
      largest = size > largest && size < Double.POSITIVE_INFINITY ? size : largest;
    }
    return largest;
  }

  /** How many elements come before a position. */
  static long index(Shape shape, long[] position) {
    long index = 0;
    for (int axis = 0; axis < position.length; axis++) {
      index = index * shape.get(axis) + position[axis];
    }
    return index;
  }

  /** The position of an element, one number for each axis. */
  static long[] position(Shape shape, long index) {
    long[] position = new long[shape.dimension()];
    long rest = index;
    for (int axis = position.length - 1; axis >= 0; axis--) {
      position[axis] = rest % shape.get(axis);
      rest /= shape.get(axis);
    }
    return position;
  }
}
