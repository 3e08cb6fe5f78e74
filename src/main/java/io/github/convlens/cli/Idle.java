package io.github.convlens.cli;

import picocli.CommandLine.Model.CommandSpec;

/** Refuses options that would have no effect beside what else was given. */
final class Idle {
  private Idle() {}

  /**
   * Refuses the first of these options that was given.
   *
   * @param why a sentence that says why it has no effect
   * @param options their names, {@code --top}
   */
  static void reject(CommandSpec spec, String why, String... options) {
    for (String option : options) {
      if (isGiven(spec, option)) {
        throw new RequestException("option " + option + ": " + why + " Leave it out.");
      }
    }
  }

  /** Whether an option stands on the command line, be it with the value that it has by default. */
  static boolean isGiven(CommandSpec spec, String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }
}
