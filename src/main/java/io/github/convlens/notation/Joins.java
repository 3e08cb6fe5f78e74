package io.github.convlens.notation;

import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The notation's joins, {@code Residual(main, shortcut)} and {@code Concat(branch, ...)}, and
 * classes of somebody's that have their names in a print.
 */
final class Joins {
  private Joins() {}

  /** A join's name without what tells it from a class. */
  static String name(Part.Block block) {
    String type = block.type();
    return type.startsWith(Tree.OURS) ? type.substring(Tree.OURS.length()) : type;
  }

  /** Rejects a join with no branches or too many; of other classes nothing is said. */
  static void refuseWrong(Source source, Part.Block block) {
    String name = name(block);
    int branches = block.children().size();
    if (name.equals("Residual") && branches == 0) {
      throw source.error(
          block.position(),
          "Residual needs the branch that computes.",
          "Write Residual(main, shortcut), or Residual(main) to add the input itself.");
    }
    if (name.equals("Residual") && branches > 2) {
      throw source.error(
          block.position(),
          "Residual adds one branch to its input, or two to each other, and here are "
              + branches
              + ".",
          "Write Residual(main, shortcut); write nn.Sequential(a, b) for what runs in a row.");
    }
    if (name.equals("Concat") && branches == 0) {
      throw source.error(
          block.position(),
          "this Concat shows no branches: in a print it is somebody's class, and which arrays it joins"
              + " is not in the print.",
          "Write Concat(branch, branch), or ask for the layers in front of it and behind it alone.");
    }
  }

  /** Whether a class is taken for a join, by its name and its children's. */
  static boolean isTaken(Part.Block block) {
    List<String> names = block.children().stream().map(Part.Named::name).toList();
    return switch (block.type()) {
      case "Residual" -> names.equals(List.of("main")) || names.equals(List.of("main", "shortcut"));
      case "Concat" -> names.size() > 1;
      default -> false;
    };
  }

  /** What a class that is taken for a join is said to do. */
  static Note assumed(Part.Block block, String path) {
    String recipe = RecipeLine.of(block);
    return Note.assumption(
        block.type()
            + " is a class of somebody's own, taken for ConvLens's "
            + block.type()
            + ": "
            + recipe.substring(recipe.indexOf('=') + 2)
            + ".",
        "If its forward does anything else, say so in a line, with --recipes FILE: " + recipe,
        path);
  }

  /** The rest of a recipe behind the class's name: {@code : main = main(x) + x}. */
  static String forward(Part.Block block) {
    List<String> names = block.children().stream().map(Part.Named::name).toList();
    if (!names.stream().allMatch(RecipeLine::isName)) {
      return ": * = cat([branch(x) for branch in children])";
    }
    boolean isConcat = block.type().equals("Concat");
    String calls =
        names.stream()
            .map(name -> name + "(x)")
            .collect(Collectors.joining(isConcat ? ", " : " + "));
    String result = isConcat ? "cat(" + calls + ")" : names.size() == 1 ? calls + " + x" : calls;
    return ": " + String.join(" ", names) + " = " + result;
  }
}
