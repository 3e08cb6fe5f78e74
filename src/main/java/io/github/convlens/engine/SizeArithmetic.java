package io.github.convlens.engine;

import io.github.convlens.program.Call;
import io.github.convlens.program.ProgramException;
import java.util.List;
import java.util.Map;

/** Arithmetic of sizes in TorchScript: {@code sym.mul(a, 2)} is {@code (a * 2)}. */
final class SizeArithmetic {
  private static final Map<String, String> BETWEEN =
      Map.ofEntries(
          Map.entry("add", "+"),
          Map.entry("sub", "-"),
          Map.entry("mul", "*"),
          Map.entry("floordiv", "//"),
          Map.entry("truediv", "/"),
          Map.entry("mod", "%"),
          Map.entry("pow", "**"),
          Map.entry("eq", "=="),
          Map.entry("ne", "!="),
          Map.entry("lt", "<"),
          Map.entry("le", "<="),
          Map.entry("gt", ">"),
          Map.entry("ge", ">="),
          Map.entry("and_", "and"),
          Map.entry("or_", "or"));

  private static final Map<String, String> BEFORE =
      Map.ofEntries(
          Map.entry("neg", "-"),
          Map.entry("not", "not "),
          Map.entry("not_", "not "),
          Map.entry("int", "int"),
          Map.entry("float", "float"),
          Map.entry("min", "ops.prim.min"),
          Map.entry("max", "ops.prim.max"),
          Map.entry("sqrt", "torch.sqrt"),
          Map.entry("floor", "torch.floor"),
          Map.entry("ceil", "torch.ceil"),
          Map.entry("trunc", "int"));

  private SizeArithmetic() {}

  static String text(Call call, List<String> arguments) {
    String between = BETWEEN.get(call.function());
    if (between != null && arguments.size() == 2) {
      return "(" + arguments.get(0) + " " + between + " " + arguments.get(1) + ")";
    }
    String before = BEFORE.get(call.function());
    if (before != null) {
      return before + "(" + String.join(", ", arguments) + ")";
    }
    if (call.function().equals("ite")) {
      return arguments.get(1) + " if " + arguments.get(0) + " else " + arguments.get(2);
    }
    throw new ProgramException(
        "the call "
            + call.name()
            + " of the program works out a size by '"
            + call.function()
            + "', which is not known here.\nExport the model for one size, without"
            + " dynamic_shapes.");
  }
}
