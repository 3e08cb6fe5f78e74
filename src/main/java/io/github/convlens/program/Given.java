package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A call with the shapes of its operands and the values of its symbols: what rules read. */
final class Given {
  private final Call call;
  private final List<Shape> shapes;
  private final Map<String, Dim> sizes;
  private final Map<String, Long> symbols;

  Given(Call call, List<Shape> shapes, Map<String, Dim> sizes, Map<String, Long> symbols) {
    this.call = call;
    this.shapes = shapes;
    this.sizes = sizes;
    this.symbols = symbols;
  }

  /** All operands' shapes, in the order of the arguments. */
  List<Shape> shapes() {
    return shapes;
  }

  /** An operand's shape. */
  Shape shape(int place) {
    return shapes.get(place);
  }

  int rank() {
    return shapes.get(0).dimension();
  }

  Call call() {
    return call;
  }

  /** A whole number, or the default. */
  long whole(int place, String name, long byDefault) {
    return optional(place, name).orElse(byDefault);
  }

  /** A whole number; empty where there is none, or None. */
  Optional<Long> optional(int place, String name) {
    return call.argument(place, name).flatMap(this::number);
  }

  private Optional<Long> number(Argument argument) {
    if (argument instanceof Argument.Whole whole) {
      return Optional.of(whole.value());
    }
    return argument instanceof Argument.Reference reference && sizes.containsKey(reference.name())
        ? Optional.of(sizes.get(reference.name()).of(symbols))
        : Optional.empty();
  }

  /** A list of whole numbers; one number alone is a list of one, and nothing is none. */
  List<Long> wholes(int place, String name) {
    Argument argument = call.argument(place, name).orElse(Argument.NONE);
    List<Argument> items =
        argument instanceof Argument.Items several ? several.items() : List.of(argument);
    List<Long> numbers = new ArrayList<>();
    for (Argument item : items) {
      number(item).ifPresent(numbers::add);
    }
    return numbers;
  }

  boolean isTrue(int place, String name) {
    return call.argument(place, name).equals(Optional.of(new Argument.Truth(true)));
  }

  /** An axis counted from 0, of an array with so many. */
  int axis(int place, String name, long byDefault, int rank) {
    return axis(whole(place, name, byDefault), rank);
  }

  int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= Math.max(1, rank)) {
      throw ShapeException.of(
          "the array does not have the axis that the program names",
          "It is axis " + axis + ", and the array is " + ShapeText.listed(shapes.get(0)) + ".",
          "Use an input with as many axes as the program was exported with.");
    }
    return (int) counted;
  }
}
