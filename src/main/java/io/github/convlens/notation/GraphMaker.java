package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.internal.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the graph of what was read. A Sequential and the notation's joins are exact: their children
 * and nothing else. Classes run as their recipe says; a class without one runs its children in
 * order, with a flatten where only that makes a Linear fit, and a note says so.
 */
final class GraphMaker {
  private static final Set<String> LISTS = Set.of("ModuleList", "ModuleDict");
  private static final List<String> ONE_INPUT = List.of("x");

  private final Source source;
  private final Recipes recipes;
  private final Graph.Builder builder = new Graph.Builder();

  /** The libraries whose classes are around what runs: their other classes are theirs, too. */
  private final Set<String> libraries = new HashSet<>();

  /** What a note says of a recipe: a network may hold its class a thousand times. */
  private final IdentityHashMap<Recipe, String> texts = new IdentityHashMap<>();

  /** Whether a recipe has run: what else runs calls all that it has. */
  private boolean hasRecipes;

  /** What becomes of a user's own recipes; null where there are none. */
  private final @Nullable OwnRecipes own;

  GraphMaker(Source source, Recipes recipes) {
    this.source = source;
    this.recipes = recipes;
    own = recipes.addedClasses().isEmpty() ? null : new OwnRecipes(recipes);
  }

  /** Why none of the user's own recipes was used; empty where one was, or there are none. */
  Optional<String> unused(Part network) {
    return own == null ? Optional.empty() : own.unused(network);
  }

  /** The graph of a text, with what was noted when it was read. */
  Graph graph(Part part, List<Note> notes) {
    for (Note note : notes) {
      builder.note(note);
    }
    if (part instanceof Part.Leaf leaf) {
      Edge output = builder.call(new Module("", leaf.layer()), builder.input("x"));
      return builder.build(List.of(output), tree(part, ""));
    }
    LostLines.note(source, part, builder);
    List<Item> inputs = new ArrayList<>();
    for (String name : inputs((Part.Block) part)) {
      inputs.add(new Item.Array(builder.input(name)));
    }
    List<Edge> outputs = new ArrayList<>();
    arrays(run(part, "", inputs), outputs);
    if (hasRecipes) {
      new LeftOut(builder).tell(part, "");
    }
    return builder.build(outputs, tree(part, ""));
  }

  /** By a user's own recipe a network has the inputs that its forward must be given; else one. */
  private List<String> inputs(Part.Block network) {
    Recipe recipe = fitting(recipes.added(network.type()), network);
    return recipe == null || recipe.required() < 2
        ? ONE_INPUT
        : recipe.inputs().subList(0, recipe.required());
  }

