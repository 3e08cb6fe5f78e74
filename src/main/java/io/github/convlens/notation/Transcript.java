package io.github.convlens.notation;

/**
 * A session with a prompt. Where it shows what was printed, that is read and what was typed is not;
 * else what was typed is read. A command goes on while a bracket of it is open.
 */
final class Transcript {
  /** Prompts of a shell and of Python's debuggers. */
  private static final String[] PROMPTS = {"$ ", "(Pdb) ", "ipdb> "};

  private final Paste paste;
  private final boolean[] typed;

  /** The lines with a prompt or the number of an output. */
  private final boolean[] marked;

  private boolean prompts;
  private boolean printed;
  private int open;

  Transcript(Paste paste) {
    this.paste = paste;
    this.typed = new boolean[paste.lines()];
    this.marked = new boolean[paste.lines()];
  }

  /** Blanks the prompts out, and the commands where there is an output. */
  void read() {
    for (int line = 0; line < paste.lines(); line++) {
      int first = paste.first(line);
      int behind = behindPrompt(line, first);
      int output = behindOutput(first);
      marked[line] = behind > first || output > first;
      if (behind > first) {
        typed(line, first, behind);
      } else if (open > 0 && output == first) {
        typed(line, first, first);
      } else {
        paste.blank(first, output);
        prompts |= output > first;
        printed |= output > first || isPrinted(line);
        open = 0;
      }
    }
    for (int line = 0; prompts && printed && line < paste.lines(); line++) {
      if (typed[line]) {
        paste.blankLine(line);
      }
      if (marked[line]) {
        paste.startResult(line);
      }
    }
  }

  private void typed(int line, int first, int behind) {
    typed[line] = true;
    paste.blank(first, behind);
    prompts |= behind > first;
    open = Math.max(0, open + paste.opened(behind, paste.end(line)));
  }

  /** What a print shows has no module in front of its names and assigns nothing. */
  private boolean isPrinted(int line) {
    int first = paste.first(line);
    int i = first;
    while (Source.isWord(paste.at(i))) {
      i++;
    }
    boolean dotted = i > first && paste.at(i) == '.';
    boolean assigned = i > first && paste.at(paste.skipBlank(i, paste.end(line))) == '=';
    return first < paste.end(line) && !dotted && !assigned && paste.at(first) != '#';
  }

  private int behindPrompt(int line, int first) {
    if (paste.isPrompt(first)) {
      return first + 3;
    }
    int in = numbered(first, "In ");
    if (in > first) {
      return in;
    }
    for (String prompt : PROMPTS) {
      if (paste.startsWith(first, prompt)) {
        return first + prompt.length();
      }
    }
    boolean behindTyped = line > 0 && typed[line - 1];
    if (behindTyped && paste.startsWith(first, "...")) {
      char next = paste.at(first + 3);
      return next == ':' || next == ' ' || next == '\n' || next == '\r'
          ? first + (next == ':' ? 4 : 3)
          : first;
    }
    return first;
  }

  private int behindOutput(int first) {
    int plain = numbered(first, "Out");
    return plain > first ? plain : numbered(first, "Out ");
  }

  /** Behind {@code In [3]:}. */
  private int numbered(int first, String word) {
    int open = first + word.length();
    if (!paste.startsWith(first, word) || paste.at(open) != '[') {
      return first;
    }
    int close = paste.at(open + 1) == ' ' ? open + 2 : paste.digitsEnd(open + 1);
    return paste.at(close) == ']' && paste.at(close + 1) == ':' ? close + 2 : first;
  }
}
