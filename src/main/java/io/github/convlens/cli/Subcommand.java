package io.github.convlens.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command of ConvLens, which describes itself to picocli in code. For annotations Java would make
 * a class of each kind at every start, which takes a quarter of a quick command's time.
 */
abstract class Subcommand implements Callable<Integer> {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  /** A command of this name, and what its help says first. */
  Subcommand(String name, String... description) {
    describe(spec, name, description);
    spec.usageMessage().sortOptions(false).parameterListHeading("%n");
  }

  /** What all commands have, the one at the top, too. */
  static void describe(CommandSpec spec, String name, String... description) {
    spec.name(name).versionProvider(new HelpAndVersion());
    spec.usageMessage().description(description).optionListHeading("%nOptions:%n");
  }

  /** Adds the options that all commands have, behind all others. */
  static void addHelp(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
  }

  /** Adds options and parameters, in the order in which the help lists them. */
  final void takes(Arguments... arguments) {
    for (Arguments each : arguments) {
      each.addTo(spec);
    }
  }

  /** The help's last part: whole commands, as they are typed. */
  final void examples(String... lines) {
    spec.usageMessage().footerHeading("%nExamples:%n").footer(lines);
  }

  /** Adds the commands that this one is made of. */
  final void has(Subcommand... commands) {
    spec.usageMessage().synopsisSubcommandLabel("COMMAND").commandListHeading("%nCommands:%n");
    for (Subcommand each : commands) {
      spec.addSubcommand(each.spec.name(), each.commandLine());
    }
  }

  /** This command, complete. */
  final CommandLine commandLine() {
    addHelp(spec);
    return new CommandLine(spec);
  }

  /** This command's model. */
  final CommandSpec spec() {
    return spec;
  }

  /** Where the answer goes. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Where notes and progress go. */
  final PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
