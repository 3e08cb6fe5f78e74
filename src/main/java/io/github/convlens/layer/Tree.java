package io.github.convlens.layer;

import java.util.List;

/**
 * Prints a composition as PyTorch's {@code print(model)} does, two spaces a level. A name that
 * could not be told from the text around it, or shown, stands in quotes as Python writes a string:
 * {@code ('conv(3x3)'): ReLU()}. PyTorch leaves such names as they are, so its own prints can be
 * ambiguous.
 */
final class Tree {
  /** What ends a name, or may be taken for the text around it. */
  private static final String MARKS = "()[]=,'\"";

  private Tree() {}

  static String print(String type, List<Child> children) {
    if (children.isEmpty()) {
      return type + "()";
    }
    StringBuilder text = new StringBuilder(type).append("(\n");
    for (Child child : children) {
      String layer = child.layer().toString().replace("\n", "\n  ");
      text.append("  (").append(name(child)).append("): ").append(layer).append('\n');
    }
    return text.append(')').toString();
  }

  private static String name(Child child) {
    String name = child.name();
    if (child.origin() == Child.Origin.IMPLIED || isPlain(name)) {
      return name;
    }
    String escaped = name.replace("\\", "\\\\").replace("'", "\\'");
    return "'" + Printable.line(escaped) + "'";
  }

  private static boolean isPlain(String name) {
    return name.chars().noneMatch(c -> MARKS.indexOf(c) >= 0) && Printable.line(name).equals(name);
  }
}
