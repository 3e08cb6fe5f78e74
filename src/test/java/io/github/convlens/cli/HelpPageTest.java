package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpPageTest {
  private static String help(CommandLine command, int width) {
    command.setUsageHelpWidth(width).setHelpFactory(HelpPage::new);
    return command.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }

  private static List<CommandLine> commands() {
    List<CommandLine> all = new ArrayList<>(List.of(ConvLens.commandLine()));
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).getSubcommands().values());
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 120})
  void noLineIsWiderThanTheTerminalButExamples(int width) {
    for (CommandLine command : commands()) {
      String help = help(command, width).replaceFirst("(?s)\nExamples:\n(  .*\n)+", "\n");
      for (String line : help.split("\n")) {
        boolean isOneWord = !line.strip().contains(" ");
        assertTrue(line.length() <= width || isOneWord, line);
      }
    }
  }

  /** Each description has the same words at any width: none is parted, none is lost. */
  @Test
  void linesEndBetweenWords() {
    for (CommandLine command : commands()) {
      List<String> wide = words(help(command, 2000));
      assertEquals(wide, words(help(command, 60)), command.getCommandName());
    }
  }

  private static List<String> words(String help) {
    return Arrays.asList(
        help.substring(help.indexOf("\n"))
            .replaceFirst("(?s)^.*?\n(?=[A-Z])", "")
            .strip()
            .split("\\s+"));
  }

  @Test
  void aRowHangsUnderItsText() {
    assertEquals(
        List.of("  steps   the window at", "          each position"),
        HelpPage.wrapped("  steps   the window at each position", 24));
  }

  @Test
  void aShortBracketStaysTogether() {
    assertEquals(
        List.of("conv2 is", "max_pool2d(x, 2) behind"),
        HelpPage.wrapped("conv2 is max_pool2d(x, 2) behind", 24));
  }

  @Test
  void anExampleStaysOnItsLine() {
    String example = "  convlens shape --input 8x8 \"nn.Conv2d(1, 1, 3)\"";
    assertEquals(List.of(example), HelpPage.wrapped(example, 20));
  }

  @Test
  void theWidthIsTheTerminalsWithinReason() {
    assertEquals(100, HelpPage.width(OptionalInt.empty()));
    assertEquals(80, HelpPage.width(OptionalInt.of(80)));
    assertEquals(55, HelpPage.width(OptionalInt.of(20)));
    assertEquals(120, HelpPage.width(OptionalInt.of(300)));
  }
}
