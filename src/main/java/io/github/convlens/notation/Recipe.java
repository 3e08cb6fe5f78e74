package io.github.convlens.notation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the {@code forward} of a class does with its children, as a line of a recipe file says it:
 *
 * <pre>
 * BasicBlock: conv1 bn1 relu conv2 bn2 downsample? =
 *     relu(bn2(conv2(relu(bn1(conv1(x))))) + downsample?(x))
 * </pre>
 *
 * @param types the classes that do this
 * @param children the children that must be shown, in this order
 * @param steps what is computed; the last one is the result
 * @param position where the recipe stands in its file
 * @param source the file
 */
record Recipe(
    List<String> types, List<Slot> children, List<Step> steps, int position, Source source) {

  /**
   * A child that must be shown.
   *
   * @param name its name; of a slot for many, what their names begin with
   * @param count how many there may be
   */
  record Slot(String name, Count count) {
    boolean matches(String child) {
      return count == Count.MANY ? child.startsWith(name) : child.equals(name);
    }
  }

  /** How many children a slot is for. */
  enum Count {
    ONE,
    ONE_OR_NONE,
    MANY
  }

  /** {@code y = conv1(x)}. */
  record Step(String variable, Expression value) {}

  /** What is computed. */
  sealed interface Expression {
    /** Where it stands in the file. */
    int position();

    /** A variable: {@code x}. */
    record Variable(String name, int position) implements Expression {}

    /** A child or a function: {@code conv1(x)}, {@code downsample?(x)}, {@code cat(a, b)}. */
    record Call(String name, boolean ifThere, List<Expression> arguments, int position)
        implements Expression {}

    /** {@code a + b}, {@code a * b}. */
    record Infix(char operator, Expression left, Expression right, int position)
        implements Expression {}

    /** One output of several: {@code chunk(x, 2)[0]}. */
    record Item(Expression of, int index, int position) implements Expression {}

    /** {@code a if stride(conv) == 1 else b}. */
    record Choice(Expression then, List<Condition> conditions, Expression otherwise, int position)
        implements Expression {}

    /** Whole numbers: {@code 2}, {@code [2, 3]}. */
    record Numbers(List<Long> values, int position) implements Expression {}
  }

  /** {@code stride(conv) == 1}: two quantities that must be equal, or must not. */
  record Condition(Quantity left, boolean equal, Quantity right) {}

  /** A number, or what the print shows of a child: its stride, its first and last channels. */
  record Quantity(String name, String child, long number) {}

  /**
   * The children by slot, if they are what the recipe expects.
   *
   * @return for each slot's name its children; empty if others are shown, or in another order
   */
  Optional<Map<String, List<Part.Named>>> fit(List<Part.Named> shown) {
    Map<String, List<Part.Named>> bySlot = new LinkedHashMap<>();
    int next = 0;
    for (Slot slot : children) {
      List<Part.Named> taken = new ArrayList<>();
      while (next < shown.size()
          && slot.matches(shown.get(next).name())
          && (taken.isEmpty() || slot.count == Count.MANY)) {
        taken.add(shown.get(next++));
      }
      if (taken.isEmpty() && slot.count == Count.ONE) {
        return Optional.empty();
      }
      bySlot.put(slot.name, taken);
    }
    return next == shown.size() ? Optional.of(bySlot) : Optional.empty();
  }
}
