package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import io.github.convlens.lesson.Claim;
import io.github.convlens.lesson.Measurement;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Claims of the notes: what they say, the arithmetic, the engine's part, the verdict.
 *
 * @param claims the claims
 */
record NotesPart(List<Claim> claims) implements LessonPart {
  private static final int WIDTH = 100;
  private static final String INDENT = "   ";

  @Override
  public boolean needsEngine() {
    return claims.stream().anyMatch(claim -> claim.onEngine().isPresent());
  }

  @Override
  public boolean print(Optional<NDManager> manager, PrintWriter out) {
    out.println("== The notes' claims ==");
    Map<String, List<Integer>> verdicts = new LinkedHashMap<>();
    boolean consistent = true;
    for (Claim claim : claims) {
      out.println();
      print(claim.number() + ". ", "The notes: " + claim.statement(), out);
      claim.lines().forEach(line -> print(INDENT, line, out));
      if (claim.onEngine().isPresent()) {
        consistent &= measure(claim.onEngine().get(), manager.orElseThrow(), out);
      }
      print(INDENT, claim.verdict().toString(), out);
      verdicts
          .computeIfAbsent(claim.verdict().word().toLowerCase(Locale.ROOT), w -> new ArrayList<>())
          .add(claim.number());
    }
    out.println();
    print("notes: ", summary(verdicts), out);
    return consistent;
  }

  private static boolean measure(Claim.OnEngine claim, NDManager manager, PrintWriter out) {
    Measurement measurement = claim.measure(manager);
    print(INDENT, "on the engine:", out);
    measurement.lines().forEach(line -> print(INDENT + "  ", line, out));
    if (!measurement.agrees()) {
      print(
          INDENT,
          "the engine does NOT do what the arithmetic says: a fault of ConvLens or of the engine,"
              + " not of the notes. Please report it.",
          out);
    }
    return measurement.agrees();
  }

  /** {@code 8 right (1, 2, ...), 1 wrong (4)}. */
  private static String summary(Map<String, List<Integer>> verdicts) {
    return verdicts.entrySet().stream()
        .map(
            entry ->
                entry.getValue().size()
                    + " "
                    + entry.getKey()
                    + entry.getValue().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", " (", ")")))
        .collect(Collectors.joining(", "));
  }

  /** Prints a text that starts with {@code first}, broken between words; tables fit as they are. */
  private static void print(String first, String text, PrintWriter out) {
    String rest = text;
    String start = first;
    while (start.length() + rest.length() > WIDTH
        && rest.lastIndexOf(' ', WIDTH - start.length()) > 0) {
      int space = rest.lastIndexOf(' ', WIDTH - start.length());
      out.println(start + rest.substring(0, space));
      rest = rest.substring(space + 1);
      start = " ".repeat(first.length());
    }
    out.println(start + rest);
  }
}
