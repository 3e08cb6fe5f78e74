package io.github.convlens.code;

import io.github.convlens.code.Fragment.Forward;
import io.github.convlens.code.Fragment.Item;
import io.github.convlens.code.Fragment.Layer;
import io.github.convlens.code.Fragment.Place;
import io.github.convlens.code.Fragment.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces of a network become methods and classes: every forward; rows and layers where it
 * saves lines.
 */
final class Declarations {
  private static final int FEWEST_LAYERS = 3;
  private static final int SHORT_LAYER = 60;
  private static final int FEWEST_LINES_SAVED = 4;

  private final Map<String, List<Fragment>> pieces = new LinkedHashMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Map<String, FieldNames> fields = new HashMap<>();

  /**
   * What is declared for a network.
   *
   * @param taken names that no class can have
   */
  Declarations(Fragment network, Set<String> taken) {
    collect(network);
    count(network);
    Set<String> types = new HashSet<>(taken);
    Set<String> methods = new HashSet<>(Set.of("addChildBlock"));
    pieces.forEach(
        (form, ofForm) -> {
          Fragment example = ofForm.get(0);
          if (example instanceof Forward forward) {
            FieldNames names = new FieldNames(forward);
            fields.put(form, names);
            String type = JavaText.type(forward.type());
            String name = JavaText.unique(taken.contains(type) ? type + "Block" : type, types);
            declarations.put(form, Declaration.of(name, ofForm, names.taken()));
          } else if (example != network && isMethod(form, ofForm)) {
            String type = example instanceof Row row ? row.type() : ((Layer) example).type();
            String name = JavaText.unique(JavaText.variable(type, "of") + "Block", methods);
            declarations.put(form, Declaration.of(name, ofForm, Set.of()));
          }
        });
  }

  /** All pieces, those inside others first. */
  private void collect(Fragment fragment) {
    items(fragment).forEach(item -> collect(item.fragment()));
    pieces.computeIfAbsent(fragment.form(), form -> new ArrayList<>()).add(fragment);
  }

  /** In how many places a piece would be written; what it holds is written once. */
  private void count(Fragment fragment) {
    if (places.merge(fragment.form(), 1, Integer::sum) == 1) {
      items(fragment).forEach(item -> count(item.fragment()));
    }
  }

  private static List<Item> items(Fragment fragment) {
    if (fragment instanceof Row row) {
      return row.items();
    }
    return fragment instanceof Forward forward ? forward.fields() : List.of();
  }

  private boolean isMethod(String form, List<Fragment> ofForm) {
    int uses = places.getOrDefault(form, 0);
    if (ofForm.get(0) instanceof Row row) {
      boolean isForced = ofForm.stream().anyMatch(each -> ((Row) each).place() == Place.METHOD);
      return isForced || (uses - 1) * (row.lines() - 1) > FEWEST_LINES_SAVED;
    }
    return uses >= FEWEST_LAYERS && ofForm.stream().anyMatch(Declarations::isLong);
  }

  private static boolean isLong(Fragment fragment) {
    if (!(fragment instanceof Layer layer) || layer.type().isEmpty()) {
      return false;
    }
    Declaration alone = Declaration.of("", List.of(fragment), Set.of());
    String text = layer.template().text(alone.texts().iterator(), alone.leftOut().iterator());
    return !text.startsWith("LayerBlocks") && JavaText.flat(text).length() > SHORT_LAYER;
  }

  /** What makes a piece; null where it is written where it stands. */
  @Nullable Declaration of(Fragment fragment) {
    return declarations.get(fragment.form());
  }

  /** All, those first that others call. */
  Collection<Declaration> all() {
    return declarations.values();
  }

  /** The names in a class. */
  FieldNames fields(Forward forward) {
    FieldNames names = fields.get(forward.form());
    if (names == null) {
      throw new IllegalArgumentException(forward.path() + " is not part of this network");
    }
    return names;
  }

  /** The Java names of the fields and inputs of a forward. */
  static final class FieldNames {
    private final List<String> fields = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();
    private final Set<String> taken = new HashSet<>(Set.of("run", "inputs", "x", "y"));

    private FieldNames(Forward forward) {
      for (int i = 1; i <= forward.statements().size(); i++) {
        taken.add("y" + i);
      }
      for (Item item : forward.fields()) {
        String name = JavaText.variable(item.nameIn(forward.path()), "block");
        fields.add(JavaText.unique(taken.contains(name) ? name + "Block" : name, taken));
      }
      for (String input : forward.inputs()) {
        String name = JavaText.variable(input, "x");
        inputs.add(name.equals("x") && !inputs.contains("x") ? name : JavaText.unique(name, taken));
      }
    }

    String field(int place) {
      return fields.get(place);
    }

    String input(int place) {
      return inputs.get(place);
    }

    Set<String> taken() {
      return taken;
    }
  }
}
