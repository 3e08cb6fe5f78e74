package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what the symbols of recorded sizes stand for where shapes are given. */
final class Symbols {
  private final Map<String, Long> values = new HashMap<>();

  private Symbols() {}

  /**
   * The values of the symbols. Sizes that are numbers are not looked at.
   *
   * @throws ShapeException if no values give these shapes
   */
  static Map<String, Long> of(List<TensorType> types, List<Shape> shapes) {
    Symbols symbols = new Symbols();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < types.size(); i++) {
        symbols.add(types.get(i), shapes.get(i));
      }
    }
    return symbols.values;
  }

  private void add(TensorType type, Shape shape) {
    if (type.sizes().size() != shape.dimension()) {
      throw ShapeException.of(
          "the number of axes is part of the program",
          "It has " + type + " here and is given " + ShapeText.listed(shape) + ".",
          "Use an input of " + type.sizes().size() + " axes here.");
    }
    for (int axis = 0; axis < shape.dimension(); axis++) {
      solve(type.sizes().get(axis), shape.get(axis));
    }
  }

  /** Most sizes are a symbol or a straight line of one; others tell nothing of their symbols. */
  private void solve(Dim size, long given) {
    Set<String> symbols = size.symbols();
    if (symbols.isEmpty() || size instanceof Dim.Unknown) {
      return;
    }
    List<String> open = symbols.stream().filter(name -> !values.containsKey(name)).toList();
    if (open.isEmpty()) {
      if (size.of(values) != given) {
        throw noSuch(size, given);
      }
    } else if (open.size() == 1 && size.isStraight()) {
      String name = open.get(0);
      long zero = with(size, name, 0);
      long slope = with(size, name, 1) - zero;
      boolean straight = slope != 0 && (given - zero) % slope == 0;
      long value = straight ? (given - zero) / slope : -1;
      if (value < 0 || with(size, name, value) != given) {
        throw noSuch(size, given);
      }
      values.put(name, value);
    }
  }

  private long with(Dim size, String name, long value) {
    Map<String, Long> all = new HashMap<>(values);
    all.put(name, value);
    return size.of(all);
  }

  private static ShapeException noSuch(Dim size, long given) {
    return ShapeException.of(
        "the sizes of the inputs do not go together as the program has them",
        "It has " + size + " where " + given + " is given.",
        "Use sizes that fit it.");
  }
}
