package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import io.github.convlens.language.Language;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.lesson.Claim;
import io.github.convlens.lesson.Measurement;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Claims of the notes: what they say, the arithmetic, the engine's part, the verdict.
 *
 * @param claims the claims
 * @param language what they are in
 */
record NotesPart(List<Claim> claims, Language language) implements LessonPart {
  /** The notebook that checks them. */
  static final String NOTEBOOK = "07-the-notes-checked";

  private static final int WIDTH = 100;
  private static final String INDENT = "   ";

  NotesPart {
    claims = claims.stream().map(claim -> claim.in(language)).toList();
  }

  @Override
  public Optional<String> notebook() {
    return Optional.of(language.say("notebooks-java/%s.ipynb", NOTEBOOK));
  }

  @Override
  public boolean needsEngine() {
    return claims.stream().anyMatch(claim -> claim.onEngine().isPresent());
  }

  @Override
  public boolean print(Optional<NDManager> manager, PrintWriter out) {
    out.println(language.say("== %s ==", language.say("The notes' claims")));
    out.println(language.say("Notebook: %s", notebook().orElseThrow()));
    Map<String, List<Integer>> verdicts = new LinkedHashMap<>();
    boolean consistent = true;
    for (Claim claim : claims) {
      out.println();
      print(claim.number() + ". ", language.say("The notes: %s", claim.statement()), out);
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
    print(language.say("%s: %s", "notes", ""), summary(verdicts), out);
    return consistent;
  }

  private boolean measure(Claim.OnEngine claim, NDManager manager, PrintWriter out) {
    Measurement measurement = claim.measure(manager);
    print(INDENT, language.say("on the engine:"), out);
    measurement.lines().forEach(line -> print(INDENT + "  ", line, out));
    if (!measurement.agrees()) {
      print(
          INDENT,
          language.say(
              "the engine does NOT do what the arithmetic says: a fault of ConvLens or of the"
                  + " engine, not of the notes. Please report it."),
          out);
    }
    return measurement.agrees();
  }

  /** {@code 8 right (1, 2, ...), 1 wrong (4)}. */
  private String summary(Map<String, List<Integer>> verdicts) {
    List<String> words = new ArrayList<>();
    verdicts.forEach(
        (word, numbers) ->
            words.add(
                language.say(
                    "%d %s (%s)",
                    numbers.size(),
                    word,
                    language.list(numbers.stream().map(String::valueOf).toList()))));
    return words.stream().reduce((one, next) -> language.say("%s, %s", one, next)).orElse("");
  }

  /** Prints a text that starts with {@code first}, broken between words; tables fit as they are. */
  private static void print(String first, String text, PrintWriter out) {
    StringBuilder line = new StringBuilder(first);
    int width = Printable.width(first);
    boolean isEmpty = true;
    for (String word : text.split(" ", -1)) {
      String space = isEmpty ? "" : " ";
      for (String piece : Printable.pieces(word)) {
        if (!isEmpty && width + Printable.width(space + piece) > WIDTH) {
          out.println(line);
          width = Printable.width(first);
          line = new StringBuilder(" ".repeat(width));
          space = "";
        }
        line.append(space).append(piece);
        width += Printable.width(space + piece);
        space = "";
        isEmpty = false;
      }
    }
    out.println(line);
  }
}
