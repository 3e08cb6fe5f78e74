package io.github.convlens.program;

import io.github.convlens.layer.LayerSpec;
import io.github.convlens.program.Program.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A call by itself, for whoever runs a program call by call.
 *
 * @param layer the layer that it is; empty where none of that kind is known
 * @param inputs the names of the arrays that the layer reads, in their order: what earlier calls
 *     made, and what the user gave
 */
public record CallLayer(Optional<LayerSpec> layer, List<String> inputs) {
  /** Takes a copy of the list. */
  public CallLayer {
    inputs = List.copyOf(inputs);
  }

  /** The layer of each call, in their order. */
  public static List<CallLayer> of(Program program) {
    Set<String> held =
        program.inputs().stream()
            .filter(input -> input.target().isPresent())
            .map(Input::name)
            .collect(Collectors.toSet());
    return program.calls().stream().map(call -> of(program, call, held)).toList();
  }

  private static CallLayer of(Program program, Call call, Set<String> held) {
    List<Operand> operands = new ArrayList<>();
    for (Argument.Named argument : call.arguments()) {
      for (String name : Checks.references(argument.value())) {
        Operand.From from = held.contains(name) ? Operand.From.PROGRAM : Operand.From.CALL;
        program
            .tensor(name)
            .ifPresent(tensor -> operands.add(new Operand(name, tensor.type(), from)));
      }
    }
    return new CallLayer(
        Optional.ofNullable(Kinds.of(call, operands)),
        Operand.inputs(operands).stream().map(Operand::name).toList());
  }
}
