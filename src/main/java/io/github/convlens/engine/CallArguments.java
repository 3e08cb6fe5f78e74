package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import io.github.convlens.program.Argument;
import io.github.convlens.program.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a call of a program is given, with the numbers of its arrays and sizes. */
final class CallArguments {
  private final Call call;
  private final Function<String, Optional<NDArray>> arrays;
  private final Function<String, Optional<Long>> sizes;
  private final Map<String, Values> read = new HashMap<>();

  /** An argument is not what a definition is written for. */
  static final class Undefined extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Undefined() {
      super("not defined", null, false, false);
    }
  }

  /**
   * The arguments of a call.
   *
   * @param arrays an array by its name in the program
   * @param sizes a size by its name
   */
  CallArguments(
      Call call,
      Function<String, Optional<NDArray>> arrays,
      Function<String, Optional<Long>> sizes) {
    this.call = call;
    this.arrays = arrays;
    this.sizes = sizes;
  }

  /** The operator without what says that it works in place. */
  String function() {
    String function = call.function();
    boolean inPlace = function.endsWith("_") && !function.startsWith("_");
    return inPlace ? function.substring(0, function.length() - 1) : function;
  }

  String overload() {
    return call.operator().substring(call.operator().lastIndexOf('.') + 1);
  }

  private Optional<Argument> given(int place, String name) {
    return call.argument(place, name).filter(argument -> !(argument instanceof Argument.None));
  }

  boolean has(int place, String name) {
    return given(place, name).isPresent();
  }

  /** An array. */
  Values array(int place, String name) {
    return optionalArray(place, name).orElseThrow(Undefined::new);
  }

  Optional<Values> optionalArray(int place, String name) {
    return given(place, name).flatMap(this::array);
  }

  private Optional<Values> array(Argument argument) {
    return argument instanceof Argument.Reference reference
        ? arrays
            .apply(reference.name())
            .map(array -> read.computeIfAbsent(reference.name(), each -> Values.of(array)))
        : Optional.empty();
  }

  /** Arrays in a list; one that is None is empty. */
  List<Optional<Values>> arrays(int place, String name) {
    List<Optional<Values>> all = new ArrayList<>();
    for (Argument item : items(place, name)) {
      Optional<Values> array = array(item);
      if (array.isEmpty() && !(item instanceof Argument.None)) {
        throw new Undefined();
      }
      all.add(array);
    }
    return all;
  }

  private List<Argument> items(int place, String name) {
    Argument argument = given(place, name).orElse(new Argument.Items(List.of()));
    return argument instanceof Argument.Items several ? several.items() : List.of(argument);
  }

  /** A number. */
  double number(int place, String name) {
    return optionalNumber(place, name).orElseThrow(Undefined::new);
  }

  double number(int place, String name, double byDefault) {
    return has(place, name) ? number(place, name) : byDefault;
  }

  Optional<Double> optionalNumber(int place, String name) {
    return given(place, name).flatMap(this::number);
  }

  private Optional<Double> number(Argument argument) {
    if (argument instanceof Argument.Real real) {
      return Optional.of(real.value());
    }
    if (argument instanceof Argument.Truth truth) {
      return Optional.of(truth.value() ? 1.0 : 0.0);
    }
    return whole(argument).map(Long::doubleValue);
  }

  private Optional<Long> whole(Argument argument) {
    if (argument instanceof Argument.Whole whole) {
      return Optional.of(whole.value());
    }
    return argument instanceof Argument.Reference reference
        ? sizes.apply(reference.name())
        : Optional.empty();
  }

  long whole(int place, String name) {
    return given(place, name).flatMap(this::whole).orElseThrow(Undefined::new);
  }

  long whole(int place, String name, long byDefault) {
    return has(place, name) ? whole(place, name) : byDefault;
  }

  /** Whole numbers of a list; none where it is not given. */
  List<Long> wholes(int place, String name) {
    return items(place, name).stream()
        .map(item -> whole(item).orElseThrow(Undefined::new))
        .toList();
  }

  boolean isTrue(int place, String name) {
    return number(place, name, 0) != 0;
  }

  String text(int place, String name) {
    return given(place, name).orElse(Argument.NONE) instanceof Argument.Text text
        ? text.value()
        : "";
  }

  /** An axis, from 0, of an array with so many. */
  int axis(int place, String name, long byDefault, int rank) {
    return axis(whole(place, name, byDefault), rank);
  }

  static int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new Undefined();
    }
    return (int) counted;
  }
}
