package io.github.convlens.notation;

import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Decimal;
import io.github.convlens.notation.Value.Text;
import io.github.convlens.notation.Value.Tuple;
import io.github.convlens.notation.Value.Whole;
import io.github.convlens.notation.Value.Word;
import io.github.convlens.notation.internal.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The arguments of one layer, by name, each checked for its type when it is asked for. */
final class Arguments {
  private static final List<String> ONE_TO_THREE = List.of("one", "two", "three");
  private static final List<String> EXAMPLES = List.of("(3,)", "(3, 5)", "(3, 5, 5)");
  private static final List<String> SIZES = List.of("(7,)", "(7, 5)", "(7, 5, 5)");
  private static final List<String> SIDES =
      List.of(
          "two (left, right)",
          "four (left, right, top, bottom)",
          "six (left, right, top, bottom, front, back)");

  private final Source source;
  private final Signature signature;
  private final int start;
  private final @Nullable Value[] values;
  private final int[] positions;
  private boolean old;

  /** No argument is given yet; {@code start} is the position of the layer. */
  Arguments(Source source, Signature signature, int start) {
    this.source = source;
    this.signature = signature;
    this.start = start;
    this.values = new Value[signature.names().size()];
    this.positions = new int[values.length];
  }

  /** Sets a positional argument. */
  void set(int index, Value value, int position) {
    if (takesAny()) {
      return;
    }
    if (index >= values.length) {
      throw source.error(
          position,
          signature.type()
              + (values.length == 0
                  ? " takes no arguments."
                  : " takes at most "
                      + values.length
                      + (values.length == 1 ? " argument." : " arguments.")),
          "Write " + signature.usage() + ".");
    }
    values[index] = value;
    positions[index] = position;
  }

  /** Sets an argument by its name; the positions are those of the name and of the value. */
  void set(String name, int position, Value value, int valuePosition) {
    int index = signature.indexOf(name);
    if (name.equals("original_name")) {
      throw source.error(position, NotKnown.SCRIPTED.rule(), NotKnown.SCRIPTED.remedy());
    }
    if (takesAny()) {
      return;
    }
    if (index < 0) {
      String nearest =
          Nearest.of(name, signature.names()).map(n -> "Did you mean " + n + "? ").orElse("");
      throw source.error(
          position,
          signature.type() + " has no argument called " + shortened(name) + ".",
          nearest + "Write " + signature.usage() + ".");
    }
    if (values[index] != null) {
      throw source.error(
          position,
          signature.type() + " gets " + name + " twice.",
          "Leave one of them out: " + signature.usage() + ".");
    }
    set(index, value, valuePosition);
  }

  /** PyTorch's Identity takes whatever stands in the layer's place that it is put into. */
  private boolean takesAny() {
    return signature.type().equals("Identity");
  }

  /** Notes that these are of a print of PyTorch 0.2. */
  void setOld() {
    old = true;
  }

  boolean isOld() {
    return old;
  }

  /** Whether there is an argument of this name that was not given. */
  boolean leavesOut(String name) {
    int index = signature.indexOf(name);
    return index >= 0 && values[index] == null;
  }

  /** Sets an argument whatever was given for it. */
  void replace(String name, Value value, int position) {
    set(signature.indexOf(name), value, position);
  }

  /** Whether nothing is given. */
  boolean isEmpty() {
    return Arrays.stream(values).allMatch(Objects::isNull);
  }

