package io.github.convlens.notation;

import java.util.Set;

/**
 * What a program or a session writes in front of a print and behind it: sizes and numbers of
 * arrays, the device, progress bars, warnings, downloads. A line that is not plainly one of these
 * stays, and is refused.
 */
final class BesidePrint {
  private static final Set<String> WORDS =
      Set.of("cuda", "cuda:0", "cpu", "mps", "True", "False", "None");

  private final Paste paste;

  BesidePrint(Paste paste) {
    this.paste = paste;
  }

  /** Blanks it out. */
  void read() {
    boolean isPrint = hasPrint();
    int depth = 0;
    int line = 0;
    while (line < paste.lines()) {
      int behind = depth == 0 ? behindOutput(line, isPrint) : line;
      if (behind == line) {
        depth = Math.max(0, depth + paste.opened(paste.start(line), paste.end(line)));
        line++;
      }
      while (line < behind) {
        paste.blankLine(line++);
      }
    }
  }

  /** Whether a class is printed with a child on the next line. */
  private boolean hasPrint() {
    for (int line = 0; line < paste.lines(); line++) {
      if (startsPrint(line)) {
        return true;
      }
    }
    return false;
  }

  private boolean startsPrint(int line) {
    int next = line + 1;
    while (next < paste.lines() && paste.isBlank(next)) {
      next++;
    }
    return next < paste.lines()
        && paste.behindName(next) > paste.first(next)
        && text(line).endsWith("(");
  }

  private String text(int line) {
    return paste.text(paste.first(line), paste.end(line)).stripTrailing();
  }

  /**
   * The line behind an output that starts with this one; the line itself if it is none. A word or a
   * number alone is one only where there is a print.
   */
  private int behindOutput(int line, boolean isPrint) {
    String text = text(line);
    if (text.startsWith("tensor(") || text.startsWith("array(")) {
      return behindArray(line);
    }
    if (startsWith(text, "Warning: ")) {
      return isIndented(line + 1) ? line + 2 : line + 1;
    }
    boolean isSize = text.startsWith("torch.Size(") || text.startsWith("device(type=");
    boolean isDevice =
        (text.startsWith("Using ") || text.startsWith("device: ") || text.startsWith("Device: "))
            && text.indexOf('(') < 0;
    boolean isLoading =
        startsWith(text, "%|")
            || startsWith(text, "://")
            || text.equals("Files already downloaded and verified");
    boolean isAlone = isPrint && (WORDS.contains(text) || isNumber(text));
    return isSize || isDevice || isLoading || isAlone ? line + 1 : line;
  }

  /** Whether a sign is in a line, and neither a layer nor a comment in front of it. */
  private static boolean startsWith(String text, String sign) {
    String before = text.substring(0, Math.max(0, text.indexOf(sign)));
    return text.contains(sign) && before.indexOf('(') < 0 && before.indexOf('#') < 0;
  }

  /** Where the brackets of an array are closed; its line if they never are. */
  private int behindArray(int line) {
    int depth = 0;
    for (int i = line; i < paste.lines(); i++) {
      depth += paste.opened(paste.start(i), paste.end(i));
      if (depth <= 0) {
        return i + 1;
      }
    }
    return line;
  }

  /** Whether a line is the source of a warning, which is shown below it. */
  private boolean isIndented(int line) {
    return line < paste.lines()
        && paste.first(line) > paste.start(line)
        && paste.behindName(line) == paste.first(line)
        && !paste.isBlank(line)
        && !startsPrint(line);
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Source.isDigit(text.charAt(i)) && ",.".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && Source.isDigit(text.charAt(0));
  }
}
