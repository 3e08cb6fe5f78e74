package io.github.convlens.notation;

import io.github.convlens.layer.internal.Printable;
import io.github.convlens.notation.internal.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a user's own recipes in a network: one whose class or children are misspelt is
 * not passed over in silence.
 */
final class OwnRecipes {
  private static final int MOST = 4;
  private static final int MOST_NAMES = 12;

  private final Recipes recipes;
  private boolean used;

  OwnRecipes(Recipes recipes) {
    this.recipes = recipes;
  }

  /** Remembers whether a recipe that runs is one of them. */
  void uses(Recipe recipe, String type) {
    used |= !used && recipes.added(type).contains(recipe);
  }

  /** That the recipes of a class are for other children than this one shows. */
  Optional<String> misfit(Part.Block block) {
    List<Recipe> own = recipes.added(block.type());
    if (own.isEmpty() || own.stream().anyMatch(recipe -> recipe.fits(block))) {
      return Optional.empty();
    }
    Recipe last = own.get(own.size() - 1);
    return Optional.of(
        last.source().name()
            + "line "
            + last.line()
            + ": this recipe is not used here: "
            + difference(last, block));
  }

  /** That a class without a recipe is called nearly as one that has one. */
  Optional<String> nearest(String type) {
    return Nearest.of(type, recipes.addedClasses())
        .map(
            nearest -> {
              Recipe recipe = recipes.added(nearest).get(0);
              return recipe.source().name()
                  + "line "
                  + recipe.line()
                  + ": there is a recipe for "
                  + nearest
                  + ", and none for "
                  + Arguments.shortened(type)
                  + ", which is here.";
            });
  }

  /** Why none of them was used; empty where one was. */
  Optional<String> unused(Part network) {
    if (used) {
      return Optional.empty();
    }
    List<Recipe> own = recipes.added();
    Map<String, Part> classes = new LinkedHashMap<>();
    collect(network, classes);
    List<String> reasons = new ArrayList<>();
    for (Recipe recipe : own.subList(0, Math.min(MOST, own.size()))) {
      reasons.add("line " + recipe.line() + ": " + reason(recipe, classes));
    }
    if (own.size() > MOST) {
      reasons.add("So it is with " + (own.size() - MOST) + " more.");
    }
    return Optional.of(String.join("\n", reasons) + "\nMend the names, or leave the option out.");
  }

  private static void collect(Part part, Map<String, Part> classes) {
    classes.putIfAbsent(part.type(), part);
    if (part instanceof Part.Block block) {
      block.children().forEach(child -> collect(child.part(), classes));
    }
  }

  private static String reason(Recipe recipe, Map<String, Part> classes) {
    for (String type : recipe.types()) {
      Part there = classes.get(type);
      if (there instanceof Part.Block block && !Blocks.isOurs(type)) {
        return recipe.fits(block)
            ? "no forward that runs here calls " + type + "."
            : difference(recipe, block);
      }
      if (there != null) {
        return type + " is PyTorch's own, and runs as PyTorch's: a recipe is for a class of yours.";
      }
    }
    String type = recipe.types().get(0);
    List<String> others =
        classes.keySet().stream()
            .filter(each -> classes.get(each) instanceof Part.Block && !Blocks.isOurs(each))
            .toList();
    return "no class here is called "
        + type
        + (others.isEmpty()
            ? ": these are PyTorch's layers alone."
            : (others.size() > 1 ? ". There are " : ". There is ") + listed(others) + ".")
        + meant(type, others);
  }

  /** What a block shows that a recipe for its class is not for. */
  private static String difference(Recipe recipe, Part.Block block) {
    List<String> shown = block.children().stream().map(Part.Named::name).toList();
    if (recipe.fit(block.children()).isPresent()) {
      return own(recipe, block);
    }
    StringBuilder meant = new StringBuilder();
    List<String> free = new ArrayList<>(shown);
    recipe.children().forEach(slot -> free.removeIf(slot::matches));
    for (Recipe.Slot slot : recipe.children()) {
      if (shown.stream().noneMatch(slot::matches) && slot.count() != Recipe.Count.MANY) {
        meant.append(meant(slot.name(), free));
      }
    }
    String given = recipe.signature();
    return "it is for a "
        + block.type()
        + (given.isEmpty() ? " without children" : " with the children " + given)
        + ", in this order, and here it shows "
        + (shown.isEmpty() ? "none" : listed(shown))
        + "."
        + meant;
  }

  private static String own(Recipe recipe, Part.Block block) {
    return recipe.own() instanceof Recipe.Own.Nothing
        ? block.type()
            + " shows arguments of its own besides its children. Write "
            + block.type()
            + "(*): for any."
        : block.type() + " shows no arguments of its own that make it a layer of PyTorch.";
  }

  private static String meant(String name, List<String> names) {
    return Nearest.of(name, names)
        .map(nearest -> " Did you mean " + Printable.line(nearest) + " by " + name + "?")
        .orElse("");
  }

  /** The first names. */
  static String listed(List<String> names) {
    List<String> first = names.subList(0, Math.min(MOST_NAMES, names.size()));
    return Printable.line(String.join(", ", first)) + (names.size() > MOST_NAMES ? ", ..." : "");
  }
}
