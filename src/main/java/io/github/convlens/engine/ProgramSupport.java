package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.program.Argument;
import io.github.convlens.program.Program;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.TensorType;
import io.github.convlens.program.Value;
import io.github.convlens.program.internal.InputAxis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What DJL can be given and can give back. */
final class ProgramSupport {
  private ProgramSupport() {}

  /**
   * Refuses a program that a block cannot be.
   *
   * @throws ProgramException if an input or output is no array, or of a type that DJL lacks
   */
  static void check(Program program) {
    for (Input input : ScriptText.given(program)) {
      Value.Tensor tensor =
          program
              .tensor(input.name())
              .orElseThrow(
                  () ->
                      new ProgramException(
                          "the program's input "
                              + input.name()
                              + " is a number, and a DJL block takes arrays.\nExport the model with"
                              + " that number fixed."));
      ProgramArrays.type(tensor.type().elements(), "the program's input " + input.name());
    }
    if (ScriptText.given(program).isEmpty()) {
      throw new ProgramException(
          "the program has no input, and a DJL block takes one.\nExport the model with an array as"
              + " argument.");
    }
    for (Input input : ScriptText.held(program)) {
      String name = ScriptText.target(input);
      program
          .weights()
          .type(name)
          .ifPresent(type -> ProgramArrays.type(type.elements(), "the program's " + name));
    }
    program.outputs().forEach(output -> check(program, output));
    if (ScriptText.results(program).isEmpty()) {
      throw new ProgramException(
          "the program gives no array back.\nLet forward return one, and export the model again.");
    }
  }

  private static void check(Program program, Program.Output output) {
    if (output.kind() != Program.Output.Kind.USER) {
      throw new ProgramException(
          "the program changes its input "
              + output.target().orElse("")
              + " after the fact, which is not done here.\nLet forward return the new value"
              + " instead, and export the model again.");
    }
    if (output.value() instanceof Argument.None) {
      return;
    }
    boolean isArray =
        output.value() instanceof Argument.Reference reference
            && program.tensor(reference.name()).isPresent();
    if (!isArray) {
      throw new ProgramException(
          "the program gives back "
              + output.value()
              + ", a number, and a DJL block gives arrays.\nLet forward return arrays alone, and"
              + " export the model again.");
    }
    String name = ((Argument.Reference) output.value()).name();
    ProgramArrays.type(
        program.tensor(name).orElseThrow().type().elements(), "the program's output " + name);
  }

  /** Whether PyTorch can follow gradients to it. */
  static boolean learns(TensorType type) {
    return switch (type.elements()) {
      case FLOAT16, FLOAT32, FLOAT64, BFLOAT16 -> true;
      default -> false;
    };
  }

  /** How to export a program for the axes whose sizes differ; those that are free stay so. */
  static String dynamic(List<Value.Tensor> inputs, List<Shape> given, Map<String, Long> symbols) {
    List<String> all = new ArrayList<>();
    boolean helps = false;
    for (int i = 0; i < inputs.size(); i++) {
      TensorType type = inputs.get(i).type();
      Shape recorded = type.shape(symbols);
      int rank = recorded.dimension();
      List<String> axes = new ArrayList<>();
      for (int axis = 0; axis < rank; axis++) {
        boolean isChannels = axis == 1 && rank > 2;
        boolean differs = recorded.get(axis) != given.get(i).get(axis) && !isChannels;
        helps |= differs;
        if (differs || !type.sizes().get(axis).symbols().isEmpty()) {
          // Of several inputs, torch.export finds out itself which sizes are the same.
          String dim = inputs.size() == 1 ? InputAxis.dim(axis, rank) : "torch.export.Dim.AUTO";
          axes.add(axis + ": " + dim);
        }
      }
      all.add(axes.isEmpty() ? "None" : "{" + String.join(", ", axes) + "}");
    }
    if (!helps) {
      return "Give that size.";
    }
    String arguments =
        inputs.size() == 1
            ? "x,"
            : inputs.stream().map(Value.Tensor::name).collect(Collectors.joining(", "));
    return "Give that size, or export the model for others: torch.export.export(model, ("
        + arguments
        + "), dynamic_shapes=("
        + String.join(", ", all)
        + (all.size() == 1 ? ",))." : ")).");
  }
}
