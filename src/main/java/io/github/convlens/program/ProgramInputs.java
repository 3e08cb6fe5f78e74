package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.ShapeText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What goes into a program: its own sizes, and whether others may. */
public final class ProgramInputs {
  private ProgramInputs() {}

  /** The least size that a free size of an input is taken to have. */
  static Map<String, Long> symbols(Program program) {
    Map<String, Long> symbols = new HashMap<>();
    for (String name : program.symbols()) {
      long least = 1;
      for (Program.Range range : program.ranges()) {
        if (range.expression().equals(new Dim.Symbol(name)) && range.least().isPresent()) {
          least = Math.max(least, range.least().getAsLong());
        }
      }
      symbols.put(name, least);
    }
    return symbols;
  }

  /**
   * The shapes that it was exported for; a free size is the least that it may be, and at least 1.
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
    Map<String, Long> symbols = Symbols.of(types, inputs);
    for (Program.Range range : program.ranges()) {
      if (symbols.keySet().containsAll(range.expression().symbols())) {
        check(range, range.expression().of(symbols));
      }
    }
    for (int i = 0; i < types.size(); i++) {
      Shape recorded = types.get(i).shape(symbols);
      if (!recorded.equals(inputs.get(i))) {
        return Optional.of(
            "the program was exported for "
                + ShapeText.listed(recorded)
                + ", and PyTorch runs it for no other size; what it would make of "
                + ShapeText.listed(inputs.get(i))
                + " is worked out.");
      }
    }
    return Optional.empty();
  }

  private static void check(Program.Range range, long value) {
    boolean below = range.least().isPresent() && value < range.least().getAsLong();
    boolean above = range.most().isPresent() && value > range.most().getAsLong();
    if (below || above) {
      throw ShapeException.of(
          "the program was exported with bounds for this size",
          range.expression()
              + " is "
              + value
              + ", and must be "
              + (below
                  ? "at least " + range.least().getAsLong()
                  : "at most " + range.most().getAsLong())
              + ".",
          "Use a size within, or export the program with other bounds: torch.export.Dim(\"batch\","
              + " min=..., max=...).");
    }
  }
}
