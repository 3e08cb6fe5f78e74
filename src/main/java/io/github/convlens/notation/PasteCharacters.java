package io.github.convlens.notation;

/**
 * The characters of a text that was copied: a terminal's colours are taken out, and full-width and
 * typographic signs become Python's.
 */
final class PasteCharacters {
  private static final char ESCAPE = '\u001b';

  private final Paste paste;

  PasteCharacters(Paste paste) {
    this.paste = paste;
  }

  /** Takes the colours out and folds the signs. */
  void read() {
    colours();
    foldSigns();
  }

  /** A terminal's escape sequences, and what is left of a colour where the escape was lost. */
  private void colours() {
    for (int line = 0; line < paste.lines(); line++) {
      int behindName = paste.behindName(line);
      for (int i = paste.start(line); i < paste.end(line); i++) {
        if (i >= behindName && (paste.at(i) == '\'' || paste.at(i) == '"')) {
          i = paste.behindString(i) - 1;
        } else if (paste.at(i) == ESCAPE) {
          paste.remove(i, escapeEnd(i));
        } else if (paste.at(i) == '[' && Source.isDigit(paste.at(i + 1))) {
          colourWithoutEscape(i);
        }
      }
    }
  }

  private void colourWithoutEscape(int bracket) {
    int end = bracket + 1;
    while (Source.isDigit(paste.at(end)) || paste.at(end) == ';') {
      end++;
    }
    if (paste.at(end) == 'm') {
      paste.remove(bracket, end + 1);
    }
  }

  private int escapeEnd(int escape) {
    int i = escape + 1;
    if (paste.at(i) == ']') {
      while (i < paste.length() && paste.at(i) != '\u0007' && paste.at(i) != '\n') {
        i++;
      }
      return paste.at(i) == '\n' ? i : i + 1;
    }
    if (paste.at(i) != '[') {
      return paste.at(i) == '\n' ? i : i + 1;
    }
    i++;
    while (paste.at(i) >= ' ' && paste.at(i) < '@') {
      i++;
    }
    return paste.at(i) == '\n' ? i : i + 1;
  }

  /** Full-width and typographic signs, but in a child's name and in a string. */
  private void foldSigns() {
    for (int line = 0; line < paste.lines(); line++) {
      char quote = 0;
      for (int i = paste.behindName(line); i < paste.end(line); i++) {
        char c = paste.at(i);
        if (quote != 0) {
          quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
          quote = c;
        } else if (c > 126) {
          paste.set(i, folded(c));
        }
      }
    }
  }

  private static char folded(char c) {
    if (c >= '\uff01' && c <= '\uff5e') {
      return (char) (c - 0xfee0);
    }
    return switch (c) {
      case '\u3000', '\u00a0', '\u00ad', '\u2009', '\u200b', '\u200e', '\u202f', '\u2060' -> ' ';
      case '\u3001' -> ',';
      case '\u2018', '\u2019' -> '\'';
      case '\u201c', '\u201d' -> '"';
      case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212' -> '-';
      default -> c;
    };
  }
}
