package io.github.convlens.notation;

import java.util.Set;

/**
 * What describes a network on the lines around it and in them: labels, figures of a profiler, a
 * notebook's own commands.
 */
final class PasteLabels {
  private static final Set<String> MEASURES =
      Set.of("Params", "params", "MACs", "Macs", "FLOPs", "FLOPS", "latency");
  private static final Set<String> KEYWORDS =
      Set.of("class", "def", "if", "elif", "else", "for", "while", "with", "try", "finally");

  private final Paste paste;

  PasteLabels(Paste paste) {
    this.paste = paste;
  }

  /** Blanks it out in a line; {@code depth} brackets are open in front of it. */
  void read(int line, int depth) {
    if (depth == 0) {
      label(line);
    }
    figures(line);
  }

  /** {@code Model:} on a line of its own, or several words and a colon in front of a layer. */
  private void label(int line) {
    int first = paste.first(line);
    if (!Paste.isNameStart(paste.at(first)) || KEYWORDS.contains(paste.word(first))) {
      return;
    }
    int i = first;
    boolean several = false;
    boolean unit = false;
    while (i < paste.end(line)
        && (Source.isWord(paste.at(i)) || " .-_'()".indexOf(paste.at(i)) >= 0)) {
      several |= paste.at(i) == ' ';
      unit |= paste.at(i) == '(';
      i++;
    }
    if (paste.at(i) != ':') {
      return;
    }
    int behind = paste.skipBlank(i + 1, paste.end(line));
    if (isFigure(behind, paste.end(line))) {
      paste.blankLine(line);
    } else if (!unit && (behind == paste.end(line) || (several && startsLayer(behind)))) {
      paste.blank(first, i + 1);
      if (behind == paste.end(line)) {
        paste.startResult(line);
      }
    }
  }

  private boolean startsLayer(int i) {
    int end = i;
    while (Source.isWord(paste.at(end)) || paste.at(end) == '.') {
      end++;
    }
    return end > i
        && !Source.isDigit(paste.at(i))
        && (paste.at(end) == '(' || paste.startsWith(end, " ("));
  }

  /** A number and at most a unit: {@code Total params: 11,689,512}. */
  private boolean isFigure(int from, int end) {
    int i = from;
    while (i < end && (Source.isDigit(paste.at(i)) || paste.at(i) == ',' || paste.at(i) == '.')) {
      i++;
    }
    if (i == from) {
      return false;
    }
    i = paste.skipBlank(i, end);
    int unit = i;
    while (i < end && (Source.isWord(paste.at(i)) || paste.at(i) == '%')) {
      i++;
    }
    return i - unit < 6 && paste.skipBlank(i, end) == end;
  }

  /** What a profiler puts in front of a layer's arguments, and a notebook's own commands. */
  private void figures(int line) {
    int first = paste.first(line);
    if ((paste.at(first) == '%' && Paste.isNameStart(paste.at(first + 1)))
        || paste.at(first) == '!') {
      paste.blankLine(line);
      return;
    }
    int last = -1;
    for (int i = first; i < paste.end(line); i++) {
      if (paste.at(i) == '%' && paste.at(i + 1) == ' ' && MEASURES.contains(paste.word(i + 2))) {
        last = i;
      }
    }
    if (last < 0) {
      return;
    }
    int from = last;
    while (from > first && paste.at(from - 1) != '(') {
      from--;
    }
    int to = itemEnd(last, paste.end(line));
    while (isSpeed(to, paste.end(line))) {
      to = itemEnd(to, paste.end(line));
    }
    paste.blank(from, to);
  }

  /** Behind the comma that ends an argument, or at the parenthesis. */
  private int itemEnd(int from, int end) {
    int i = from;
    while (i < end && paste.at(i) != ',' && paste.at(i) != ')') {
      i++;
    }
    return i < end && paste.at(i) == ',' ? i + 1 : i;
  }

  /** {@code 231.94 GFLOPS}. */
  private boolean isSpeed(int from, int end) {
    int i = paste.skipBlank(from, end);
    while (Source.isDigit(paste.at(i)) || paste.at(i) == '.') {
      i++;
    }
    return paste.at(i) == ' ' && paste.word(i + 1).endsWith("FLOPS");
  }
}
