package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.notation.Recipe.Expression;
import java.util.ArrayList;
import java.util.List;

/** What the values of a recipe are, where it is used. */
final class RecipeValues {
  private static final String SIZES =
      "Write x.shape[0] for the batch, -1 for a size to be worked out, interpolate_like(x, y) or"
          + " pad_like(x, y) for the size of another array.";

  private final RecipeScope scope;
  private final RecipeArithmetic arithmetic;
  private final RecipeCalls calls;

  RecipeValues(RecipeScope scope) {
    this.scope = scope;
    arithmetic = new RecipeArithmetic(scope);
    calls = new RecipeCalls(scope, this);
  }

  /** What an expression is. */
  Item value(Expression expression) {
    if (expression instanceof Expression.Name name) {
      Item item = scope.variables.get(name.name());
      if (item == null) {
        throw scope.wrong(expression, name.name() + " has no value yet.");
      }
      return item;
    }
    if (expression instanceof Expression.Literal literal) {
      return new Item.Scalar(literal.value());
    }
    if (expression instanceof Expression.Listed listed) {
      return new Item.Many(listed.items().stream().map(this::value).toList());
    }
    if (expression instanceof Expression.Each each) {
      return each(each);
    }
    if (expression instanceof Expression.Attribute attribute) {
      return attribute(attribute);
    }
    if (expression instanceof Expression.Index index) {
      return isBatchSize(index)
          ? TorchCall.BATCH
          : index(value(index.of()), value(index.index()), index);
    }
    if (expression instanceof Expression.Slice slice) {
      return slice(slice);
    }
    if (expression instanceof Expression.Call call) {
      return calls.call(call);
    }
    if (expression instanceof Expression.Choice choice) {
      return value(
          RecipeScope.isTrue(value(choice.condition())) ? choice.then() : choice.otherwise());
    }
    if (expression instanceof Expression.Unary unary) {
      Item of = value(unary.of());
      if (unary.operator().equals("not")) {
        return Item.Scalar.of(!RecipeScope.isTrue(of));
      }
      return of instanceof Item.Array
          ? arithmetic.of("*", of, Item.Scalar.of(-1), unary)
          : Item.Scalar.of(-scope.number(of, unary.of()));
    }
    return infix((Expression.Infix) expression);
  }

  List<Item> many(Expression expression) {
    return scope.many(value(expression), expression);
  }

  long whole(Expression expression) {
    return scope.number(value(expression), expression);
  }

  void assign(List<String> targets, Item value, Expression at) {
    if (targets.size() < 2) {
      targets.forEach(target -> scope.variables.put(target, value));
      return;
    }
    boolean outputs =
        value instanceof Item.Array array
            && array.edge() instanceof Edge.OfNode call
            && hasSeveral(scope.builder.layer(call));
    int there = outputs ? targets.size() : scope.many(value, at).size();
    if (there != targets.size()) {
      throw scope.wrong(at, "there are " + targets.size() + " names for " + there + " values.");
    }
    for (int i = 0; i < targets.size(); i++) {
      scope.variables.put(targets.get(i), index(value, i, at));
    }
  }

  /** {@code x.shape[0]}. */
  private boolean isBatchSize(Expression.Index index) {
    return index.of() instanceof Expression.Attribute shape
        && shape.name().equals("shape")
        && shape.of() instanceof Expression.Name name
        && scope.variables.get(name.name()) instanceof Item.Array
        && whole(index.index()) == 0;
  }

  /** {@code layers[0]}, {@code blocks['first']}. */
  private Item index(Item of, Item index, Expression.Index at) {
    if (!(index instanceof Item.Scalar scalar) || !(scalar.value() instanceof Value.Text name)) {
      return index(of, scope.number(index, at.index()), at);
    }
    if (RecipeScope.part(of).stream().noneMatch(each -> each.name().equals(name.value()))) {
      throw scope.wrong(at, "there is no ['" + name.value() + "'] here.");
    }
    Item.Child child = (Item.Child) of;
    return member((Part.Block) child.part(), child.path(), name.value());
  }

