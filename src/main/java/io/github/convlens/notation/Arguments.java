package io.github.convlens.notation;

import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Decimal;
import io.github.convlens.notation.Value.Text;
import io.github.convlens.notation.Value.Tuple;
import io.github.convlens.notation.Value.Whole;
import io.github.convlens.notation.Value.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The arguments of one layer, by name, each checked for its type when it is asked for. */
final class Arguments {
  private final Source source;
  private final Signature signature;
  private final int start;
  private final @Nullable Value[] values;
  private final int[] positions;

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
      if (values[i] == null && signature.defaults().get(i) == null) {
        throw source.error(
            start,
            signature.type() + " needs " + signature.names().get(i) + ".",
            "Write " + signature.usage() + ".");
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
    long number = whole(name);
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

  /** A number for both axes, or a tuple of two. */
  Size size(String name) {
    return size(value(name), name);
  }

  private Size size(Value value, String name) {
    if (value instanceof Whole whole) {
      return Size.square(whole.value());
    }
    if (value instanceof Tuple tuple) {
      List<Value> items = tuple.items();
      if (items.size() == 2
          && items.get(0) instanceof Whole height
          && items.get(1) instanceof Whole width) {
        return new Size(height.value(), width.value());
      }
      if (items.size() == 1 && items.get(0) instanceof Whole both) {
        return Size.square(both.value());
      }
    }
    throw wrong(name, "a whole number or a tuple of two", name + "=3 or " + name + "=(3, 5)");
  }

  /** A factor for both axes, or a tuple of two: height, width. */
  double[] factors(String name) {
    Value value = value(name);
    if (value instanceof Tuple tuple && tuple.items().size() == 2) {
      return new double[] {number(tuple.items().get(0), name), number(tuple.items().get(1), name)};
    }
    double both = number(value, name);
    return new double[] {both, both};
  }

  /** A size for each axis, where None keeps the input's: height, width. */
  List<OptionalLong> optionalSizes(String name) {
    Value value = value(name);
    if (value instanceof Tuple tuple && tuple.items().size() == 2) {
      return List.of(optional(tuple.items().get(0), name), optional(tuple.items().get(1), name));
    }
    OptionalLong both = optional(value, name);
    return List.of(both, both);
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
    throw wrong(
        name, "a whole number, None, or a tuple of two", name + "=7 or " + name + "=(7, 5)");
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
      return Padding.NONE;
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
          "Use a number, a tuple of two, 'valid', 'same', 'same_upper' or 'same_lower'.");
    }
    if (value instanceof Tuple tuple
        && tuple.items().size() == 2
        && tuple.items().get(0) instanceof Tuple rows
        && tuple.items().get(1) instanceof Tuple columns) {
      Size height = size(rows, name);
      Size width = size(columns, name);
      return new Padding.Explicit(height.height(), height.width(), width.height(), width.width());
    }
    return Padding.Explicit.symmetric(size(value, name));
  }

  /** Left, right, top, bottom: a number for all, or a tuple of four. */
  long[] sides(String name) {
    Value value = value(name);
    if (value instanceof Whole whole) {
      long all = whole.value();
      return new long[] {all, all, all, all};
    }
    if (value instanceof Tuple tuple && tuple.items().size() == 4) {
      return wholes(name).stream().mapToLong(Long::longValue).toArray();
    }
    throw wrong(
        name,
        "a whole number or a tuple of four (left, right, top, bottom)",
        name + "=1 or " + name + "=(1, 1, 2, 2)");
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