  /** Whether what is given is what print shows of a pool: kernel, stride and padding, no more. */
  boolean isAsPrinted() {
    for (int i = 0; i < values.length; i++) {
      boolean isShown = Hidden.SHOWN_OF_A_POOL.contains(signature.names().get(i));
      if (isShown != (values[i] != null)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reports the first argument that must be given and is not, or is no switch where one belongs.
   */
  void check() {
    for (int i = 0; i < values.length; i++) {
      boolean isSwitch =
          signature.defaults().get(i) instanceof Constant usual && usual != Constant.NONE;
      if (isSwitch && values[i] != null) {
        flag(signature.names().get(i));
      }
      if (values[i] != null && signature.defaults().get(i) == Constant.NONE) {
        factory(signature.names().get(i), values[i], positions[i]);
      }
      if (values[i] == null && signature.defaults().get(i) == null) {
        throw source.error(
            start,
            signature.type() + " needs " + signature.names().get(i) + ".",
            "Write " + signature.usage() + ".");
      }
    }
  }

  /** Reports a type or a device for the parameters that PyTorch refuses. */
  private void factory(String name, Value value, int position) {
    boolean isDevice = name.equals("device");
    if (isDevice || name.equals("dtype")) {
      Factory.Refusal refusal = isDevice ? Factory.device(value) : Factory.type(value);
      if (refusal != null) {
        throw source.error(position, refusal.rule(), refusal.remedy());
      }
    }
  }

  /** Whether the argument is None, given or by default. */
  boolean isNone(String name) {
    return value(name) == Constant.NONE;
  }

  /** A whole number. */
  long whole(String name) {
    if (value(name) instanceof Whole whole) {
      return whole.value();
    }
    throw wrong(name, "a whole number", name + "=3");
  }

  /** A whole number above zero, where the layer's own record takes 0 for "not known yet". */
  long known(String name) {
    long number = whole(name);
    if (number == 0) {
      throw source.error(
          position(name),
          name + " must be at least 1, not 0.",
          Signatures.of("Lazy" + signature.type()) == null
              ? "Use the number of channels of the input."
              : "Use Lazy" + signature.type() + " to take it from the input.");
    }
    return number;
  }

  /** A whole number that fits into 32 bits: an axis. */
  int axis(String name) {
    return axis(whole(name), name);
  }

  List<Integer> axes(String name) {
    return wholes(name).stream().map(number -> axis(number, name)).toList();
  }

  private int axis(long number, String name) {
    if ((int) number != number) {
      throw source.error(
          position(name), name + " is not an axis: " + number + ".", "Use a number such as 1.");
    }
    return (int) number;
  }

  /** A number. */
  double decimal(String name) {
    return number(value(name), name);
  }

  private double number(Value value, String name) {
    if (value instanceof Decimal decimal) {
      return decimal.value();
    }
    if (value instanceof Whole whole) {
      return whole.value();
    }
    throw wrong(name, "a number", name + "=0.5");
  }

  /** True or False. */
  boolean flag(String name) {
    Value value = value(name);
    if (value instanceof Constant && value != Constant.NONE) {
      return value == Constant.TRUE;
    }
    throw wrong(name, "True or False", name + "=True");
  }

  /** One of several words. */
  <T> T choice(String name, List<T> choices) {
    String given = text(value(name));
    if (given == null) {
      throw wrong(name, "a text", name + "='" + choices.get(0) + "'");
    }
    for (T choice : choices) {
      if (choice.toString().equals(given)) {
        return choice;
      }
    }
    List<String> words = choices.stream().map(choice -> "'" + choice + "'").toList();
    throw source.error(
        position(name),
        name + " cannot be '" + shortened(given) + "'.",
        "Use one of " + String.join(", ", words) + ".");
  }

  private static @Nullable String text(Value value) {
    if (value instanceof Text text) {
      return text.value();
    }
    return value instanceof Word word ? word.value() : null;
  }

  /** For how many spatial axes the layer's sizes are. */
  int axes() {
    return signature.axes();
  }

  /** A number for all axes, or a tuple with one for each. */
  Size size(String name) {
    return size(value(name), name, signature.axes());
  }

  private Size size(Value value, String name, int axes) {
    if (value instanceof Whole whole) {
      return Size.all(axes, whole.value());
    }
    long[] numbers = value instanceof Tuple tuple ? wholes(tuple, axes) : null;
    if (numbers != null) {
      return new Size(numbers);
    }
    throw wrong(
        name,
        "a whole number or a tuple of " + ONE_TO_THREE.get(axes - 1),
        name + "=3 or " + name + "=" + EXAMPLES.get(axes - 1));
  }

  /** A tuple's numbers, if it is one of so many whole ones; most layers have some, so no stream. */
  private static long @Nullable [] wholes(Tuple tuple, int number) {
    if (tuple.items().size() != number) {
      return null;
    }
    long[] numbers = new long[number];
    for (int i = 0; i < number; i++) {
      if (!(tuple.items().get(i) instanceof Whole whole)) {
        return null;
      }
      numbers[i] = whole.value();
    }
    return numbers;
  }

  /** A size on each axis, or one number for every axis there is. */
  Size anySize(String name) {
    Value value = value(name);
    int axes = value instanceof Tuple tuple ? Math.max(1, Math.min(3, tuple.items().size())) : 1;
    return size(value, name, axes);
  }

  /** A factor for each axis, or one for every axis there is. */
  List<Double> factors(String name) {
    Value value = value(name);
    if (value instanceof Tuple tuple && !tuple.items().isEmpty() && tuple.items().size() <= 3) {
      return tuple.items().stream().map(item -> number(item, name)).toList();
    }
    return List.of(number(value, name));
  }

  /** A size for each axis, where None keeps the input's. */
  List<OptionalLong> optionalSizes(String name) {
    Value value = value(name);
    if (value instanceof Tuple tuple && tuple.items().size() == signature.axes()) {
      return tuple.items().stream().map(item -> optional(item, name)).toList();
    }
    if (value instanceof Whole whole) {
      return Collections.nCopies(signature.axes(), OptionalLong.of(whole.value()));
    }
    throw wrong(
        name,
        "a whole number or a tuple of " + ONE_TO_THREE.get(signature.axes() - 1),
        name + "=7 or " + name + "=" + SIZES.get(signature.axes() - 1));
  }

  /** A number, or None. */
  OptionalDouble optionalDecimal(String name) {
    return isNone(name) ? OptionalDouble.empty() : OptionalDouble.of(decimal(name));
  }

  /** An axis, or None. */
  OptionalInt optionalAxis(String name) {
    return isNone(name) ? OptionalInt.empty() : OptionalInt.of(axis(name));
  }

  /** A whole number or None. */
  OptionalLong optional(String name) {
    return optional(value(name), name);
  }

  private OptionalLong optional(Value value, String name) {
    if (value instanceof Whole whole) {
      return OptionalLong.of(whole.value());
    }
    if (value == Constant.NONE) {
      return OptionalLong.empty();
    }
    throw wrong(name, "a whole number or None", name + "=7");
  }

  /** A whole number, or a tuple of them. */
  List<Long> wholes(String name) {
    Value value = value(name);
    if (value instanceof Whole whole) {
      return List.of(whole.value());
    }
    List<Long> numbers = new ArrayList<>();
    if (value instanceof Tuple tuple) {
      for (Value item : tuple.items()) {
        if (!(item instanceof Whole whole)) {
          throw wrong(name, "a tuple of whole numbers", name + "=(2, 3)");
        }
        numbers.add(whole.value());
      }
      return numbers;
    }
    throw wrong(name, "a whole number or a tuple of them", name + "=(2, 3)");
  }

  /**
   * A padding: PyTorch's numbers and words, and beyond them ONNX's two words and a number for each
   * side: {@code ((top, bottom), (left, right))}.
   */
  Padding padding(String name) {
    Value value = value(name);
    if (value instanceof Whole whole && whole.value() == 0) {
      return Padding.none(signature.axes());
    }
    String word = text(value);
    if (word != null) {
      for (Padding.Automatic automatic : Padding.Automatic.values()) {
        if (automatic.word().equals(word)) {
          return automatic;
        }
      }
      throw source.error(
          position(name),
          name + " cannot be '" + shortened(word) + "'.",
          "Use a number, a tuple of "
              + ONE_TO_THREE.get(signature.axes() - 1)
              + ", 'valid', 'same', 'same_upper' or 'same_lower'.");
    }
    if (value instanceof Tuple tuple
        && tuple.items().size() == signature.axes()
        && tuple.items().get(0) instanceof Tuple
        && tuple.items().stream().allMatch(Tuple.class::isInstance)) {
      List<Size> sides = tuple.items().stream().map(item -> size(item, name, 2)).toList();
      return new Padding.Explicit(
          new Size(sides.stream().mapToLong(Size::height).toArray()),
          new Size(sides.stream().mapToLong(Size::width).toArray()));
    }
    return Padding.Explicit.symmetric(size(value, name, signature.axes()));
  }

  /**
   * The two ends of each axis in PyTorch's order, the last axis first: left, right, top, bottom. A
   * number stands for all.
   */
  long[] sides(String name) {
    Value value = value(name);
    int number = 2 * signature.axes();
    if (value instanceof Whole whole) {
      long[] all = new long[number];
      Arrays.fill(all, whole.value());
      return all;
    }
    if (value instanceof Tuple tuple && tuple.items().size() == number) {
      return wholes(name).stream().mapToLong(Long::longValue).toArray();
    }
    throw wrong(
        name, "a whole number or a tuple of " + SIDES.get(signature.axes() - 1), name + "=1");
  }

  /** Reports arguments that contradict each other, at one of them. */
  NotationException conflict(String name, String rule, String remedy) {
    return source.error(position(name), rule, remedy);
  }

  private NotationException wrong(String name, String wanted, String example) {
    return source.error(
        position(name),
        name + " takes " + wanted + ", not " + shortened(value(name).describe()) + ".",
        "Write " + example + ".");
  }

  private Value value(String name) {
    int index = signature.indexOf(name);
    Value value = values[index];
    if (value == null) {
      value = signature.defaults().get(index);
    }
    if (value == null) {
      throw new IllegalStateException(signature.usage() + " misses " + name);
    }
    return value;
  }

  private int position(String name) {
    int index = signature.indexOf(name);
    return values[index] == null ? start : positions[index];
  }

  /** The start of a text that would be too long for a message. */
  static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