  /** A member of a list, or one of the outputs of a layer that has several. */
  private Item index(Item of, long index, Expression at) {
    if (of instanceof Item.Array array
        && array.edge() instanceof Edge.OfNode call
        && hasSeveral(scope.builder.layer(call))) {
      return new Item.Array(Graph.Builder.output(array.edge(), (int) index));
    }
    List<Item> items = scope.many(of, at);
    return items.get(place(index, items.size(), at));
  }

  private static boolean hasSeveral(LayerSpec layer) {
    return layer instanceof RecurrentSpec || layer instanceof MultiheadAttentionSpec;
  }

  private Item each(Expression.Each each) {
    List<Item> results = new ArrayList<>();
    for (Item item : many(each.of())) {
      assign(each.variables(), item, each.of());
      if (each.condition() == null || RecipeScope.isTrue(value(each.condition()))) {
        results.add(value(each.body()));
      }
    }
    return new Item.Many(results);
  }

  /** {@code block.conv}, {@code self.pool_type}, {@code pool.pool_type}; None if it is absent. */
  private Item attribute(Expression.Attribute attribute) {
    return attribute.isOfSelf()
        ? member(scope.block, scope.path, attribute.name())
        : attribute(value(attribute.of()), attribute);
  }

  /** The same of a value that is known. */
  Item attribute(Item of, Expression.Attribute attribute) {
    if (of instanceof Item.Array) {
      throw scope.wrong(
          attribute,
          "an array's " + attribute.name() + " is not known when a recipe is read.",
          attribute.name().equals("shape") ? SIZES : scope.mend());
    }
    if (!(of instanceof Item.Child child) || !(child.part() instanceof Part.Block inner)) {
      throw scope.wrong(
          attribute,
          attribute.name() + " is asked of what has no children.",
          instead(of, attribute.name()));
    }
    return member(inner, child.path(), attribute.name());
  }

  private String instead(Item of, String name) {
    if (of instanceof Item.Many && name.equals("append")) {
      return "Write ys = ys + [x]: a recipe changes no list.";
    }
    return of instanceof Item.Child && Functions.QUANTITIES.contains(name)
        ? "Write " + name + "(layer), which is a number, or the number itself."
        : scope.mend();
  }

  /** A child, or else what the block shows of itself. */
  private static Item member(Part.Block block, String path, String name) {
    return block.children().stream()
        .filter(each -> each.name().equals(name))
        .map(each -> (Item) new Item.Child(each.part(), Tree.join(path, each.name())))
        .findFirst()
        .orElse(own(block, name));
  }

  /** What a block shows of itself under a name; None if nothing. */
  static Item own(Part.Block block, String name) {
    Value own = block.own().get(name);
    return own == null ? Item.Scalar.NONE : new Item.Scalar(own);
  }

  private Item slice(Expression.Slice slice) {
    Item of = value(slice.of());
    if (of instanceof Item.Array) {
      throw scope.wrong(slice, RecipeExpressions.SLICED, RecipeExpressions.PARTS);
    }
    List<Item> items = scope.many(of, slice.of());
    int size = items.size();
    long from = slice.from() == null ? 0 : whole(slice.from());
    long to = slice.to() == null ? size : whole(slice.to());
    int start = (int) Math.max(0, Math.min(size, from < 0 ? from + size : from));
    int end = (int) Math.max(start, Math.min(size, to < 0 ? to + size : to));
    return new Item.Many(items.subList(start, end));
  }

  private int place(long index, int size, Expression at) {
    long place = index < 0 ? index + size : index;
    if (place < 0 || place >= size) {
      throw scope.wrong(at, "there is no [" + index + "] among " + size + ".");
    }
    return (int) place;
  }

  private Item infix(Expression.Infix infix) {
    String operator = infix.operator();
    if (operator.equals("and") || operator.equals("or")) {
      Item left = value(infix.left());
      return RecipeScope.isTrue(left) == operator.equals("and") ? value(infix.right()) : left;
    }
    if (operator.equals("==") || operator.equals("!=")) {
      boolean equal =
          RecipeScope.plain(value(infix.left())).equals(RecipeScope.plain(value(infix.right())));
      return Item.Scalar.of(equal == operator.equals("=="));
    }
    if (infix.right() instanceof Expression.Call call
        && RecipeCalls.isFunction(call, Functions.PARAMETER)) {
      return calls.learned(infix, call);
    }
    return arithmetic.of(operator, value(infix.left()), value(infix.right()), infix);
  }
}
