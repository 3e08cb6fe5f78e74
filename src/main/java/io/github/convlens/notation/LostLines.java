package io.github.convlens.notation;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Signs that lines of a print were lost: PyTorch numbers the layers of a Sequential and of a list
 * without a gap, and again when one is deleted, and what has no children it prints on one line.
 */
final class LostLines {
  private static final String REMEDY = "Paste all that print(model) shows.";

  private final Source source;
  private final Graph.Builder builder;

  private LostLines(Source source, Graph.Builder builder) {
    this.source = source;
    this.builder = builder;
  }

  /** Notes each sign. */
  static void note(Source source, Part part, Graph.Builder builder) {
    new LostLines(source, builder).read(part, "");
  }

  private void read(Part part, String path) {
    if (!(part instanceof Part.Block block)) {
      return;
    }
    if (isCutEmpty(block)) {
      note(
          block.type()
              + " is opened in one line and closed in another, with nothing between them:"
              + " lines may be lost. It is taken to hold nothing.",
          path);
    }
    if (!block.type().equals("ModuleDict")) {
      gaps(block, path);
    }
    for (Part.Named child : block.children()) {
      read(child.part(), Tree.join(path, child.name()));
    }
  }

  /** The gaps between numbered children, where all are numbered. */
  private void gaps(Part.Block block, String path) {
    List<Part.Named> children = block.children();
    if (!children.stream().allMatch(child -> Blocks.isNumber(child.name()))) {
      return;
    }
    Set<String> shown = new HashSet<>(block.own().keySet());
    children.forEach(child -> shown.add(child.name()));
    for (int i = 1; i < children.size(); i++) {
      long to = Long.parseLong(children.get(i).name());
      long from = firstMissing(shown, Long.parseLong(children.get(i - 1).name()) + 1, to);
      if (from < to) {
        note(
            missing(from, to - 1)
                + " not shown between ("
                + children.get(i - 1).name()
                + ") and ("
                + to
                + "): "
                + (from == to - 1 ? "a line" : "lines")
                + " may be lost. What is shown is taken to be all.",
            Tree.join(path, children.get(i).name()));
      }
    }
  }

  /** The first number from one on, below another, that is not shown, be it as None. */
  private static long firstMissing(Set<String> shown, long from, long to) {
    long number = from;
    while (number < to && shown.contains(Long.toString(number))) {
      number++;
    }
    return number;
  }

  private static String missing(long first, long last) {
    return first == last ? "(" + first + ") is" : "(" + first + ") to (" + last + ") are";
  }

  private boolean isCutEmpty(Part.Block block) {
    if (!block.children().isEmpty() || !block.own().isEmpty() || block.base().isPresent()) {
      return false;
    }
    String text = source.text();
    int open = text.indexOf('(', block.position());
    int close = text.indexOf(')', open);
    return open >= 0 && text.substring(open + 1, Math.max(open + 1, close)).indexOf('\n') >= 0;
  }

  private void note(String text, String path) {
    builder.note(Note.assumption(text, REMEDY, path));
  }
}
