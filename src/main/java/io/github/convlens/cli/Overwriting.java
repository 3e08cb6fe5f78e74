package io.github.convlens.cli;

import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.file.internal.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a command must not write over: what it reads, and what is no file. */
final class Overwriting {
  private Overwriting() {}

  /**
   * Refuses a place that is a folder or a device, or a file that another option names.
   *
   * @param spec the command whose options are looked at
   * @param option the one that names the place
   */
  static void reject(CommandSpec spec, String option, Path place) {
    try {
      WholeFiles.check(place);
    } catch (UnwritableException e) {
      throw new RequestException("option " + option + ": " + e.getMessage());
    }
    for (OptionSpec other : spec.commandLine().getParseResult().matchedOptions()) {
      boolean isRead = !other.longestName().equals(option);
      for (String value : other.originalStringValues()) {
        if (isRead && isSame(value, place)) {
          throw new RequestException(
              "option "
                  + option
                  + ": '"
                  + place
                  + "' is what "
                  + other.longestName()
                  + " reads. Use another name.");
        }
      }
    }
  }

  private static boolean isSame(String value, Path place) {
    try {
      return Files.exists(place) && Files.isSameFile(Path.of(value), place);
    } catch (IOException | InvalidPathException e) {
      return false; // it is the name of no file
    }
  }
}
