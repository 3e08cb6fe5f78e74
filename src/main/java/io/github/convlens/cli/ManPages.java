package io.github.convlens.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes a page for {@code man} of each command, from what its help says, when the build runs it.
 */
final class ManPages {
  private final StringBuilder roff = new StringBuilder();

  private ManPages() {}

  /**
   * Writes {@code convlens.1}, {@code convlens-shape.1} and so on.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    write(ConvLens.commandLine(), folder);
  }

  private static void write(CommandLine command, Path folder) throws IOException {
    CommandSpec spec = command.getCommandSpec();
    Files.writeString(folder.resolve(name(spec) + ".1"), of(command));
    for (CommandLine each : command.getSubcommands().values()) {
      write(each, folder);
    }
  }

  private static String name(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  /** The page of a command. */
  static String of(CommandLine command) {
    return new ManPages().page(command);
  }

  private String page(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String name = name(spec);
    line(".TH " + escaped(name.toUpperCase(Locale.ROOT)) + " 1 \"\" \"ConvLens\" \"ConvLens\"");
    line(".nh"); // a word of a command is not parted
    line(".ad l");
    section("NAME");
    line(escaped(name) + " \\- " + escaped(summary(spec)));
    section("SYNOPSIS");
    text(
        new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF))
            .synopsis(0)
            .replaceAll("\\s+", " ")
            .strip());
    section("DESCRIPTION");
    paragraphs(spec.usageMessage().description());
    section("OPTIONS");
    spec.positionalParameters().forEach(each -> argument(each.paramLabel(), each));
    spec.options().stream().filter(each -> each.group() == null).forEach(this::option);
    spec.argGroups().forEach(this::group);
    if (!command.getSubcommands().isEmpty()) {
      section("COMMANDS");
      command
          .getSubcommands()
          .forEach(
              (word, each) -> row(name(each.getCommandSpec()), summary(each.getCommandSpec())));
    }
    if (spec.usageMessage().footer().length > 0) {
      section("EXAMPLES");
      paragraphs(spec.usageMessage().footer());
    }
    return roff.toString();
  }

  private static String summary(CommandSpec spec) {
    String[] header = spec.usageMessage().header();
    return header.length > 0 ? header[0] : spec.usageMessage().description()[0];
  }

  private void group(ArgGroupSpec group) {
    section(group.heading().replace("%n", "").replaceAll(":$", ""));
    group.options().forEach(this::option);
  }

  private void option(OptionSpec option) {
    if (!option.hidden()) {
      String label = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
      argument(String.join(", ", option.names()) + label, option);
    }
  }

  private void argument(String label, ArgSpec argument) {
    row(label, String.join("\n.br\n", List.of(argument.description())));
  }

  private void section(String title) {
    line(".SH " + escaped(title.toUpperCase(Locale.ROOT)));
  }

  private void row(String name, String text) {
    line(".TP");
    line(".B " + escaped(name));
    text(text);
  }

  /** Sentences are filled, rows hang, and examples stay as they are. */
  private void paragraphs(String... paragraphs) {
    for (String paragraph : paragraphs) {
      Matcher row = HelpPage.ROW.matcher(paragraph);
      if (row.matches()) {
        row(row.group(1).strip(), row.group(2));
      } else if (paragraph.startsWith(" ")) {
        line(".EX");
        text(paragraph);
        line(".EE");
      } else {
        line(".PP");
        text(paragraph);
      }
    }
  }

  private void text(String text) {
    text.lines().forEach(each -> line(each.equals(".br") ? each : "\\&" + escaped(each)));
  }

  private void line(String line) {
    roff.append(line).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
  }
}
