package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.program.internal.InputAxis;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What goes into a program: its own sizes, and whether others may. */
public final class ProgramInputs {
  private ProgramInputs() {}

  /** The size that a free size of an input is taken to have. */
  static Map<String, Long> symbols(Program program) {
    Set<String> batches = batches(program);
    Map<String, Long> symbols = new HashMap<>();
    for (String name : program.symbols()) {
      Long exported = batches.contains(name) ? null : program.exported().get(name);
      symbols.put(name, exported == null ? least(program, name) : exported);
    }
    return symbols;
  }

  /** The symbols that are the first of several axes of inputs, and no other axis. */
  private static Set<String> batches(Program program) {
    Set<String> first = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (Value.Tensor tensor : program.userTensors()) {
      List<Dim> sizes = tensor.type().sizes();
      for (int axis = 0; axis < sizes.size(); axis++) {
        boolean isBatch = axis == 0 && sizes.size() > 1 && sizes.get(0) instanceof Dim.Symbol;
        (isBatch ? first : others).addAll(sizes.get(axis).symbols());
      }
    }
    first.removeAll(others);
    return first;
  }

  private static long least(Program program, String name) {
    return program.ranges().stream()
        .filter(range -> range.expression().equals(new Dim.Symbol(name)))
        .mapToLong(range -> least(range).orElse(1))
        .reduce(1, Math::max);
  }

  /**
   * The bound that holds: PyTorch writes down 2 where it was not to be 0 or 1 while it was
   * exported, and runs those, too.
   */
  private static OptionalLong least(Program.Range range) {
    return range.least().isPresent() && range.least().getAsLong() > 2
        ? range.least()
        : OptionalLong.empty();
  }

  /**
   * The shapes that it was exported for; a free batch is the least that it may be, and at least 1,
   * as are all free sizes of a print, which does not show what they were.
   */
  public static List<Shape> own(Program program) {
    Map<String, Long> symbols = symbols(program);
    return program.userTensors().stream().map(each -> each.type().shape(symbols)).toList();
  }

  /**
   * What the symbols of the inputs' sizes stand for.
   *
   * @throws ShapeException if the inputs have other axes, or sizes that do not go together
   */
  public static Map<String, Long> symbols(Program program, List<Shape> inputs) {
    return Symbols.of(program.userTensors().stream().map(Value.Tensor::type).toList(), inputs);
  }

  /**
   * The sizes that an axis of its only input may have, where it is free: as the bounds of its
   * symbol have it, and those that are even, say, where it is twice a symbol.
   *
   * @param axis counted from 0, the batch included
   * @param largest the largest size to look at
   * @return the sizes in ascending order; empty where the axis has one size
   */
  public static Optional<SortedSet<Long>> allowed(Program program, int axis, long largest) {
    Dim size = program.userTensors().get(0).type().sizes().get(axis);
    if (size.symbols().size() != 1 || !size.isStraight()) {
      return Optional.empty();
    }
    String symbol = size.symbols().iterator().next();
    SortedSet<Long> sizes = new TreeSet<>();
    Map<String, Long> values = new HashMap<>();
    for (long value = 0; value <= largest; value++) {
      values.put(symbol, value);
      long made = size.of(values);
      if (made >= 1 && made <= largest && isWithin(program, values)) {
        sizes.add(made);
      }
    }
    return Optional.of(sizes);
  }

  private static boolean isWithin(Program program, Map<String, Long> symbols) {
    return program.ranges().stream()
        .filter(range -> range.expression().symbols().equals(symbols.keySet()))
        .allMatch(range -> isWithin(range, range.expression().of(symbols)));
  }

  private static boolean isWithin(Program.Range range, long value) {
    return value >= range.least().orElse(value) && value <= range.most().orElse(value);
  }

