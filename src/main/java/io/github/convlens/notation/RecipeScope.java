package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Text;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known while a recipe runs: what its names stand for, and where it is used. */
final class RecipeScope {
  final GraphMaker maker;
  final Graph.Builder builder;
  final Recipe recipe;
  final Part.Block block;
  final String path;

  /** What the names of the recipe stand for. */
  final Map<String, Item> variables = new HashMap<>();

  RecipeScope(
      GraphMaker maker, Graph.Builder builder, Recipe recipe, Part.Block block, String path) {
    this.maker = maker;
    this.builder = builder;
    this.recipe = recipe;
    this.block = block;
    this.path = path;
  }

  Item applied(LayerSpec layer, List<Edge> arrays) {
    return new Item.Array(builder.apply(path, layer, arrays));
  }

  Value plain(Item item, Expression at) {
    if (item instanceof Item.Scalar scalar) {
      return scalar.value();
    }
    return new Value.Tuple(many(item, at).stream().map(each -> plain(each, at)).toList());
  }

  /** What two items are compared by. */
  static Object plain(Item item) {
    if (!(item instanceof Item.Scalar scalar)) {
      return item;
    }
    if (scalar.value() instanceof Value.Word word) {
      return new Text(word.value());
    }
    return scalar.value();
  }

  /** The members of a list, or the children of a child. */
  List<Item> many(Item item, Expression at) {
    if (item instanceof Item.Many many) {
      return many.items();
    }
    if (item instanceof Item.Scalar scalar && scalar.value() instanceof Value.Tuple tuple) {
      return tuple.items().stream().map(each -> (Item) new Item.Scalar(each)).toList();
    }
    if (item instanceof Item.Child child && child.part() instanceof Part.Block list) {
      return children(list, child.path());
    }
    throw wrong(at, "there are not several.");
  }

  /** The children that an item shows by name; none where it is no child with children. */
  static List<Part.Named> part(Item item) {
    return item instanceof Item.Child child && child.part() instanceof Part.Block block
        ? block.children()
        : List.of();
  }

  /** The children of a child; a list shows which of its places are None. */
  private static List<Item> children(Part.Block list, String path) {
    List<Item> children = new ArrayList<>();
    for (Part.Named each : list.children()) {
      while (list.own().get(Integer.toString(children.size())) == Constant.NONE) {
        children.add(Item.Scalar.NONE);
      }
      children.add(new Item.Child(each.part(), Tree.join(path, each.name())));
    }
    while (list.own().get(Integer.toString(children.size())) == Constant.NONE) {
      children.add(Item.Scalar.NONE);
    }
    return children;
  }

  Edge edge(Item item, Expression at) {
    if (item instanceof Item.Array array) {
      return array.edge();
    }
    throw wrong(
        at,
        item instanceof Item.Child
            ? "a child is no array: call it."
            : item instanceof Item.Many ? "these are several arrays." : "this is no array.");
  }

  long number(Item item, Expression at) {
    if (item instanceof Item.Scalar scalar && scalar.value() instanceof Whole whole) {
      return whole.value();
    }
    throw wrong(at, "this is no whole number.");
  }

  double decimal(Item item, Expression at) {
    if (item instanceof Item.Scalar scalar && scalar.value() instanceof Value.Decimal decimal) {
      return decimal.value();
    }
    return number(item, at);
  }

  /** As in Python: None, False, 0 and empty lists are false. */
  static boolean isTrue(Item item) {
    if (item instanceof Item.Many many) {
      return !many.items().isEmpty();
    }
    return !(item instanceof Item.Scalar scalar
        && (scalar.value() == Constant.NONE
            || scalar.value() == Constant.FALSE
            || scalar.value().equals(new Whole(0))));
  }

  /** Whether the recipe is a user's own: its mistakes are the user's to mend. */
  boolean isOwn() {
    return recipe.section().equals(Recipe.Section.OWN);
  }

  /** A mistake of a user's recipe; a known one is right, and what is here is not what it is for. */
  NotationException wrong(Expression expression, String rule) {
    return wrong(expression, rule, mend());
  }

  /** The same with what to write instead. */
  NotationException wrong(Expression expression, String rule, String remedy) {
    return isOwn() ? recipe.source().error(expression.position(), rule, remedy) : notForThis();
  }

  NotationException notForThis() {
    int inputs = recipe.inputs().size();
    return maker.cannotBeRead(
        block,
        inputs > 1
            ? "its forward takes "
                + String.join(", ", recipe.inputs())
                + ", and what it is given here is not that"
            : "it is not used here as " + recipe.section().name() + "'s is");
  }

  String mend() {
    return "Mend the recipe of " + recipe.types().get(0) + ".";
  }
}
