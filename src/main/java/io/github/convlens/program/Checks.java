package io.github.convlens.program;

import io.github.convlens.program.Program.Input;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is refused of a program whatever is wanted of it, by name. */
final class Checks {
  private static final Set<String> DROPOUTS =
      Set.of("dropout", "dropout_", "feature_dropout", "alpha_dropout", "feature_alpha_dropout");

  private Checks() {}

  /**
   * The program.
   *
   * @param file what messages call where it is from
   * @throws ProgramException if it was exported in train mode, branches, calls operators that are
   *     not PyTorch's, or does not hang together
   */
  static Program checked(String file, Program program) {
    Set<String> known = new HashSet<>();
    for (Input input : program.inputs()) {
      boolean has = input.kind() == Input.Kind.FIXED || program.values().containsKey(input.name());
      if (!known.add(input.name()) || !has) {
        throw new ProgramException(
            file
                + ": its input "
                + input.name()
                + (has ? " is there twice" : " has no type")
                + ".\n"
                + Pt2File.SAVE_AGAIN);
      }
      checkWeight(file, program, input);
    }
    for (Call call : program.calls()) {
      checkOperator(file, call.operator());
      Harmless.checkArguments(file, call);
      checkMode(file, call);
      call.arguments().forEach(each -> checkKnown(file, call, each.value(), known));
      known.addAll(call.outputs());
    }
    program.outputs().stream()
        .filter(output -> output.kind() == Program.Output.Kind.BUFFER_MUTATION)
        .findFirst()
        .ifPresent(
            output -> {
              throw inTrainMode(file, "it changes the buffer " + output.target().orElse("?"));
            });
    return program;
  }

  private static void checkWeight(String file, Program program, Input input) {
    if (input.target().isEmpty() || program.weights() == Weights.NONE) {
      return;
    }
    String name = input.target().get();
    Optional<TensorType> stored = program.weights().type(name);
    Optional<TensorType> wanted = program.tensor(input.name()).map(Value.Tensor::type);
    if (!stored.equals(wanted)) {
      throw new ProgramException(
          file
              + (stored.isEmpty()
                  ? " has no weights for " + name
                  : ": its weights for " + name + " are " + stored.get())
              + ", and the program wants "
              + wanted.map(TensorType::toString).orElse("none")
              + ".\n"
              + Pt2File.SAVE_AGAIN);
    }
  }

  /** Refuses operators that are not PyTorch's, and those that branch. */
  static void checkOperator(String file, String operator) {
    if (operator.startsWith("higher_order.")) {
      throw new ProgramException(
          file
              + " branches or loops while it runs ("
              + operator
              + "), which is not read.\nExport the model with that decided: without torch.cond,"
              + " torch.while_loop and their kin.");
    }
    if (!operator.startsWith("aten.") && !operator.startsWith(Operators.OF_SIZES)) {
      throw new ProgramException(
          file
              + " calls "
              + operator
              + ", which is not an operator of PyTorch's own (aten).\nReplace it in forward by such"
              + " operators, and export the model again.");
    }
    Harmless.checkOperator(file, operator);
  }

  private static void checkMode(String file, Call call) {
    String function = call.function();
    boolean isNorm = function.equals("batch_norm") && isTrue(call, 5, "training");
    boolean isTracked =
        !(call.argument(3, "running_mean").orElse(Argument.NONE) instanceof Argument.None);
    if (isNorm && isTracked) {
      throw inTrainMode(file, "its " + call.name() + " takes the batch's own mean");
    }
    boolean drops = DROPOUTS.contains(function) && isTrue(call, 2, "train");
    if (drops && !call.argument(1, "p").equals(Optional.of(new Argument.Real(0)))) {
      throw inTrainMode(file, "its " + call.name() + " drops at random");
    }
  }

  private static boolean isTrue(Call call, int place, String name) {
    return call.argument(place, name).equals(Optional.of(new Argument.Truth(true)));
  }

  private static ProgramException inTrainMode(String file, String sign) {
    return new ProgramException(
        file
            + " was exported in train mode: "
            + sign
            + ".\nCall model.eval() before the export (F.dropout wants training=self.training).");
  }

  private static void checkKnown(String file, Call call, Argument argument, Set<String> known) {
    if (argument instanceof Argument.Items items) {
      items.items().forEach(each -> checkKnown(file, call, each, known));
    }
    if (argument instanceof Argument.Reference reference && !known.contains(reference.name())) {
      throw new ProgramException(
          file
              + ": its call "
              + call.name()
              + " reads "
              + reference.name()
              + ", which is not there yet.\n"
              + Pt2File.SAVE_AGAIN);
    }
  }

  /** The names that an argument reads. */
  static List<String> references(Argument argument) {
    if (argument instanceof Argument.Items items) {
      return items.items().stream().flatMap(each -> references(each).stream()).toList();
    }
    return argument instanceof Argument.Reference reference ? List.of(reference.name()) : List.of();
  }
}
