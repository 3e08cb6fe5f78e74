package io.github.convlens.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What each command can print of itself. The classes that make it are loaded when it is asked for.
 */
final class HelpAndVersion implements IHelpFactory, IVersionProvider {
  @Override
  public Help create(CommandSpec spec, ColorScheme colours) {
    return HelpPage.ofTerminal(spec, colours);
  }

  @Override
  public String[] getVersion() {
    return new String[] {Version.line()};
  }
}
