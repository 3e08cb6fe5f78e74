package io.github.convlens.program;

import java.util.List;
import java.util.Optional;

/**
 * A call of an operator.
 *
 * @param name its name in the graph: {@code conv2d_1}
 * @param operator {@code aten.conv2d.default}; {@code sym.mul} and the like for arithmetic of sizes
 * @param arguments what it is given, those by place first, in their order
 * @param results one array, a tuple or a list
 * @param outputs the names of what it makes; those that nobody reads may have no value
 * @param module the path of the module whose {@code forward} calls it; a print does not tell it
 * @param moduleClass that module's class, {@code torch.nn.modules.conv.Conv2d}
 */
public record Call(
    String name,
    String operator,
    List<Argument.Named> arguments,
    Results results,
    List<String> outputs,
    Optional<String> module,
    Optional<String> moduleClass) {

  /** What a call makes. */
  public enum Results {
    /** Nothing: it checks something. */
    NONE,
    /** One array or number. */
    ONE,
    /** A fixed number of arrays, of an operator with several results. */
    TUPLE,
    /** One list of arrays. */
    LIST
  }

  /** Takes copies of the lists. */
  public Call {
    arguments = List.copyOf(arguments);
    outputs = List.copyOf(outputs);
  }

  /** The operator without library and overload: {@code conv2d} of {@code aten.conv2d.default}. */
  public String function() {
    return function(operator);
  }

  static String function(String operator) {
    int from = operator.indexOf('.') + 1;
    int to = operator.indexOf('.', from);
    return operator.substring(from, to < 0 ? operator.length() : to);
  }

  /**
   * An argument; empty where the operator's default counts.
   *
   * @param place its place in the operator's schema, from 0
   * @param name its name there
   */
  public Optional<Argument> argument(int place, String name) {
    for (int i = 0; i < arguments.size(); i++) {
      Argument.Named each = arguments.get(i);
      boolean byPlace = each.passing() == Argument.Passing.BY_PLACE;
      if (byPlace ? i == place : each.name().equals(name)) {
        return Optional.of(each.value());
      }
    }
    return Optional.empty();
  }

  /** As a print shows the right side: {@code aten.conv2d.default(x, p_weight, None, [2, 2])}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(operator).append('(');
    for (Argument.Named each : arguments) {
      text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ");
      text.append(each.passing() == Argument.Passing.BY_NAME ? each.name() + "=" : "");
      text.append(each.value());
    }
    return text.append(')').toString();
  }
}