  private static void arrays(Item item, List<Edge> arrays) {
    if (item instanceof Item.Array array) {
      arrays.add(array.edge());
    } else if (item instanceof Item.Many many) {
      for (Item each : many.items()) {
        arrays(each, arrays);
      }
    }
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
  Item run(Part part, String path, List<Item> arguments) {
    if (part instanceof Part.Leaf leaf) {
      return call(leaf, path, arguments);
    }
    Part.Block block = (Part.Block) part;
    return switch (block.type()) {
      case "Sequential" -> {
        refuseSeveral(block, arguments);
        yield inOrder(block, path, arguments.get(0));
      }
      case Blocks.CONCAT -> concat(block, path, arguments.get(0));
      case Blocks.RESIDUAL -> residual(block, path, arguments.get(0));
      default -> known(block, path, arguments);
    };
  }

  private Item call(Part.Leaf leaf, String path, List<Item> arguments) {
    List<Edge> arrays = new ArrayList<>();
    for (Item argument : arguments) {
      arrays(argument, arrays);
    }
    LayerSpec layer = libraries.isEmpty() ? leaf.layer() : Hidden.shown(leaf.layer());
    if (libraries.isEmpty() && Hidden.restsOnDivisor(leaf.layer())) {
      builder.note(
          Note.remark(
              "A print of "
                  + leaf.type()
                  + " does not show count_include_pad, which is taken to be True: the numbers at the"
                  + " border rest on it, shapes and counts do not.",
              path));
    }
    return new Item.Array(builder.call(new Module(path, layer), arrays.toArray(new Edge[0])));
  }

  private Item inOrder(Part.Block block, String path, Item x) {
    Item last = x;
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

  private Item concat(Part.Block block, String path, Item x) {
    Joins.refuseWrong(source, block);
    return join(ConcatenationSpec.OF_CHANNELS, path, branches(block, path, x));
  }

  private Item residual(Part.Block block, String path, Item x) {
    Joins.refuseWrong(source, block);
    List<Item> branches = branches(block, path, x);
    if (branches.size() == 1) {
      branches.add(x);
    }
    return join(new SumSpec(), path, branches);
  }

  private List<Item> branches(Part.Block block, String path, Item x) {
    List<Item> branches = new ArrayList<>();
    for (Part.Named branch : block.children()) {
      branches.add(run(branch.part(), Tree.join(path, branch.name()), List.of(x)));
    }
    return branches;
  }

  private Item join(LayerSpec how, String path, List<Item> branches) {
    List<Edge> arrays = new ArrayList<>();
    for (Item branch : branches) {
      arrays(branch, arrays);
    }
    return new Item.Array(builder.apply(path, how, arrays));
  }

  /** A class of somebody's: the first of its recipes that fits, or its children in order. */
  private Item known(Part.Block block, String path, List<Item> arguments) {
    List<Recipe> candidates = recipes.of(block.type());
    Optional<String> misfit = own == null ? Optional.empty() : own.misfit(block);
    misfit.ifPresent(text -> builder.note(Note.remark(text, path)));
    Recipe fitting = fitting(candidates, block);
    if (fitting != null) {
      return run(fitting, block, fitting.fit(block.children()).orElseThrow(), path, arguments);
    }
    refuse(block, candidates.isEmpty());
    boolean isEmpty = block.children().isEmpty() && block.base().isEmpty();
    if (isEmpty || !block.own().isEmpty() || block.base().isPresent()) {
      throw notRun(block, isEmpty, misfit.or(() -> nearest(block.type())));
    }
    refuseSeveral(block, arguments);
    if (Joins.isTaken(block)) {
      builder.note(Joins.assumed(block, path));
      return block.type().equals("Concat")
          ? concat(block, path, arguments.get(0))
          : residual(block, path, arguments.get(0));
    }
    builder.guessed(path);
    builder.note(inOrder(block, !candidates.isEmpty(), path));
    return guessed(block, path, arguments.get(0));
  }

  /** The first recipe that fits, of a library whose class is around if there is one. */
  private @Nullable Recipe fitting(List<Recipe> candidates, Part.Block block) {
    Recipe first = null;
    for (Recipe candidate : candidates) {
      if (candidate.fits(block)) {
        if (libraries.isEmpty() || isAtHome(candidate)) {
          return candidate;
        }
        first = first == null ? candidate : first;
      }
    }
    return first;
  }

  private Optional<String> nearest(String type) {
    return own == null ? Optional.empty() : own.nearest(type);
  }

  private NotationException notRun(Part.Block block, boolean isEmpty, Optional<String> misspelt) {
    if (misspelt.isPresent()) {
      return source.error(block.position(), misspelt.get(), "Mend that recipe.");
    }
    if (isEmpty) {
      Joins.refuseWrong(source, block);
      return unknown(block.type(), block.position());
    }
    return ownNumbers(block);
  }

  /**
   * Rejects several arrays for a class whose forward is not known: it does not use the first alone.
   */
  private void refuseSeveral(Part.Block block, List<Item> arguments) {
    long arrays = arguments.stream().filter(each -> !(each instanceof Item.Scalar)).count();
    if (arrays > 1) {
      String given = Arguments.shortened(block.type()) + " is given " + arrays + " arrays, and ";
      throw block.type().equals("Sequential")
          ? source.error(
              block.position(), given + "takes one.", "Give it one in the recipe that calls it.")
          : source.error(
              block.position(),
              given + "what its forward does with them is not known.",
              "Say it in a line, with --recipes FILE, such as\n"
                  + block.type()
                  + ": * = forward(x, y): in_order(children, x) + y");
    }
  }

  /** Rejects what PyTorch has and cannot be read here, where it is called. */
  private void refuse(Part.Block block, boolean isPyTorchs) {
    NotKnown.of(block.type())
        .or(() -> isPyTorchs ? NotKnown.beside(block.type()) : Optional.empty())
        .ifPresent(
            refusal -> {
              throw source.error(block.position(), refusal.rule(), refusal.remedy());
            });
    if (isPyTorchs && Hidden.needsMore(block.type())) {
      throw Hidden.refusal(source, block);
    }
  }

  private NotationException unknown(String type, int start) {
    String remedy =
        NotKnown.alias(type)
            .map(name -> type + " is called " + name + " in PyTorch.")
            .or(
                () ->
                    Nearest.layer(type, Blocks.allNames())
                        .map(name -> "Did you mean " + name + "?"))
            .orElse(
                "Replace it by the layers that it runs, or by Identity() if it keeps the shape and"
                    + " learns nothing.");
    return source.error(
        start, "there is no layer called " + Arguments.shortened(type) + ".", remedy);
  }

  private Item run(
      Recipe recipe,
      Part.Block block,
      Map<String, List<Part.Named>> children,
      String path,
      List<Item> arguments) {
    Recipe.Section section = recipe.section();
    hasRecipes = true;
    if (own != null) {
      own.uses(recipe, block.type());
    }
    if (!section.equals(Recipe.Section.OWN) && !section.library().equals("torch")) {
      Note taken = taken(recipe, block, path);
      if (recipe.isCertain(block) || isAtHome(recipe)) {
        builder.taken(taken);
      } else {
        builder.note(taken);
      }
    }
    boolean isFirst = !section.name().isEmpty() && libraries.add(section.library());
    Item result = new RecipeRun(this, builder, recipe, block, children, path).result(arguments);
    if (isFirst) {
      libraries.remove(section.library());
    }
    return result;
  }

  private Note taken(Recipe recipe, Part.Block block, String path) {
    return Note.assumption(
        block.type()
            + (block.children().isEmpty() ? " is the name of " : " has the children of ")
            + recipe.section().name()
            + "'s, and is taken to be that: "
            + texts.computeIfAbsent(recipe, Recipe::text)
            + ".",
        "If yours differs, say what its forward does: --recipes FILE.",
        path);
  }

  private NotationException ownNumbers(Part.Block block) {
    boolean layers = block.own().values().stream().anyMatch(Value.Layer.class::isInstance);
    return source.error(
        block.position(),
        Arguments.shortened(block.type())
            + (layers
                ? " is given layers as arguments, and what its forward does with them is not known."
                : " shows arguments of its own besides its children, and what its forward does with"
                    + " them is not known."),
        "Say what it does in a line, with --recipes FILE: "
            + RecipeLine.of(block)
            + "\n"
            + NotKnown.EXPORT);
  }

  /** Whether a recipe is a user's own, or of a library whose class is around what runs. */
  private boolean isAtHome(Recipe recipe) {
    return recipe.section().equals(Recipe.Section.OWN)
        || libraries.contains(recipe.section().library());
  }

  /** A class of which a print does not show what is needed. */
  NotationException cannotBeRead(Part.Block block, String reason) {
    return source.error(
        block.position(),
        Arguments.shortened(block.type()) + " cannot be read from a print: " + reason + ".",
        NotKnown.EXPORT);
  }

  Source source() {
    return source;
  }

  private Item guessed(Part.Block block, String path, Item x) {
    Item last = x;
    for (Part.Named child : block.children()) {
      Optional<MissingFlatten> flatten = MissingFlatten.before(child.part());
      if (flatten.isPresent() && last instanceof Item.Array array) {
        MissingFlatten missing = flatten.get().behind(builder, array.edge());
        String at = Tree.join(path, "(flatten)");
        last = new Item.Array(builder.assume(at, missing, array.edge()));
      }
      last = run(child.part(), Tree.join(path, child.name()), List.of(last));
    }
    return last;
  }

  private static Note inOrder(Part.Block block, boolean hasRecipe, String path) {
    String type = Arguments.shortened(block.type());
    if (block.type().equals(Parser.NAMES)) {
      return Note.assumption(
          "The layers run in the order of their assignments; what forward does besides (flatten,"
              + " add, functional activations) is not in this text.",
          path);
    }
    String reason =
        hasRecipe
            ? " does not have the children of any " + type + " that is known"
            : LISTS.contains(block.type())
                ? " has no forward of its own"
                : " is not a class that is known";
    return Note.assumption(
        type + reason + ": its children are taken to run in the order in which they are printed.",
        "If its forward does anything else, say so in a line, with --recipes FILE: "
            + RecipeLine.of(block),
        path);
  }
}
