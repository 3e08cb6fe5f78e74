package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPagesTest {
  @TempDir private Path folder;

  @Test
  void aCommandHasItsPage() throws IOException {
    ManPages.main(new String[] {folder.toString()});
    String page = Files.readString(folder.resolve("convlens-nets.1"));
    assertEquals(
        """
        .TH CONVLENS\\-NETS 1 "" "ConvLens" "ConvLens"
        .nh
        .ad l
        .SH NAME
        convlens\\-nets \\- List the networks that \\-\\-net knows by name: input, parameters, \
        multiply\\-adds.
        .SH SYNOPSIS
        \\&convlens nets [\\-hV] [\\-\\-stacktrace] [\\-\\-format=FORMAT] [NAME]
        .SH DESCRIPTION
        .PP
        \\&List the networks that \\-\\-net knows by name: input, parameters, multiply\\-adds.
        .PP
        \\&With a NAME, print that network in PyTorch\\(aqs notation, to be changed and used as a \
        file, which then needs \\-\\-input.
        .SH OPTIONS
        .TP
        .B NAME
        \\&The network to print.
        .TP
        .B \\-\\-format=FORMAT
        \\&One of text, json (default: text).
        .TP
        .B \\-h, \\-\\-help
        \\&Show this help message and exit.
        .TP
        .B \\-V, \\-\\-version
        \\&Print version information and exit.
        .TP
        .B \\-\\-stacktrace
        \\&Show where in the program an error comes from.
        .SH EXAMPLES
        .EX
        \\&  convlens nets
        .EE
        .EX
        \\&  convlens nets lenet > mine.txt
        .EE
        .EX
        \\&  convlens trace \\-\\-net mine.txt \\-\\-input 28x28
        .EE
        """,
        page);
  }

  @Test
  void groffHasNothingToSay() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "there is no groff");
    ManPages.main(new String[] {folder.toString()});
    try (Stream<Path> pages = Files.list(folder)) {
      List<Path> all = pages.sorted().toList();
      assertTrue(all.size() >= 18, all.toString());
      for (Path page : all) {
        Process groff =
            new ProcessBuilder("groff", "-man", "-Tutf8", "-ww", "-z", page.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, groff.waitFor());
        assertEquals("", said, page.toString());
      }
    }
  }
}
