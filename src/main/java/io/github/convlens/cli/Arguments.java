package io.github.convlens.cli;

import picocli.CommandLine.Model.CommandSpec;

/** What a command takes: an option, a parameter, or several that belong together. */
interface Arguments {
  /** Makes them part of a command, in the order in which its help lists them. */
  void addTo(CommandSpec command);
}
