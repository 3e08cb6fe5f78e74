package io.github.convlens.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command's help, as wide as the terminal. Sentences are wrapped between words. What is indented
 * is an example, which stays on its line so that it can be copied; or, where a gap parts a word
 * from what it means, a row whose text hangs under its beginning.
 */
final class HelpPage extends Help {
  /** Where nothing says how wide the terminal is. */
  private static final int DEFAULT_WIDTH = 100;

  /** Picocli takes no less. */
  private static final int LEAST_WIDTH = 55;

  /** Longer lines are hard to read. */
  private static final int MOST_WIDTH = 120;

  /** A word, and behind a gap what it means. */
  static final Pattern ROW = Pattern.compile("( +\\S+ {2,})(\\S.*)");

  /** Not within a short bracket: {@code max_pool2d(x, 2)}. */
  private static final Pattern BREAK = Pattern.compile(" (?![^(]{0,18}\\))");

  HelpPage(CommandSpec spec, ColorScheme colours) {
    super(spec, colours);
  }

  /** A command's help in this terminal. */
  static Help ofTerminal(CommandSpec spec, ColorScheme colours) {
    spec.usageMessage().width(width(Columns.given()));
    return new HelpPage(spec, colours);
  }

  /** The width of help in a terminal of so many columns. */
  static int width(OptionalInt columns) {
    return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, columns.orElse(DEFAULT_WIDTH)));
  }

  @Override
  public String description(Object... params) {
    return paragraphs(commandSpec().usageMessage().description());
  }

  @Override
  public String footer(Object... params) {
    return paragraphs(commandSpec().usageMessage().footer());
  }

  @Override
  public String commandList(Map<String, Help> commands) {
    int longest = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    return paragraphs(
        commands.entrySet().stream()
            .map(entry -> row(entry.getKey(), longest, entry.getValue().commandSpec()))
            .toArray(String[]::new));
  }

  private static String row(String name, int longest, CommandSpec command) {
    String[] header = command.usageMessage().header();
    String summary = header.length > 0 ? header[0] : command.usageMessage().description()[0];
    return "  " + name + " ".repeat(longest - name.length()) + "  " + summary;
  }

  /** Picocli's columns, and in the last one lines that end between words. */
  @Override
  public Layout createDefaultLayout(
      List<OptionSpec> options, List<PositionalParamSpec> positionals, ColorScheme colours) {
    Layout plain = super.createDefaultLayout(options, positionals, colours);
    TextTable table = plain.textTable();
    Column last = table.columns()[table.columns().length - 1];
    return new Layout(colours, table, plain.optionRenderer(), plain.parameterRenderer()) {
      @Override
      public void layout(ArgSpec argument, Ansi.Text[][] rows) {
        super.layout(argument, wrapped(rows, last.width - last.indent));
      }
    };
  }

  private Ansi.Text[][] wrapped(Ansi.Text[][] rows, int width) {
    List<Ansi.Text[]> wrapped = new ArrayList<>();
    for (Ansi.Text[] row : rows) {
      int last = row.length - 1;
      Ansi.Text[] next = row.clone();
      for (String line : filled("", row[last].plainString(), width)) {
        next[last] = colorScheme().text(line);
        wrapped.add(next);
        next = new Ansi.Text[row.length];
        Arrays.fill(next, Ansi.OFF.text(""));
      }
    }
    return wrapped.toArray(Ansi.Text[][]::new);
  }

  private String paragraphs(String... lines) {
    int width = commandSpec().usageMessage().width();
    return Stream.of(lines)
        .flatMap(line -> Stream.of(line.split("%n", -1))) // picocli's own command has such
        .flatMap(line -> wrapped(line, width).stream())
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }

  /** A paragraph's lines, none longer than the width unless a word is, or an example. */
  static List<String> wrapped(String paragraph, int width) {
    Matcher row = ROW.matcher(paragraph);
    if (row.matches()) {
      return filled(row.group(1), row.group(2), width);
    }
    return paragraph.startsWith(" ") || paragraph.isEmpty()
        ? List.of(paragraph)
        : filled("", paragraph, width);
  }

  private static List<String> filled(String start, String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(start);
    String gap = "";
    for (String word : BREAK.split(text, -1)) {
      if (!gap.isEmpty() && line.length() + gap.length() + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(start.length()));
        gap = "";
      }
      line.append(gap).append(word);
      gap = " ";
    }
    lines.add(line.toString());
    return lines;
  }
}
