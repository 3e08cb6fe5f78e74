package io.github.convlens.engine;

import io.github.convlens.engine.internal.NativeLibrary;
import io.github.convlens.program.ProgramException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why PyTorch does not compile a text. */
final class ScriptFailure {
  private static final Pattern UNKNOWN = Pattern.compile("Unknown builtin op: aten::(\\w+)");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile("Arguments for call are not valid[\\s\\S]*?aten::(\\w+)");

  private ScriptFailure() {}

  static ProgramException explain(Exception e) {
    String text = String.valueOf(e.getMessage());
    String version = NativeLibrary.jniVersion().orElse("?").replaceAll("-.*", "");
    Matcher unknown = UNKNOWN.matcher(text);
    if (unknown.find()) {
      return new ProgramException(
          "the program calls "
              + unknown.group(1)
              + ", an operator that the engine's PyTorch "
              + version
              + " does not have.\nReplace it in forward, or export the model with PyTorch "
              + version
              + ".",
          e);
    }
    Matcher overload = NO_OVERLOAD.matcher(text);
    if (overload.find()) {
      return new ProgramException(
          "the program calls "
              + overload.group(1)
              + " with arguments that the engine's PyTorch "
              + version
              + " does not take.\nExport the model with PyTorch "
              + version
              + ".",
          e);
    }
    return new ProgramException(
        "the engine's PyTorch " + version + " does not take the program:\n" + text.strip(), e);
  }
}
