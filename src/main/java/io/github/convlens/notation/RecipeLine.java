package io.github.convlens.notation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A recipe for a class that has none, filled in with its children, for its user to correct. */
final class RecipeLine {
  /** With more children than these the line would be longer than what it helps. */
  private static final int MOST = 8;

  /** What the branch that is added is called. */
  private static final Set<String> SHORTCUTS =
      Set.of("shortcut", "downsample", "skip", "residual", "skip_connection", "identity");

  private RecipeLine() {}

  /** {@code MyBlock: conv norm = norm(conv(x))}: the children in order, but a shortcut, added. */
  static String of(Part.Block block) {
    List<String> names = block.children().stream().map(Part.Named::name).toList();
    String own = block.base().map(base -> "(" + base.type() + ")").orElse("");
    String type = block.type() + (block.own().isEmpty() ? own : "(*)");
    if (Joins.isTaken(block)) {
      return type + Joins.forward(block);
    }
    if (names.isEmpty() || names.size() > MOST || !names.stream().allMatch(RecipeLine::isName)) {
      return type + ": * = in_order(children, x)";
    }
    StringBuilder calls = new StringBuilder("x");
    StringBuilder added = new StringBuilder();
    for (String name : names) {
      if (SHORTCUTS.contains(name) && names.size() > 1) {
        added.append(" + ").append(name).append("(x)");
      } else {
        calls.insert(0, name + "(").append(')');
      }
    }
    return type + names.stream().collect(Collectors.joining(" ", ": ", " = ")) + calls + added;
  }

  static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
