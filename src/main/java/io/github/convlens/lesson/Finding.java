package io.github.convlens.lesson;

import java.util.List;

/**
 * What checking a claim found, by arithmetic alone.
 *
 * @param lines the arithmetic with its numbers, tables and curves, line by line
 * @param verdict what follows from it
 */
public record Finding(List<String> lines, Verdict verdict) {
  /** Takes a copy of the list. */
  public Finding {
    lines = List.copyOf(lines);
  }
}