  /** What was taken for sizes that are free; empty where all are fixed. */
  public static Optional<String> assumed(Program program) {
    Map<String, Long> symbols = symbols(program);
    if (symbols.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("the program takes several sizes, and was asked about ");
    text.append(String.join(" and ", own(program).stream().map(ShapeText::listed).toList()));
    return Optional.of(text.append("; --input asks about another.").toString());
  }

  /**
   * Checks shapes against what the program was exported for.
   *
   * @return what to say where a size differs from one that it has as a number
   * @throws ShapeException if there are not as many axes, or a size is outside of its bounds
   */
  public static Optional<String> check(Program program, List<Shape> inputs) {
    List<TensorType> types = program.userTensors().stream().map(Value.Tensor::type).toList();
    if (types.size() != inputs.size()) {
      throw ShapeException.of(
          "the program takes " + types.size() + " inputs",
          "Here " + (inputs.size() == 1 ? "is one." : "are " + inputs.size() + "."),
          "Give a shape for each.");
    }
    for (int i = 0; i < types.size(); i++) {
      rejectChannelsLast(program.userTensors().get(i), inputs.get(i));
    }
    Map<String, Long> symbols = Symbols.of(types, inputs);
    for (Program.Range range : program.ranges()) {
      if (symbols.keySet().containsAll(range.expression().symbols())) {
        check(program, range, range.expression().of(symbols));
      }
    }
    for (int i = 0; i < types.size(); i++) {
      if (!types.get(i).shape(symbols).equals(inputs.get(i))) {
        return Optional.of(worked(types.get(i), symbols, inputs.get(i)));
      }
    }
    return Optional.empty();
  }

  private static void rejectChannelsLast(Value.Tensor input, Shape given) {
    if (InputAxis.isChannelsLast(input.type(), given)) {
      int rank = given.dimension();
      Shape ordered = given.slice(0, 1).add(given.get(rank - 1)).addAll(given.slice(1, rank - 1));
      throw ShapeException.of(
          "the program's input " + input.name() + " has its channels in front of rows and columns",
          "What is given is " + ShapeText.listed(given) + ", with its channels last.",
          "Give it as " + ShapeText.listed(ordered) + ", in NumPy: numpy.moveaxis(x, -1, 1).");
    }
  }

  /** What to say of a size that PyTorch would refuse. */
  private static String worked(TensorType type, Map<String, Long> symbols, Shape given) {
    Shape recorded = type.shape(symbols);
    List<String> fixed = new ArrayList<>();
    List<String> free = new ArrayList<>();
    for (int axis = 0; axis < recorded.dimension(); axis++) {
      String name = InputAxis.name(axis, recorded.dimension());
      if (!type.sizes().get(axis).symbols().isEmpty()) {
        free.add(name);
      } else if (recorded.get(axis) != given.get(axis)) {
        fixed.add(name + " " + recorded.get(axis));
      }
    }
    String own =
        free.isEmpty()
            ? ShapeText.listed(recorded) + ", and PyTorch runs it for no other size"
            : String.join(" and ", fixed)
                + ", and PyTorch runs it for no other (free: "
                + String.join(", ", free)
                + ")";
    return "the program was exported for "
        + own
        + "; what it would make of "
        + ShapeText.listed(given)
        + " is worked out.";
  }

  private static void check(Program program, Program.Range range, long value) {
    boolean below = value < least(range).orElse(value);
    boolean above = range.most().isPresent() && value > range.most().getAsLong();
    if (below || above) {
      Dim bounded = range.expression();
      Place place =
          Place.of(program, bounded::equals)
              .or(() -> Place.of(program, size -> size.symbols().containsAll(bounded.symbols())))
              .orElseThrow();
      String must =
          below ? "at least " + range.least().getAsLong() : "at most " + range.most().getAsLong();
      throw ShapeException.of(
          "the program was exported with bounds for " + place.name(),
          (bounded.equals(place.size())
                  ? "It is "
                  : "It is " + place.size() + ", and " + bounded + " is ")
              + value
              + (bounded.equals(place.size()) ? ", and must be " : ", which must be ")
              + must
              + ".",
          "Use a size within, or export the program with other bounds: " + place.dim() + ".");
    }
  }

  /** An axis of an input: the first whose size is such a one. */
  private record Place(Value.Tensor input, int axis) {
    static Optional<Place> of(Program program, Predicate<Dim> wanted) {
      for (Value.Tensor input : program.userTensors()) {
        List<Dim> sizes = input.type().sizes();
        for (int axis = 0; axis < sizes.size(); axis++) {
          if (wanted.test(sizes.get(axis))) {
            return Optional.of(new Place(input, axis));
          }
        }
      }
      return Optional.empty();
    }

    Dim size() {
      return input.type().sizes().get(axis);
    }

    String name() {
      String name = InputAxis.name(axis, input.type().sizes().size());
      return (name.startsWith("axis") ? "" : "the ") + name + " of its input " + input.name();
    }

    String dim() {
      return InputAxis.dim(axis, input.type().sizes().size()).replace(")", ", min=..., max=...)");
    }
  }
}
