package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.SumSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the graph of what was read. A Sequential, a Residual and a Concat are exact: their children
 * and nothing else. Classes run as their recipe says; a class without one runs its children in
 * order, with a flatten where only that makes a Linear fit, and a note says so.
 */
final class GraphMaker {
  private static final Set<String> LISTS = Set.of("ModuleList", "ModuleDict");

  private static final Set<String> RESIDUAL_CHILDREN = Set.of("0", "1", "main", "shortcut");

  private final Source source;
  private final Recipes recipes;
  private final Graph.Builder builder = new Graph.Builder();

  GraphMaker(Source source, Recipes recipes) {
    this.source = source;
    this.recipes = recipes;
  }

  /** The graph of a text. */
  Graph graph(Part part) {
    Edge x = builder.input("x");
    Edge y = run(part, "", List.of(x));
    return builder.build(List.of(y), tree(part, ""));
  }

  private static Tree tree(Part part, String path) {
    if (!(part instanceof Part.Block block)) {
      return new Tree(part.type(), path, List.of());
    }
    List<Tree> children = new ArrayList<>(block.children().size());
    for (Part.Named child : block.children()) {
      children.add(tree(child.part(), Tree.join(path, child.name())));
    }
    return new Tree(block.type(), path, children);
  }

  /** Calls a part; the answer is its output. */
  Edge run(Part part, String path, List<Edge> arguments) {
    if (part instanceof Part.Leaf leaf) {
      return builder.call(new Module(path, leaf.layer()), arguments.toArray(new Edge[0]));
    }
    Part.Block block = (Part.Block) part;
    Edge x = arguments.get(0);
    return switch (block.type()) {
      case "Sequential" -> inOrder(block, path, x);
      case "Concat" -> concat(block, path, x);
      case "Residual" ->
          isWrittenResidual(block) ? residual(block, path, x) : known(block, path, x);
      default -> known(block, path, x);
    };
  }

  /** The notation's own has one or two children, numbered or named so; d2l's class has others. */
  private static boolean isWrittenResidual(Part.Block block) {
    return block.children().size() <= 2
        && block.children().stream()
            .map(Part.Named::name)
            .allMatch(name -> RESIDUAL_CHILDREN.contains(name));
  }

  private Edge inOrder(Part.Block block, String path, Edge x) {
    Edge last = x;
    Part before = null;
    for (Part.Named child : block.children()) {
      if (before instanceof Part.Leaf leaf && leaf.layer() instanceof RecurrentSpec) {
        throw source.error(
            before.position(),
            leaf.type() + " gives a tuple, which the next layer of a Sequential cannot take.",
            "Take its output alone in a class of your own, and say what its forward does: --recipes FILE.");
      }
      last = run(child.part(), Tree.join(path, child.name()), List.of(last));
      before = child.part();
    }
    return last;
  }

  private Edge concat(Part.Block block, String path, Edge x) {
    List<Edge> branches = new ArrayList<>();
    for (Part.Named branch : block.children()) {
      branches.add(run(branch.part(), Tree.join(path, branch.name()), List.of(x)));
    }
    return builder.apply(path, ConcatenationSpec.OF_CHANNELS, branches);
  }

  private Edge residual(Part.Block block, String path, Edge x) {
    List<Edge> branches = new ArrayList<>();
    for (Part.Named branch : block.children()) {
      branches.add(run(branch.part(), Tree.join(path, branch.name()), List.of(x)));
    }
    if (branches.size() == 1) {
      branches.add(x);
    }
    return builder.apply(path, new SumSpec(), branches);
  }

  /** A class of somebody's: the first of its recipes that fits, or its children in order. */
  private Edge known(Part.Block block, String path, Edge x) {
    List<Recipe> candidates = recipes.of(block.type());
    for (Recipe recipe : candidates) {
      Optional<Map<String, List<Part.Named>>> children = recipe.fit(block.children());
      if (children.isPresent()) {
        return new RecipeRun(this, builder, recipe, children.get(), path).result(x);
      }
    }
    builder.note(
        new Note(Note.Kind.ASSUMPTION, inOrder(block.type(), !candidates.isEmpty()), List.of()));
    return guessed(block, path, x);
  }

  private Edge guessed(Part.Block block, String path, Edge x) {
    Edge last = x;
    for (Part.Named child : block.children()) {
      Optional<MissingFlatten> flatten = MissingFlatten.before(child.part());
      if (flatten.isPresent()) {
        last = builder.assume(Tree.join(path, "(flatten)"), flatten.get(), last);
      }
      last = run(child.part(), Tree.join(path, child.name()), List.of(last));
    }
    return last;
  }

  private static String inOrder(String type, boolean hasRecipe) {
    if (type.equals(Parser.NAMES)) {
      return "The layers run in the order of their assignments; what forward does besides (flatten,"
          + " add, functional activations) is not in this text.";
    }
    String reason =
        hasRecipe
            ? " does not have the children that were expected"
            : LISTS.contains(type) ? " has no forward of its own" : " is not a class that is known";
    return Arguments.shortened(type)
        + reason
        + ": its children are taken to run in the order in which they are printed. If its forward"
        + " adds or concatenates, write Residual(main, shortcut) or Concat(branch, branch)."
        + " Put in each pool that forward calls as a function or more than once.";
  }
}
