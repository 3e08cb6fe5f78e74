package io.github.convlens.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Blocks that a program calls with a switch of Python's set around them: {@code with
 * torch.no_grad()} and {@code with torch.autocast(..., enabled=False)}. They run as they stand.
 */
final class Inlining {
  private static final String NO_GRADIENT = "torch.ops.higher_order.wrap_with_set_grad_enabled";
  private static final String AUTOCAST = "torch.ops.higher_order.wrap_with_autocast";

  private Inlining() {}

  static boolean isWrapper(String target) {
    return target.equals(NO_GRADIENT) || target.equals(AUTOCAST);
  }

  /**
   * Refuses an autocast that casts.
   *
   * @param before the arguments in front of the block: device, type, enabled, ...
   */
  static void check(String file, String target, List<String> before) {
    if (target.equals(AUTOCAST) && before.size() > 2 && before.get(2).equals("True")) {
      throw new ProgramException(
          file
              + " was exported with a torch.autocast inside, whose types depend on the device.\n"
              + "Export it without, or with enabled=False.");
    }
  }

  /** The same call with the names of the program around it. */
  static Call renamed(Call call, Map<String, String> names) {
    List<Argument.Named> arguments = new ArrayList<>();
    for (Argument.Named each : call.arguments()) {
      arguments.add(new Argument.Named(each.name(), renamed(each.value(), names), each.passing()));
    }
    return new Call(
        call.name(),
        call.operator(),
        arguments,
        call.results(),
        call.outputs().stream().map(name -> names.getOrDefault(name, name)).toList(),
        call.module(),
        call.moduleClass());
  }

  /** The same argument with the names of the program around it. */
  static Argument renamed(Argument argument, Map<String, String> names) {
    if (argument instanceof Argument.Reference reference) {
      return new Argument.Reference(names.getOrDefault(reference.name(), reference.name()));
    }
    return argument instanceof Argument.Items items
        ? new Argument.Items(items.items().stream().map(each -> renamed(each, names)).toList())
        : argument;
  }
}
