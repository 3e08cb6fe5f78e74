package io.github.convlens.figure;

import io.github.convlens.layer.internal.Printable;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;

/** The kinds of text, and how long a text is in the fonts of this machine. */
enum Lettering {
  /** The name of the figure. */
  TITLE(15, Font.BOLD),
  /** The name of a part. */
  HEADING(13, Font.BOLD),
  /** Sentences, formulas, legends. */
  BODY(13, Font.PLAIN),
  /** Indices and labels of marks. */
  SMALL(11, Font.PLAIN);

  private static final FontRenderContext PLAIN = new FontRenderContext(null, true, true);

  static {
    // Drawing needs no screen; whoever has one and wants it has said so already.
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  private final int size;
  private final int style;

  Lettering(int size, int style) {
    this.size = size;
    this.style = style;
  }

  /** Pixels from one baseline to the next. */
  double lineHeight() {
    return Math.ceil(size * 1.4);
  }

  /** Pixels above the baseline that a text takes. */
  double ascent() {
    return size;
  }

  /** Pixels below the baseline. */
  double descent() {
    return Math.ceil(size * 0.3);
  }

  int size() {
    return size;
  }

  boolean isBold() {
    return style == Font.BOLD;
  }

  /** Java's own font family, which every platform maps to one that it has. */
  Font font() {
    return new Font(Font.SANS_SERIF, style, size);
  }

  /**
   * The text's length in pixels. A letter that this machine's fonts lack is taken to be as long as
   * it mostly is: a reader of the SVG may have it.
   *
   * @throws NoFontsException if the machine has no fonts
   */
  double width(String text) {
    try {
      Font font = font();
      if (font.canDisplayUpTo(text) < 0) {
        return font.getStringBounds(text, PLAIN).getWidth();
      }
      double width = 0;
      for (int codePoint : text.codePoints().toArray()) {
        String letter = Character.toString(codePoint);
        width +=
            font.canDisplay(codePoint)
                ? font.getStringBounds(letter, PLAIN).getWidth()
                : size * Printable.width(letter) / 2.0;
      }
      return width;
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // Without fonts JDKs fail with exceptions and errors of many kinds, bare Error among them.
      throw new NoFontsException(e);
    }
  }

  /** Whether this machine's fonts have all letters of a text. */
  boolean canShow(String text) {
    return font().canDisplayUpTo(text) < 0;
  }

  /**
   * The text in lines that are no longer than {@code width}, where its spaces allow it; not before
   * a number that closes a bracket, so that {@code (1, 1)} stays together. Chinese has no spaces: a
   * line may end behind any of its letters, but no line begins with a comma or the like.
   */
  List<String> wrap(String text, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" (?!-?\\d+\\))", -1)) {
      String space = line.isEmpty() ? "" : " ";
      for (String piece : Printable.pieces(word)) {
        if (!line.isEmpty() && width(line + space + piece) > width) {
          lines.add(line.toString());
          line.setLength(0);
          space = "";
        }
        line.append(space).append(piece);
        space = "";
      }
    }
    lines.add(line.toString());
    return lines;
  }

  /** The text on one line, cut with an ellipsis where it is longer than {@code width}. */
  String cut(String text, double width) {
    int most = (int) width; // a letter has a pixel at least
    String shown = Printable.line(text.length() <= most ? text : text.substring(0, most));
    if (text.length() <= most && width(shown) <= width) {
      return shown;
    }
    int end = shown.length();
    while (end > 1 && width(shown.substring(0, end) + "...") > width) {
      end--;
    }
    return shown.substring(0, end) + "...";
  }

  /** The text on one line, with its end kept where it is longer than {@code width}. */
  String cutInFront(String text, double width) {
    String shown = Printable.line(text);
    int start = Math.max(0, shown.length() - (int) width);
    while (start < shown.length() - 1
        && width((start == 0 ? "" : "...") + shown.substring(start)) > width) {
      start++;
    }
    return start == 0 ? shown : "..." + shown.substring(start);
  }
}
