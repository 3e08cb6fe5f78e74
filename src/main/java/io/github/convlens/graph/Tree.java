package io.github.convlens.graph;

import io.github.convlens.layer.internal.Printable;
import java.util.List;
import java.util.function.Function;

/**
 * The names of a network, nested as its classes are: for printing and folding, never asked for
 * shapes. In print a name that could not be told from the text around it, or shown, stands in
 * quotes as Python writes a string: {@code ('conv(3x3)'): ReLU()}. PyTorch leaves such names as
 * they are, so its own prints can be ambiguous.
 *
 * @param type the class: {@code BasicBlock}; of a leaf, that of its layer; of a join of ConvLens's
 *     own {@code convlens.Residual}, which tells it from a class of somebody's that has the name
 * @param path the names on the way to it, joined by dots; empty for the network itself
 * @param children what it holds, in the order in which {@code print(model)} shows it
 */
public record Tree(String type, String path, List<Tree> children) {
  /** What stands in front of a join's name. */
  public static final String OURS = "convlens.";

  /** What ends a name, or may be taken for the text around it. */
  private static final String MARKS = "()[]=,'\"";

  /** Takes a copy of the list. */
  public Tree {
    children = List.copyOf(children);
  }

  /** The class without whose it is: {@code Residual}. */
  public String simpleType() {
    return type.startsWith(OURS) ? type.substring(OURS.length()) : type;
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** A child's path under a block's. */
  public static String join(String outer, String name) {
    return outer.isEmpty() || name.isEmpty() ? outer + name : outer + "." + name;
  }

  private static String quoted(String name) {
    boolean plain =
        name.chars().noneMatch(c -> MARKS.indexOf(c) >= 0) && Printable.line(name).equals(name);
    return plain
        ? name
        : "'" + Printable.line(name.replace("\\", "\\\\").replace("'", "\\'")) + "'";
  }

  /** As PyTorch prints it, two spaces a level; {@code leaf} tells a leaf's own text. */
  String print(Function<Tree, String> leaf) {
    StringBuilder text = new StringBuilder();
    print(leaf, "", text);
    return text.toString();
  }

  private void print(Function<Tree, String> leaf, String indent, StringBuilder text) {
    if (children.isEmpty()) {
      text.append(leaf.apply(this).replace("\n", "\n" + indent));
      return;
    }
    text.append(type).append("(\n");
    for (Tree child : children) {
      String name = child.path.substring(path.isEmpty() ? 0 : path.length() + 1);
      text.append(indent).append("  (").append(quoted(name)).append("): ");
      child.print(leaf, indent + "  ", text);
      text.append('\n');
    }
    text.append(indent).append(')');
  }
}
