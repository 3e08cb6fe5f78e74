package io.github.convlens.notation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code forward} of known classes does with the children that a print shows. {@link
 * #KNOWN} has those of well-known libraries; {@link #with} adds one's own, which come first.
 */
public final class Recipes {
  /** The files of known classes, in {@code recipes} beside this class. */
  static final List<String> FILES =
      List.of("torch", "torchvision", "timm", "timm2", "people", "d2l");

  /** The classes known here. */
  public static final Recipes KNOWN = new Recipes(Map.of());

  /**
   * Where the recipes of each known class stand. The files are looked through when the first class
   * asks, which single layers and Sequentials do not; a recipe is read when it is tried.
   */
  private static final class Known {
    private static final Map<String, List<Place>> PLACES = places();
    private static final Map<String, List<Recipe>> READ = new ConcurrentHashMap<>();
  }

  /** Where a recipe stands, and the head of its section; -1 if there is none in front of it. */
  private record Place(Source file, int start, int section) {
    Recipe read() {
      return RecipeParser.parse(
          file, start, section < 0 ? Recipe.Section.OWN : RecipeParser.section(file, section));
    }

    /** Whether its class shows arguments: {@code Class(...)} stands there, not {@code Class:}. */
    boolean hasArguments() {
      String text = file.text();
      int end = start;
      while (text.charAt(end) != '(' && text.charAt(end) != ':') {
        end++;
      }
      return text.charAt(end) == '(';
    }
  }

  /** The recipes of a class, each read when it is asked for: the first is often the one. */
  private static final class Read extends AbstractList<Recipe> {
    private final List<Place> places;
    private final @Nullable Recipe[] read;

    Read(List<Place> places) {
      this.places = places;
      this.read = new Recipe[places.size()];
    }

    @Override
    public Recipe get(int index) {
      Recipe recipe = read[index];
      if (recipe == null) {
        recipe = places.get(index).read();
        read[index] = recipe;
      }
      return recipe;
    }

    @Override
    public int size() {
      return read.length;
    }
  }

  private final Map<String, List<Recipe>> added;
  private final List<String> addedClasses;

  private Recipes(Map<String, List<Recipe>> added) {
    this.added = added;
    addedClasses = List.copyOf(added.keySet());
  }

  private static Map<String, List<Place>> places() {
    Map<String, List<Place>> places = new HashMap<>();
    for (String file : FILES) {
      Source source = new Source(resource(file));
      String text = source.text();
      int section = -1;
      for (int start = nextStart(text, 0); start < text.length(); ) {
        int end = nextStart(text, start + 1);
        if (text.charAt(start) == '[') {
          section = start;
        } else {
          for (String type : types(text, start)) {
            places
                .computeIfAbsent(type, key -> new ArrayList<>())
                .add(new Place(source, start, section));
          }
        }
        start = end;
      }
    }
    return places;
  }

  /** The next line that is neither indented nor empty nor a comment. */
  private static int nextStart(String text, int from) {
    int start = from;
    while (start < text.length()
        && ((start > 0 && text.charAt(start - 1) != '\n')
            || " \t\n\r#".indexOf(text.charAt(start)) >= 0)) {
      int newline = text.indexOf('\n', start);
      start = newline < 0 ? text.length() : newline + 1;
    }
    return start;
  }

  private static String[] types(String text, int start) {
    int end = start;
    while (end < text.length() && "(:\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return text.substring(start, end).split("\\|", -1);
  }

  private static Map<String, List<Recipe>> byType(Source source) {
    Map<String, List<Recipe>> byType = new LinkedHashMap<>();
    for (Recipe recipe : RecipeParser.parse(source)) {
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
    return with(text, "");
  }

  /**
   * The same with what messages about a mistake begin with.
   *
   * @param text recipes, one behind the other
   * @param name {@code option --recipes: 'mine.txt', }; a line and a column follow
   * @throws NotationException with name, line and column of a mistake
   */
  public Recipes with(String text, String name) {
    Map<String, List<Recipe>> all = byType(Source.named(name, text));
    added.forEach((type, recipes) -> all.merge(type, recipes, Recipes::joined));
    return new Recipes(all);
  }

  /** The classes of the recipes that were added, in their order. */
  public List<String> addedClasses() {
    return addedClasses;
  }

  /** The recipes that were added. */
  List<Recipe> added() {
    return added.values().stream().flatMap(List::stream).distinct().toList();
  }

  /** The added recipes of a class. */
  List<Recipe> added(String type) {
    return added.getOrDefault(type, List.of());
  }

  /** The recipes of a class, the first to be tried first; often none. */
  List<Recipe> of(String type) {
    return joined(added.getOrDefault(type, List.of()), known(type));
  }

  private static List<Recipe> known(String type) {
    List<Place> places = Known.PLACES.get(type);
    if (places == null) {
      return List.of();
    }
    return Known.READ.computeIfAbsent(type, key -> new Read(places));
  }

  /** Whether there is a recipe of this class. */
  boolean isKnown(String type) {
    return added.containsKey(type) || Known.PLACES.containsKey(type);
  }

  /** Whether a class of this name shows nothing of itself: {@code LayerNorm()}. */
  boolean areEmpty(String type) {
    return of(type).stream()
        .anyMatch(
            recipe ->
                recipe.own() instanceof Recipe.Own.Nothing && recipe.fit(List.of()).isPresent());
  }

  /** The layer that a class is a kind of. */
  Optional<Recipe.Own.Base> base(String type) {
    List<Place> places = Known.PLACES.getOrDefault(type, List.of());
    if (!added.containsKey(type) && places.stream().noneMatch(Place::hasArguments)) {
      return Optional.empty();
    }
    return of(type).stream()
        .map(Recipe::own)
        .filter(Recipe.Own.Base.class::isInstance)
        .map(Recipe.Own.Base.class::cast)
        .findFirst();
  }

  private static List<Recipe> joined(List<Recipe> first, List<Recipe> rest) {
    if (first.isEmpty()) {
      return rest;
    }
    List<Recipe> all = new ArrayList<>(first);
    all.addAll(rest);
    return all;
  }

  /** The paths of the files that are read, for those who ship them elsewhere. */
  public static String[] resources() {
    return FILES.stream()
        .map(name -> "io/github/convlens/notation/recipes/" + name + ".txt")
        .toArray(String[]::new);
  }

  /** A file's text. */
  static String resource(String name) {
    String file = "recipes/" + name + ".txt";
    try (InputStream in = Recipes.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
