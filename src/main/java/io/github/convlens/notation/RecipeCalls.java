package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Module;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.notation.Recipe.Argument;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.internal.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls of a recipe: of children, of what the class is a kind of, of functions. */
final class RecipeCalls {
  private final RecipeScope scope;
  private final RecipeValues values;
  private final RecipeFunctions functions;

  RecipeCalls(RecipeScope scope, RecipeValues values) {
    this.scope = scope;
    this.values = values;
    functions = new RecipeFunctions(scope, values);
  }

  Item call(Expression.Call call) {
    if (call.callee() instanceof Expression.Name name
        && !scope.variables.containsKey(name.name())) {
      return function(name.name(), call);
    }
    Item callee;
    if (call.callee() instanceof Expression.Attribute method && !method.isOfSelf()) {
      Item of = values.value(method.of());
      if (of instanceof Item.Array) {
        return torch("." + method.name(), of, call);
      }
      if (of instanceof Item.Child child && call.arguments().isEmpty()) {
        Optional<Item> members = members(child, method, call);
        if (members.isPresent()) {
          return members.get();
        }
      }
      callee = values.attribute(of, method);
    } else {
      callee = values.value(call.callee());
    }
    if (callee instanceof Item.Child child) {
      return child(child, call);
    }
    if (callee.equals(Item.Scalar.NONE) && call.ifThere() && call.arguments().size() == 1) {
      return values.value(call.arguments().get(0).value());
    }
    if (callee.equals(Item.Scalar.NONE) && call.callee() instanceof Expression.Attribute child) {
      throw notThere(child);
    }
    throw scope.wrong(
        call,
        name(call.callee())
            + (callee.equals(Item.Scalar.NONE)
                ? " may be absent and is called without a ?."
                : " is no child: it cannot be called."));
  }

  /** What {@code d.values()} and its like are of a ModuleDict; empty for another name. */
  private Optional<Item> members(Item.Child of, Expression.Attribute method, Expression.Call call) {
    List<Item> children = RecipeScope.part(of).isEmpty() ? List.of() : scope.many(of, call);
    List<Item> names =
        RecipeScope.part(of).stream()
            .map(each -> (Item) new Item.Scalar(new Value.Text(each.name())))
            .toList();
    return Optional.ofNullable(
        switch (method.name()) {
          case "values", "children" -> new Item.Many(children);
          case "keys" -> new Item.Many(names);
          case "items", "named_children" -> RecipeFunctions.rows(List.of(names, children));
          default -> null;
        });
  }

  /** A child that is called and is none, with those that there are. */
  private NotationException notThere(Expression.Attribute child) {
    List<Part.Named> there =
        child.isOfSelf() ? scope.block.children() : RecipeScope.part(values.value(child.of()));
    List<String> names = there.stream().map(Part.Named::name).toList();
    String meant =
        Nearest.of(child.name(), names)
            .map(nearest -> " Did you mean " + Printable.line(nearest) + "?")
            .orElse("");
    return scope.wrong(
        child,
        name(child) + " is not there.",
        (names.isEmpty() ? "There are no children." : "There are " + OwnRecipes.listed(names) + ".")
            + meant);
  }

  private Item child(Item.Child child, Expression.Call call) {
    List<Item> arguments = positional(call);
    if (arguments.isEmpty()) {
      throw scope.wrong(call, name(call.callee()) + " is called without an argument.");
    }
    if (arguments.stream().anyMatch(Item.Child.class::isInstance)) {
      throw scope.wrong(call, name(call.callee()) + " is given a child, which is no array.");
    }
    Map<String, Value> named = named(call);
    if (scope.isOwn()) {
      checkOfChild(child, named, arguments, call);
    }
    Part told = Hidden.told(child.part(), named, scope.recipe.source(), call.position());
    return scope.maker.run(told, child.path(), arguments);
  }

  /** A child is given arrays, and by name only what its print does not show. */
  private void checkOfChild(
      Item.Child child, Map<String, Value> named, List<Item> arguments, Expression.Call call) {
    for (String each : named.keySet()) {
      if (!Hidden.TOLD.contains(each)) {
        throw scope.wrong(
            call, name(call.callee()) + " takes no " + each + ": its print shows its numbers.");
      }
    }
    boolean numbers =
        arguments.stream()
            .anyMatch(each -> each instanceof Item.Scalar && !each.equals(Item.Scalar.NONE));
    if (numbers && child.part() instanceof Part.Leaf) {
      throw scope.wrong(call, name(call.callee()) + " is given a number, which is no array.");
    }
  }

