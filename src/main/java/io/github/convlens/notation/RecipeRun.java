package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.Recipe.Condition;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Recipe.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One use of a recipe: the calls of a block's {@code forward}. */
final class RecipeRun {
  private final GraphMaker maker;
  private final Graph.Builder builder;
  private final Recipe recipe;
  private final Map<String, List<Part.Named>> children;
  private final String path;
  private final Map<String, Edge> variables = new HashMap<>();
  private final Set<String> called = new HashSet<>();

  RecipeRun(
      GraphMaker maker,
      Graph.Builder builder,
      Recipe recipe,
      Map<String, List<Part.Named>> children,
      String path) {
    this.maker = maker;
    this.builder = builder;
    this.recipe = recipe;
    this.children = children;
    this.path = path;
  }

  /** The block's output for an input. */
  Edge result(Edge x) {
    variables.put("x", x);
    Edge last = x;
    for (Recipe.Step step : recipe.steps()) {
      last = value(step.value());
      variables.put(step.variable(), last);
    }
    children.values().stream().flatMap(List::stream).forEach(this::leftOut);
    return last;
  }

  /** A child that the recipe does not call runs in training only. */
  private void leftOut(Part.Named child) {
    if (!called.contains(child.name())) {
      modules(child.part(), Tree.join(path, child.name()));
      builder.note(
          Note.remark(
              child.part().type()
                  + " runs in training only: it is left out, and so are its parameters.",
              Tree.join(path, child.name())));
    }
  }

  private void modules(Part part, String partPath) {
    if (part instanceof Part.Leaf leaf) {
      builder.notCalled(new Module(partPath, leaf.layer()));
    } else {
      ((Part.Block) part)
          .children()
          .forEach(child -> modules(child.part(), Tree.join(partPath, child.name())));
    }
  }

  private Edge value(Expression expression) {
    if (expression instanceof Expression.Variable variable) {
      Edge edge = variables.get(variable.name());
      if (edge == null) {
        throw wrong(expression, variable.name() + " names children, which are no array.");
      }
      return edge;
    }
    if (expression instanceof Expression.Infix infix) {
      List<Edge> both = List.of(value(infix.left()), value(infix.right()));
      return builder.apply(path, infix.operator() == '+' ? new SumSpec() : new ProductSpec(), both);
    }
    if (expression instanceof Expression.Item item) {
      Edge of = value(item.of());
      if (of instanceof Edge.OfInput) {
        throw wrong(expression, "x is one array, not several.");
      }
      return Graph.Builder.output(of, item.index());
    }
    if (expression instanceof Expression.Choice choice) {
      boolean holds = choice.conditions().stream().allMatch(this::holds);
      return value(holds ? choice.then() : choice.otherwise());
    }
    if (expression instanceof Expression.Call call) {
      return call(call);
    }
    throw wrong(expression, "a number is no array.");
  }

  private Edge call(Expression.Call call) {
    if (call.name().equals(Functions.IN_ORDER) || call.name().equals(Functions.DENSE)) {
      return row(call);
    }
    List<Part.Named> slot = children.get(call.name());
    if (slot == null) {
      return function(call);
    }
    List<Edge> arguments = call.arguments().stream().map(this::value).toList();
    if (arguments.isEmpty()) {
      throw wrong(call, call.name() + " is called without an argument.");
    }
    if (slot.isEmpty()) {
      if (!call.ifThere()) {
        throw wrong(call, call.name() + " may be absent and is called without a ?.");
      }
      return arguments.get(0);
    }
    return child(slot.get(0), arguments);
  }

  private Edge child(Part.Named child, List<Edge> arguments) {
    called.add(child.name());
    return maker.run(child.part(), Tree.join(path, child.name()), arguments);
  }

  /** {@code in_order(layers*, x)} and {@code dense(layers*, x)}. */
  private Edge row(Expression.Call call) {
    if (call.arguments().size() != 2
        || !(call.arguments().get(0) instanceof Expression.Variable slot)
        || !children.containsKey(slot.name())) {
      throw wrong(call, call.name() + " takes the children of a slot and an array.");
    }
    Edge last = value(call.arguments().get(1));
    for (Part.Named child : members(children.get(slot.name()))) {
      Edge next = child(child, List.of(last));
      last =
          call.name().equals(Functions.DENSE)
              ? builder.apply(path, ConcatenationSpec.OF_CHANNELS, List.of(last, next))
              : next;
    }
    return last;
  }

  /** The children of a slot; a single Sequential stands for its own. */
  private List<Part.Named> members(List<Part.Named> slot) {
    if (slot.size() == 1
        && slot.get(0).part() instanceof Part.Block block
        && block.type().equals("Sequential")) {
      String name = slot.get(0).name();
      called.add(name);
      return block.children().stream()
          .map(child -> new Part.Named(Tree.join(name, child.name()), child.part()))
          .toList();
    }
    return slot;
  }

  private Edge function(Expression.Call call) {
    List<Long> numbers = new ArrayList<>();
    List<Edge> arrays = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      if (argument instanceof Expression.Numbers all) {
        numbers.addAll(all.values());
      } else {
        arrays.add(value(argument));
      }
    }
    LayerSpec layer = layer(call, numbers);
    boolean joins = call.name().equals("cat") || call.name().equals("matmul");
    if (arrays.isEmpty() || (arrays.size() > 1 && !joins)) {
      throw wrong(call, call.name() + " is given " + arrays.size() + " arrays.");
    }
    return builder.apply(joins ? path : Tree.join(path, "(" + call.name() + ")"), layer, arrays);
  }

  private LayerSpec layer(Expression.Call call, List<Long> numbers) {
    try {
      return Functions.of(call.name(), numbers);
    } catch (ShapeException e) {
      throw recipe.source().error(call.position(), e);
    }
  }

  private boolean holds(Condition condition) {
    return (quantity(condition.left()) == quantity(condition.right())) == condition.equal();
  }

  private long quantity(Quantity quantity) {
    if (quantity.name().isEmpty()) {
      return quantity.number();
    }
    List<ConvSpec> convolutions = new ArrayList<>();
    for (Part.Named child : children.getOrDefault(quantity.child(), List.of())) {
      collect(child.part(), convolutions);
    }
    if (convolutions.isEmpty()) {
      return quantity.name().equals("stride") ? 1 : 0;
    }
    return switch (quantity.name()) {
      case "in" -> convolutions.get(0).inChannels();
      case "out" -> convolutions.get(convolutions.size() - 1).outChannels();
      default -> convolutions.stream().mapToLong(RecipeRun::stride).max().orElseThrow();
    };
  }

  /** The largest stride of a convolution on any axis. */
  private static long stride(ConvSpec conv) {
    long largest = 1;
    for (Axis axis : conv.window().axes()) {
      largest = Math.max(largest, conv.window().stride().on(axis));
    }
    return largest;
  }

  private static void collect(Part part, List<ConvSpec> convolutions) {
    if (part instanceof Part.Block block) {
      block.children().forEach(child -> collect(child.part(), convolutions));
    } else if (part instanceof Part.Leaf leaf && leaf.layer() instanceof ConvSpec conv) {
      convolutions.add(conv);
    }
  }

  private NotationException wrong(Expression expression, String rule) {
    return recipe
        .source()
        .error(expression.position(), rule, "Mend the recipe of " + recipe.types().get(0) + ".");
  }
}
