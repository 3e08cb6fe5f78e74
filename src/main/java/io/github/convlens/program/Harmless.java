package io.github.convlens.program;

import java.util.Set;

/**
 * Whether a call can do no more than compute. A program becomes text that PyTorch compiles, so its
 * words must be names and nothing else; and PyTorch has operators that no export of a model holds,
 * which reach for files and for the process.
 */
final class Harmless {
  /** Those that read or write files, by the schemas of PyTorch 2.13. */
  private static final Set<String> FILES = Set.of("save", "load", "from_file");

  /** Those that print, or that change or ask for what belongs to the whole process. */
  private static final Set<String> PROCESS =
      Set.of(
          "warn",
          "_print",
          "manual_seed",
          "seed",
          "initial_seed",
          "Generator",
          "set_grad_enabled",
          "_cufft_set_plan_cache_max_size",
          "_cufft_clear_plan_cache",
          "dist_backward",
          "to_here",
          "local_value",
          "owner",
          "owner_name",
          "is_owner",
          "confirmed_by_owner",
          "wait");

  private static final String REMEDY =
      ".\nNo export of a model holds that. Do not trust this program.";

  private Harmless() {}

  /**
   * Refuses an operator that is no name, or that does more than compute.
   *
   * @param file what messages call where it is from
   */
  static void checkOperator(String file, String operator) {
    for (String part : operator.split("\\.", -1)) {
      check(file, "an operator", operator, part);
    }
    String function = bare(Call.function(operator));
    if (FILES.contains(function)) {
      throw new ProgramException(
          file + " would read or write files: it calls " + operator + REMEDY);
    }
    if (PROCESS.contains(function)) {
      throw new ProgramException(
          file + " would print, or change more than its arrays: it calls " + operator + REMEDY);
    }
  }

  /** Of {@code sym_size} and the like the engine calls what is behind the underscore. */
  private static String bare(String function) {
    return function.startsWith("sym_") ? function.substring("sym_".length()) : function;
  }

  /** Refuses arguments whose names are none. */
  static void checkArguments(String file, Call call) {
    for (Argument.Named each : call.arguments()) {
      if (each.passing() == Argument.Passing.BY_NAME) {
        check(file, "an argument of " + call.operator(), each.name(), each.name());
      }
    }
  }

  private static void check(String file, String what, String shown, String name) {
    if (!isIdentifier(name)) {
      throw new ProgramException(
          file + " calls " + what + " '" + cut(shown) + "', which is no name" + REMEDY);
    }
  }

  private static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && !isDigit(name.charAt(0))
        && name.chars().allMatch(c -> c == '_' || isDigit(c) || isLetter(c));
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > 60 ? line.substring(0, 60) + "..." : line;
  }
}
