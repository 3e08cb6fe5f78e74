package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of commands in the help says of each, in whole sentences, what it does. */
class CommandListTest {
  @Test
  void everySummaryIsWhole() {
    StringWriter help = new StringWriter();
    InputStream none = InputStream.nullInputStream();
    assertEquals(0, ConvLens.run(none, new PrintWriter(help), new PrintWriter(help), "--help"));
    String list = help.toString().split("(?m)^(Commands|Examples):\\R")[1].strip();
    List<String> summaries = List.of(list.split("\\R {2}(?=\\S)"));
    assertEquals(14, summaries.size());
    for (String summary : summaries) {
      assertTrue(summary.endsWith("."), summary);
    }
  }
}
