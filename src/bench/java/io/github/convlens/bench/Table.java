package io.github.convlens.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table, in Markdown. */
final class Table {
  private Table() {}

  static List<String> head() {
    return List.of(
        "| what | ours: median (min..max) | against | theirs: median (min..max) | ours / theirs |",
        "|---|---|---|---|---|");
  }

  /** A row; nothing stands where nothing was measured. */
  static String row(Comparison comparison, Optional<Comparison.Result> result) {
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            comparison.what(),
            result.map(found -> comparison.unit().text(found.ours())).orElse("-"),
            comparison.against(),
            result.flatMap(Comparison.Result::theirs).map(comparison.unit()::text).orElse("-"),
            result.flatMap(Comparison.Result::ratio).map(Table::ratio).orElse("-"));
  }

  private static String ratio(double ratio) {
    return ratio < 0.01
        ? "1 / %.0f".formatted(1 / ratio)
        : String.format(Locale.ROOT, "%.3f", ratio);
  }
}
