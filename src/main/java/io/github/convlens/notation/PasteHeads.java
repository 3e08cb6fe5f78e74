package io.github.convlens.notation;

import java.util.HashSet;
import java.util.Set;

/**
 * What programs put in front of every line of others: a process's number or name, {@code [rank0]:},
 * {@code trainer_1 |}, or a file's, {@code train.log:}. What is the same in front of all lines is
 * taken off; where it changes to and fro, several processes have printed at once.
 */
final class PasteHeads {
  private final Paste paste;

  PasteHeads(Paste paste) {
    this.paste = paste;
  }

  /** Blanks it out, or refuses lines that are mixed; and a table, which is no print. */
  void read() {
    for (int line = 0; line < paste.lines(); line++) {
      refuseTable(line);
      bar(line);
    }
    heads();
  }

  private void refuseTable(int line) {
    if (isTable(line)) {
      throw paste
          .source()
          .error(
              paste.first(line),
              "this is the head of a summary's table, as torchinfo, Keras and Lightning print it;"
                  + " kernels, strides and padding are not in it.",
              "Paste what print(model) shows in PyTorch.");
    }
  }

  private void heads() {
    String last = "";
    Set<String> heads = new HashSet<>();
    int lines = 0;
    int mixed = -1;
    for (int line = 0; line < paste.lines(); line++) {
      if (paste.isBlank(line)) {
        continue;
      }
      String head = head(line);
      if (head.isEmpty()) {
        return;
      }
      boolean isNew = heads.add(head);
      mixed = !isNew && !head.equals(last) && mixed < 0 ? line : mixed;
      last = head;
      lines++;
    }
    if (mixed >= 0) {
      throw paste
          .source()
          .error(
              paste.first(mixed),
              "lines of several processes are mixed here: "
                  + Arguments.shortened(head(mixed).strip())
                  + " comes again behind another's line.",
              "Paste the lines of one process alone, or let one process print.");
    }
    if (heads.size() == 1 && lines > 1) {
      takeOff();
    }
  }

  private String head(int line) {
    return paste.text(paste.first(line), behindHead(line));
  }

  private void takeOff() {
    for (int line = 0; line < paste.lines(); line++) {
      if (!paste.isBlank(line)) {
        paste.blank(paste.first(line), behindHead(line));
      }
    }
  }

  /** Behind the head of a line; its first character where it has none. */
  private int behindHead(int line) {
    int first = paste.first(line);
    int end = paste.end(line);
    int i = paste.at(first) == '[' ? first + 1 : first;
    boolean isName = false;
    while (i < end && (Source.isWord(paste.at(i)) || "./-".indexOf(paste.at(i)) >= 0)) {
      isName |= "./".indexOf(paste.at(i)) >= 0;
      i++;
    }
    int length = i - first;
    if (paste.at(first) == '[') {
      boolean closed = length > 1 && paste.at(i) == ']' && paste.at(i + 1) == ':';
      return closed ? i + 2 : first;
    }
    if (length == 0) {
      return first;
    }
    if (paste.at(i) == ':') {
      boolean isRank = paste.digitsEnd(first) == i && paste.at(i + 1) == ' ';
      return isName || isRank ? i + 1 : first;
    }
    int bar = paste.skipBlank(i, end);
    return paste.at(bar) == '|' ? bar + 1 : first;
  }

  private boolean isTable(int line) {
    String text = paste.text(paste.start(line), paste.end(line));
    boolean summary = text.contains("Layer (type") && text.contains("Param #");
    return summary
        || (text.strip().startsWith("|")
            && text.contains("| Name")
            && text.contains("| Type")
            && text.contains("| Params"));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\r' || c == Lexer.REMOVED;
  }

  /** A progress bar behind a layer: {@code ReLU() 10%|# | 10/100 [00:01<00:09, 9.9it/s]}. */
  private void bar(int line) {
    for (int i = paste.first(line); i < paste.end(line); i++) {
      if (paste.startsWith(i, "%|")) {
        int from = i;
        while (from > paste.start(line) && Source.isDigit(paste.at(from - 1))) {
          from--;
        }
        int before = from;
        while (before > paste.start(line) && isBlank(paste.at(before - 1))) {
          before--;
        }
        boolean ends = paste.text(i, paste.end(line)).stripTrailing().endsWith("]");
        boolean isBehind = before > paste.first(line) && ")(".indexOf(paste.at(before - 1)) >= 0;
        if (ends && isBehind) {
          paste.blank(from, paste.end(line));
        }
        return;
      }
    }
  }
}
