package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Passage;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.internal.ShapeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A call of an operator for which there is no layer of its own. It makes what the operator's rule
 * says, where one is known; else it answers for the sizes alone that PyTorch recorded (any values
 * of their symbols), and refuses others.
 *
 * @param call the call
 * @param operands the arrays that it is given, in the order of its arguments
 * @param sizes the sizes among its arguments, by their names
 * @param made what PyTorch recorded that it makes
 * @param knowledge whether the operator's rule may be asked
 */
record RecordedSpec(
    Call call,
    List<Operand> operands,
    Map<String, Dim> sizes,
    List<TensorType> made,
    Knowledge knowledge)
    implements CustomSpec {
  /** What is known of the operator. */
  enum Knowledge {
    /** Its rule gave the recorded sizes. */
    RULE,
    /** What was recorded. */
    RECORD
  }

  /** Every output reads all of the input: that is what they do. */
  private static final Set<String> MIXES =
      Set.of(
          "matmul",
          "bmm",
          "mm",
          "addmm",
          "baddbmm",
          "einsum",
          "scaled_dot_product_attention",
          "linear",
          "transpose",
          "t",
          "_native_batch_norm_legit_no_training",
          "layer_norm",
          "group_norm");

  /** Takes copies. */
  public RecordedSpec {
    operands = List.copyOf(operands);
    sizes = Map.copyOf(sizes);
    made = List.copyOf(made);
  }

  @Override
  public String type() {
    return ShapeRules.plain(call.function());
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    List<Operand> given = Operand.inputs(operands);
    Map<String, Long> symbols = Symbols.of(given.stream().map(Operand::type).toList(), inputs);
    if (knowledge == Knowledge.RULE) {
      return ShapeRules.shapes(given(inputs, symbols)).orElseThrow();
    }
    for (int i = 0; i < given.size(); i++) {
      Shape recorded = given.get(i).type().shape(symbols);
      if (given.get(i).from() == Operand.From.CALL && !recorded.equals(inputs.get(i))) {
        throw ShapeRules.baked(
            call.name(),
            call.operator()
                + " was recorded for "
                + ShapeText.listed(recorded)
                + " and is given "
                + ShapeText.listed(inputs.get(i)));
      }
    }
    return made.stream().map(type -> type.shape(symbols)).toList();
  }

  /** With the shapes of all operands: inputs as they are given, others as they are recorded. */
  Given given(List<Shape> inputs, Map<String, Long> symbols) {
    List<Shape> shapes = new ArrayList<>();
    int next = 0;
    for (Operand operand : operands) {
      if (operand.from() == Operand.From.PROGRAM) {
        shapes.add(operand.type().shape(symbols));
      } else {
        Shape input = inputs.get(next++);
        if (operand.from() == Operand.From.CALL) {
          shapes.add(input);
        }
      }
    }
    return new Given(call, shapes, sizes, symbols);
  }

  @Override
  public long macs(List<Shape> inputs) {
    Map<String, Long> symbols =
        Symbols.of(Operand.inputs(operands).stream().map(Operand::type).toList(), inputs);
    return Macs.of(given(inputs, symbols), outputs(inputs));
  }

  @Override
  public long macs(Shape input) {
    return macs(List.of(input));
  }

  @Override
  public boolean takesShapeAsGiven() {
    return true;
  }

  /** Whether what it reads is followed; otherwise an output is taken to read all of its input. */
  boolean isReadingKnown() {
    String function = type();
    return ShapeRules.isElementwise(function)
        || MIXES.contains(function)
        || ShapeRules.keepsPlaces(function);
  }

  @Override
  public boolean reads(int index) {
    return Operand.inputs(operands).get(index).from() == Operand.From.CALL;
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    Shape input = inputs.get(index);
    if (ShapeRules.isElementwise(type())) {
      return new SumSpec().passage(axis, inputs, index, output);
    }
    if (type().equals("transpose")) {
      return transposed(axis, given(inputs, Map.of()));
    }
    if (type().equals("slice")) {
      return sliced(axis, given(inputs, Map.of()));
    }
    if (ShapeRules.keepsPlaces(type())) {
      return kept(axis, input, outputs(inputs).get(0));
    }
    return MIXES.contains(type()) ? Passage.all() : Passage.untold();
  }

  /** Positions stay where the axis and those behind it keep their sizes. */
  private static Passage kept(int axis, Shape input, Shape output) {
    for (int fromEnd = 1; fromEnd <= input.dimension() - axis; fromEnd++) {
      int before = input.dimension() - fromEnd;
      int after = output.dimension() - fromEnd;
      if (after < 0 || input.get(before) != output.get(after)) {
        return input.size() == output.size()
            ? new Passage.Regrouped(input, axis)
            : Passage.untold();
      }
    }
    return Passage.point(axis + output.dimension() - input.dimension());
  }

  private Passage transposed(int axis, Given given) {
    int rank = given.shape(0).dimension();
    int one = given.axis(1, "dim0", 0, rank);
    int other = given.axis(2, "dim1", 0, rank);
    return Passage.point(axis == one ? other : axis == other ? one : axis);
  }

  private Passage sliced(int axis, Given given) {
    Shape input = given.shape(0);
    if (given.axis(1, "dim", 0, input.dimension()) != axis) {
      return Passage.point(axis);
    }
    long start = given.whole(2, "start", 0);
    long first = start < 0 ? Math.max(0, start + input.get(axis)) : start;
    long step = Math.max(1, given.whole(4, "step", 1));
    return new Passage.To(
        axis,
        new Reach(1, step, place -> Reach.Run.of(first + place * step, 1, 1), PaddingMode.ZEROS));
  }

  /** The call as Python has it, without the arrays: {@code view([1, -1])}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(call.function()).append('(');
    for (Argument.Named each : call.arguments()) {
      if (isShown(each.value())) {
        text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ");
        text.append(each.passing() == Argument.Passing.BY_NAME ? each.name() + "=" : "");
        text.append(shown(each.value()));
      }
    }
    return text.append(')').toString();
  }

  /** A size by what it is, and not by its name. */
  private String shown(Argument argument) {
    if (argument instanceof Argument.Items all) {
      return all.items().stream().map(this::shown).collect(Collectors.joining(", ", "[", "]"));
    }
    Dim size = argument instanceof Argument.Reference name ? sizes.get(name.name()) : null;
    return size == null ? argument.toString() : size.toString();
  }

  private boolean isShown(Argument argument) {
    List<String> names = Checks.references(argument);
    boolean arrays =
        operands.stream().anyMatch(operand -> names.contains(operand.name())) && !names.isEmpty();
    return !arrays
        && !(argument instanceof Argument.Device)
        && !(argument instanceof Argument.Layout)
        && !(argument instanceof Argument.None);
  }
}