  /** {@code x.flatten(1)}. */
  private Item torch(String method, Item array, Expression.Call call) {
    List<Item> items = new ArrayList<>(List.of(array));
    items.addAll(positional(call));
    return torch(method, items, call);
  }

  /** A call in PyTorch's own words. */
  private Item torch(String written, List<Item> items, Expression.Call call) {
    TorchCall known;
    try {
      known = TorchCall.of(written, items, named(call));
    } catch (TorchCall.RefusedCall e) {
      throw scope.wrong(call, e.refusal().rule(), e.refusal().remedy());
    }
    return known.name().isEmpty()
        ? known.items().get(0)
        : functions.value(known.name(), known.items(), known.named(), call);
  }

  private List<Item> positional(Expression.Call call) {
    return call.arguments().stream()
        .filter(argument -> argument.name().isEmpty())
        .map(argument -> values.value(argument.value()))
        .toList();
  }

  private Map<String, Value> named(Expression.Call call) {
    Map<String, Value> named = new HashMap<>();
    for (Argument argument : call.arguments()) {
      if (!argument.name().isEmpty()) {
        named.put(argument.name(), scope.plain(values.value(argument.value()), argument.value()));
      }
    }
    return named;
  }

  private static String name(Expression callee) {
    if (callee instanceof Expression.Attribute attribute) {
      return (attribute.of() instanceof Expression.Name of ? of.name() + "." : "")
          + attribute.name();
    }
    return callee instanceof Expression.Name name ? name.name() : "what is called";
  }

  static boolean isFunction(Expression.Call call, String name) {
    return call.callee() instanceof Expression.Name callee && callee.name().equals(name);
  }

  private Item function(String name, Expression.Call call) {
    if (name.equals("matmul")
        && call.arguments().size() == 2
        && call.arguments().get(1).value() instanceof Expression.Call own
        && isFunction(own, Functions.PARAMETER)) {
      Edge x = scope.edge(values.value(call.arguments().get(0).value()), call);
      return functions.learned(LearnedSpec.Operation.PROJECT, x, own.arguments());
    }
    List<Item> items = positional(call);
    if (items.isEmpty()) {
      throw scope.wrong(call, name + " is given no array.");
    }
    if (TorchCall.isQualified(name)) {
      return torch(name, items, call);
    }
    return switch (name) {
      case Functions.IN_ORDER -> inOrder(items, call);
      case "super" -> ownBase(items, call);
      default -> functions.value(name, items, named(call), call);
    };
  }

  /** {@code x * parameter('gamma', 96, 1, 1)}: a learned array of the block's own. */
  Item learned(Expression.Infix infix, Expression.Call call) {
    LearnedSpec.Operation operation =
        infix.operator().equals("*") ? LearnedSpec.Operation.MULTIPLY : LearnedSpec.Operation.ADD;
    functions.checkParameter(call.arguments(), call);
    return functions.learned(
        operation, scope.edge(values.value(infix.left()), infix), call.arguments());
  }

  /** {@code in_order(layers, x)}. */
  private Item inOrder(List<Item> items, Expression.Call call) {
    if (items.size() != 2) {
      throw scope.wrong(call, "in_order takes children and an array.");
    }
    Item last = items.get(1);
    for (Item item : scope.many(items.get(0), call)) {
      if (!(item instanceof Item.Child child)) {
        throw scope.wrong(call, "in_order takes children and an array.");
      }
      last = scope.maker.run(child.part(), child.path(), List.of(last));
    }
    return last;
  }

  /** {@code super(x)}, {@code super(x, dim=1)}: the layer that the class is a kind of. */
  private Item ownBase(List<Item> items, Expression.Call call) {
    LayerSpec shown =
        scope
            .block
            .base()
            .orElseThrow(() -> scope.wrong(call, "the class is not a kind of a layer."));
    LayerSpec base = Hidden.told(shown, named(call));
    Edge x = scope.edge(items.get(0), call);
    return new Item.Array(scope.builder.call(new Module(scope.path, base), x));
  }
}
