package io.github.convlens.notation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code forward} of a class does with its children, as a line of a recipe file says it:
 *
 * <pre>
 * BasicBlock: conv1 bn1 relu conv2 bn2 downsample? =
 *     relu(bn2(conv2(relu(bn1(conv1(x))))) + downsample?(x))
 * </pre>
 *
 * @param types the classes that do this
 * @param own what the classes show of themselves besides their children
 * @param children the children that must be shown, in this order
 * @param inputs the names of forward's arguments
 * @param required how many of them, from the first on, must be given to a network
 * @param steps what is computed; the last one is the result
 * @param position where the recipe stands in its file
 * @param body where what is computed starts
 * @param end where it ends
 * @param section the part of the file that it stands in
 * @param source the file
 */
record Recipe(
    List<String> types,
    Own own,
    List<Slot> children,
    List<String> inputs,
    int required,
    List<Statement> steps,
    int position,
    int body,
    int end,
    Section section,
    Source source) {

  /**
   * Where recipes are from.
   *
   * @param name {@code torchvision.models.resnet}; empty in a user's own file
   * @param certain the classes that nobody else has, so that a name alone says what they are
   */
  record Section(String name, Set<String> certain) {
    /** A user's own file: what it says is so. */
    static final Section OWN = new Section("", Set.of());

    /** {@code torchvision} of {@code torchvision.models.resnet}. */
    String library() {
      int dot = name.indexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    }

    /** Whether a class is known by its name alone. */
    boolean isCertain(String type) {
      return equals(OWN) || certain.contains(type) || certain.contains("*");
    }

    // sections differ in their names; a record's own methods take long to link

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Section section && section.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /** What a class shows of itself: {@code BatchNormAct2d(32, eps=1e-05)}. */
  sealed interface Own {
    /** Nothing. */
    record Nothing() implements Own {}

    /** Numbers that its shape does not depend on, or that {@code self.name} asks for. */
    record Numbers() implements Own {}

    /**
     * The arguments of a layer that it is a kind of: {@code super(x)} calls it.
     *
     * @param type the layer
     * @param arguments what its print does not show, or shows and does not use
     */
    record Base(String type, Map<String, Value> arguments) implements Own {}
  }

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

  /** A step of a forward. */
  sealed interface Statement {
    /** {@code y = conv1(x)}, or {@code a, b = chunk(x, 2)}; a result has no name. */
    record Assign(List<String> targets, Expression value) implements Statement {}

    /**
     * {@code for layer in layers: x = layer(x)}.
     *
     * @param end where what follows it starts in the file
     */
    record Loop(List<String> variables, Expression of, List<Statement> body, int end)
        implements Statement {}

    /** {@code raise 'a print does not show its heads' if proj}. */
    record Refuse(String reason, @Nullable Expression condition) implements Statement {}

    /** {@code assume 'the input is as large as the network was built for' if not head}. */
    record Assume(String what, @Nullable Expression condition) implements Statement {}

    /** {@code remark 'its weights are standardised, which is not computed here'}. */
    record Remark(String what, @Nullable Expression condition) implements Statement {}
  }

  /** What is computed. */
  sealed interface Expression {
    /** Where it stands in the file. */
    int position();

    /** A variable: {@code x}, {@code conv1}. */
    record Name(String name, int position) implements Expression {}

    /** A number, a text, True, False or None. */
    record Literal(Value value, int position) implements Expression {}

    /** {@code [a, b]}. */
    record Listed(List<Expression> items, int position) implements Expression {}

    /** {@code [branch(x) for branch in branches if stride(branch) == 1]}. */
    record Each(
        Expression body,
        List<String> variables,
        Expression of,
        @Nullable Expression condition,
        int position)
        implements Expression {}

    /** {@code block.conv}: a child of a child. */
    record Attribute(Expression of, String name, int position) implements Expression {
      /** Whether it is one of the class's own: {@code self.pool_type}. */
      boolean isOfSelf() {
        return of instanceof Name owner && owner.name().equals("self");
      }
    }

    /** {@code layers[0]}. */
    record Index(Expression of, Expression index, int position) implements Expression {}

    /** {@code layers[1:]}. */
    record Slice(Expression of, @Nullable Expression from, @Nullable Expression to, int position)
        implements Expression {}

    /** {@code conv1(x)}, {@code downsample?(x)}, {@code cat(a, b, dim=1)}. */
    record Call(Expression callee, boolean ifThere, List<Argument> arguments, int position)
        implements Expression {}

    /** {@code -a}, {@code not a}. */
    record Unary(String operator, Expression of, int position) implements Expression {}

    /** {@code a + b}, {@code a == b}. */
    record Infix(String operator, Expression left, Expression right, int position)
        implements Expression {}

    /** {@code a if stride(conv) == 1 else b}. */
    record Choice(Expression then, Expression condition, Expression otherwise, int position)
        implements Expression {}
  }

  /** An argument; one by position has no name. */
  record Argument(String name, Expression value) {}

  /**
   * What is computed, as it stands in the file, on one line, or a new one behind each for, which
   * ends with its line; without comments, and without its assumptions, which are notes.
   */
  String text() {
    List<String> lines = new ArrayList<>();
    int from = body;
    for (Statement step : steps) {
      if (step instanceof Statement.Loop loop && loop.end < end) {
        lines.add(shown(from, loop.end));
        from = loop.end;
      }
    }
    lines.add(shown(from, end));
    return String.join("\n    ", lines);
  }

  private String shown(int from, int to) {
    return source
        .text()
        .substring(from, to)
        .replaceAll("\n#[^\n]*", "")
        .replaceAll("\n\\[[^\\]]*\\]", "")
        .replaceAll("assume '[^']*';", "")
        .strip()
        .replaceAll("\\s+", " ");
  }

  /** The line of its file that it starts on, from 1. */
  int line() {
    return source.line(position);
  }

  /** The children in front of the =: {@code conv norm gate?}. */
  String signature() {
    return children.stream()
        .map(
            slot ->
                slot.name
                    + switch (slot.count) {
                      case ONE -> "";
                      case ONE_OR_NONE -> "?";
                      case MANY -> "*";
                    })
        .collect(Collectors.joining(" "));
  }

  private boolean takes(Part.Block block) {
    return own instanceof Own.Numbers
        || (block.base().isPresent() == (own instanceof Own.Base)
            && (own instanceof Own.Base || block.own().isEmpty()));
  }

  /**
   * Whether a block is what the recipe is for by its name alone: not where any children would do,
   * unless they are numbered as a Sequential's are.
   */
  boolean isCertain(Part.Block block) {
    boolean any = children.stream().allMatch(slot -> slot.count == Count.MANY);
    boolean numbered =
        block.children().stream().allMatch(child -> Character.isDigit(child.name().charAt(0)));
    boolean isPyTorchs = section.library().equals("torch") || section.equals(Section.OWN);
    return section.isCertain(block.type())
        && (isPyTorchs || !any || block.children().isEmpty() || numbered);
  }

  /** Whether a block shows the children, and of itself what the recipe expects. */
  boolean fits(Part.Block block) {
    return takes(block) && fit(block.children()).isPresent();
  }

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
