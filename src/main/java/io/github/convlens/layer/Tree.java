package io.github.convlens.layer;

import java.util.List;

/** Prints a composition as PyTorch's {@code print(model)} does, two spaces a level. */
final class Tree {
  private Tree() {}

  static String print(String type, List<Child> children) {
    if (children.isEmpty()) {
      return type + "()";
    }
    StringBuilder text = new StringBuilder(type).append("(\n");
    for (Child child : children) {
      String layer = child.layer().toString().replace("\n", "\n  ");
      text.append("  (").append(child.name()).append("): ").append(layer).append('\n');
    }
    return text.append(')').toString();
  }
}
