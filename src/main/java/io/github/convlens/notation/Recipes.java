package io.github.convlens.notation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the {@code forward} of known classes does with the children that a print shows. {@link
 * #KNOWN} has those of torchvision and d2l; {@link #with} adds one's own, which come first.
 */
public final class Recipes {
  /** The classes known here: {@code recipes.txt} beside this class. */
  public static final Recipes KNOWN = new Recipes(Map.of());

  /** Read when the first class asks for them: single layers and Sequentials do not. */
  private static final class Known {
    private static final Map<String, List<Recipe>> BY_TYPE = byType(resource());
  }

  private final Map<String, List<Recipe>> added;

  private Recipes(Map<String, List<Recipe>> added) {
    this.added = added;
  }

  private static Map<String, List<Recipe>> byType(String text) {
    Map<String, List<Recipe>> byType = new HashMap<>();
    for (Recipe recipe : RecipeParser.parse(text)) {
      for (String type : recipe.types()) {
        byType.computeIfAbsent(type, key -> new ArrayList<>()).add(recipe);
      }
    }
    return byType;
  }

  /**
   * These recipes and more, which are tried first.
   *
   * @param text recipes, one behind the other:
   *     <pre>
   * MyBlock|OurBlock: conv norm gate? = norm(conv(x)) * gate?(x)
   *     </pre>
   *
   * @throws NotationException with line and column of a mistake
   */
  public Recipes with(String text) {
    Map<String, List<Recipe>> all = byType(text);
    added.forEach((type, recipes) -> all.merge(type, recipes, Recipes::joined));
    return new Recipes(all);
  }

  /** The recipes of a class, the first to be tried first; often none. */
  List<Recipe> of(String type) {
    return joined(added.getOrDefault(type, List.of()), Known.BY_TYPE.getOrDefault(type, List.of()));
  }

  private static List<Recipe> joined(List<Recipe> first, List<Recipe> rest) {
    List<Recipe> all = new ArrayList<>(first);
    all.addAll(rest);
    return all;
  }

  private static String resource() {
    try (InputStream in = Recipes.class.getResourceAsStream("recipes.txt")) {
      if (in == null) {
        throw new IllegalStateException("the resource recipes.txt is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
