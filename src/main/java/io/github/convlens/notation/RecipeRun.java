package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.Recipe.Argument;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Recipe.Statement;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Text;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One use of a recipe: the calls of a block's {@code forward}. */
final class RecipeRun {
  private static final int MOST_STEPS = 10_000;

  private static final String ARRAY_AND_NUMBER =
      "an array and a number are joined by +, - or *, an array is divided by a number, not ";

  private final GraphMaker maker;
  private final Graph.Builder builder;
  private final Recipe recipe;
  private final Part.Block block;
  private final String path;
  private final Map<String, Item> variables = new HashMap<>();
  private final Set<String> called = new HashSet<>();

  RecipeRun(
      GraphMaker maker,
      Graph.Builder builder,
      Recipe recipe,
      Part.Block block,
      Map<String, List<Part.Named>> children,
      String path) {
    this.maker = maker;
    this.builder = builder;
    this.recipe = recipe;
    this.block = block;
    this.path = path;
    for (Recipe.Slot slot : recipe.children()) {
      List<Item> members = new ArrayList<>();
      for (Part.Named child : children.getOrDefault(slot.name(), List.of())) {
        members.add(new Item.Child(child.part(), Tree.join(path, child.name())));
      }
      String name = slot.name().isEmpty() ? RecipeExpressions.ALL : slot.name();
      boolean isMany = slot.count() == Recipe.Count.MANY;
      variables.put(
          name,
          isMany ? new Item.Many(members) : members.isEmpty() ? Item.Scalar.NONE : members.get(0));
    }
  }

  /** The block's output for its inputs. */
  Item result(List<Item> inputs) {
    if (inputs.size() > recipe.inputs().size()) {
      throw maker
          .source()
          .error(
              block.position(),
              block.type() + " is given " + inputs.size() + " arrays.",
              "Its forward takes " + String.join(", ", recipe.inputs()) + ".");
    }
    for (int i = 0; i < recipe.inputs().size(); i++) {
      variables.put(recipe.inputs().get(i), i < inputs.size() ? inputs.get(i) : Item.Scalar.NONE);
    }
    Item result = run(recipe.steps());
    checkArrays(result, recipe.steps().get(recipe.steps().size() - 1));
    block.children().forEach(child -> leftOut(child.part(), Tree.join(path, child.name())));
    return result;
  }

  private void checkArrays(Item result, Statement last) {
    if (result instanceof Item.Many many) {
      many.items().forEach(item -> checkArrays(item, last));
    } else if (!(result instanceof Item.Array) && !(last instanceof Statement.Refuse)) {
      throw recipe
          .source()
          .error(
              last instanceof Statement.Assign assign
                  ? assign.value().position()
                  : recipe.position(),
              "what it computes is no array.",
              mend());
    }
  }

  private Item run(List<Statement> steps) {
    Item last = Item.Scalar.NONE;
    for (Statement step : steps) {
      if (step instanceof Statement.Assign assign) {
        last = value(assign.value());
        assign(assign.targets(), last, assign.value());
      } else if (step instanceof Statement.Loop loop) {
        for (Item item : many(loop.of())) {
          assign(loop.variables(), item, loop.of());
          last = run(loop.body());
        }
      } else if (step instanceof Statement.Assume assume && holds(assume.condition())) {
        builder.note(Note.assumption(block.type() + ": " + assume.what() + ".", path));
      } else if (step instanceof Statement.Remark remark && holds(remark.condition())) {
        builder.note(Note.remark(block.type() + ": " + remark.what() + ".", ""));
      } else if (step instanceof Statement.Refuse refuse && holds(refuse.condition())) {
        throw maker.cannotBeRead(block, refuse.reason());
      }
    }
    return last;
  }

  private boolean holds(@Nullable Expression condition) {
    return condition == null || isTrue(value(condition));
  }

  private void assign(List<String> targets, Item value, Expression at) {
    if (targets.size() < 2) {
      targets.forEach(target -> variables.put(target, value));
      return;
    }
    boolean outputs = value instanceof Item.Array;
    int there = outputs ? targets.size() : many(value, at).size();
    if (there != targets.size()) {
      throw wrong(at, "there are " + targets.size() + " names for " + there + " values.");
    }
    for (int i = 0; i < targets.size(); i++) {
      variables.put(targets.get(i), index(value, i, at));
    }
  }

  /** What the recipe does not call is there all the same: auxiliary heads, for instance. */
  private void leftOut(Part part, String partPath) {
    if (called.contains(partPath)) {
      return;
    }
    if (part instanceof Part.Leaf leaf) {
      builder.notCalled(new Module(partPath, leaf.layer()));
      return;
    }
    boolean partly = called.stream().anyMatch(each -> each.startsWith(partPath + "."));
    if (!partly && maker.learns(part)) {
      builder.note(
          Note.remark(
              part.type()
                  + " is not called in evaluation: it is left out, and so are its parameters.",
              partPath));
    }
    ((Part.Block) part)
        .children()
        .forEach(child -> leftOut(child.part(), Tree.join(partPath, child.name())));
  }

  private Item value(Expression expression) {
    if (expression instanceof Expression.Name name) {
      Item item = variables.get(name.name());
      if (item == null) {
        throw wrong(expression, name.name() + " has no value yet.");
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
      return index(value(index.of()), whole(index.index()), index);
    }
    if (expression instanceof Expression.Slice slice) {
      return slice(slice);
    }
    if (expression instanceof Expression.Call call) {
      return call(call);
    }
    if (expression instanceof Expression.Choice choice) {
      return value(isTrue(value(choice.condition())) ? choice.then() : choice.otherwise());
    }
    if (expression instanceof Expression.Unary unary) {
      return unary.operator().equals("not")
          ? Item.Scalar.of(!isTrue(value(unary.of())))
          : Item.Scalar.of(-whole(unary.of()));
    }
    return infix((Expression.Infix) expression);
  }

  /** A member of a list, or one of the outputs of a layer that has several. */
  private Item index(Item of, long index, Expression at) {
    if (of instanceof Item.Array array && array.edge() instanceof Edge.OfNode) {
      return new Item.Array(Graph.Builder.output(array.edge(), (int) index));
    }
    List<Item> items = many(of, at);
    return items.get(place(index, items.size(), at));
  }

  private Item each(Expression.Each each) {
    List<Item> results = new ArrayList<>();
    for (Item item : many(each.of())) {
      assign(each.variables(), item, each.of());
      if (each.condition() == null || isTrue(value(each.condition()))) {
        results.add(value(each.body()));
      }
    }
    return new Item.Many(results);
  }

  /** {@code block.conv}, {@code self.pool_type}, {@code pool.pool_type}; None if it is absent. */
  private Item attribute(Expression.Attribute attribute) {
    if (attribute.of() instanceof Expression.Name name && name.name().equals("self")) {
      return own(block, attribute.name());
    }
    if (!(value(attribute.of()) instanceof Item.Child child)
        || !(child.part() instanceof Part.Block inner)) {
      throw wrong(attribute, attribute.name() + " is asked of what has no children.");
    }
    return inner.children().stream()
        .filter(each -> each.name().equals(attribute.name()))
        .map(each -> (Item) new Item.Child(each.part(), Tree.join(child.path(), each.name())))
        .findFirst()
        .orElse(own(inner, attribute.name()));
  }

  private static Item own(Part.Block block, String name) {
    Value own = block.own().get(name);
    return own == null ? Item.Scalar.NONE : new Item.Scalar(own);
  }

  private Item slice(Expression.Slice slice) {
    List<Item> items = many(slice.of());
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
      throw wrong(at, "there is no [" + index + "] among " + size + ".");
    }
    return (int) place;
  }

  private Item infix(Expression.Infix infix) {
    String operator = infix.operator();
    if (operator.equals("and") || operator.equals("or")) {
      Item left = value(infix.left());
      return isTrue(left) == operator.equals("and") ? value(infix.right()) : left;
    }
    if (operator.equals("==") || operator.equals("!=")) {
      boolean equal = plain(value(infix.left())).equals(plain(value(infix.right())));
      return Item.Scalar.of(equal == operator.equals("=="));
    }
    if (infix.right() instanceof Expression.Call call && isFunction(call, Functions.PARAMETER)) {
      return learned(infix, call);
    }
    Item left = value(infix.left());
    Item right = value(infix.right());
    if (operator.equals("+") && left instanceof Item.Many && right instanceof Item.Many) {
      return joined(many(left, infix), many(right, infix));
    }
    return left instanceof Item.Array || right instanceof Item.Array
        ? joined(operator, left, right, infix)
        : computed(operator, number(left, infix), number(right, infix), infix);
  }

  private static Item joined(List<Item> first, List<Item> rest) {
    List<Item> all = new ArrayList<>(first);
    all.addAll(rest);
    return new Item.Many(all);
  }

  private Item joined(String operator, Item left, Item right, Expression at) {
    if (right instanceof Item.Scalar) {
      return scaled(operator, edge(left, at), decimal(right, at), at);
    }
    if (left instanceof Item.Scalar) {
      return scaled(decimal(left, at), operator, edge(right, at), at);
    }
    List<Edge> both = List.of(edge(left, at), edge(right, at));
    return switch (operator) {
      case "+" -> applied(new SumSpec(), both);
      case "*" -> applied(new ProductSpec(), both);
      case "-" -> {
        Edge negative = builder.apply(path, ScaleSpec.times(-1), List.of(both.get(1)));
        yield applied(new SumSpec(), List.of(both.get(0), negative));
      }
      default -> throw wrong(at, "arrays are joined by +, - or *, not by " + operator + ".");
    };
  }

  private Item applied(LayerSpec layer, List<Edge> arrays) {
    return new Item.Array(builder.apply(path, layer, arrays));
  }

  /** {@code x * 0.2}, {@code x / 2}, {@code x + 1}, {@code x - 1}. */
  private Item scaled(String operator, Edge x, double number, Expression at) {
    if (number == 0 && operator.equals("/")) {
      throw wrong(at, "this divides by zero.");
    }
    LayerSpec layer =
        switch (operator) {
          case "*" -> ScaleSpec.times(number);
          case "/" -> ScaleSpec.times(1 / number);
          case "+" -> ScaleSpec.plus(number);
          case "-" -> ScaleSpec.plus(-number);
          default -> throw wrong(at, ARRAY_AND_NUMBER + operator + ".");
        };
    return applied(layer, List.of(x));
  }

  /** {@code 0.2 * x}, {@code 1 + x}, {@code 1 - x}. */
  private Item scaled(double number, String operator, Edge x, Expression at) {
    LayerSpec layer =
        switch (operator) {
          case "*" -> ScaleSpec.times(number);
          case "+" -> ScaleSpec.plus(number);
          case "-" -> new ScaleSpec(-1, number);
          default -> throw wrong(at, ARRAY_AND_NUMBER + operator + ".");
        };
    return applied(layer, List.of(x));
  }

  private Item computed(String operator, long left, long right, Expression at) {
    if (operator.equals("/")) {
      throw wrong(at, "whole numbers are divided by //.");
    }
    if (right == 0 && (operator.equals("//") || operator.equals("%"))) {
      throw wrong(at, "this divides by zero.");
    }
    return switch (operator) {
      case "+" -> Item.Scalar.of(left + right);
      case "-" -> Item.Scalar.of(left - right);
      case "*" -> Item.Scalar.of(left * right);
      case "//" -> Item.Scalar.of(Math.floorDiv(left, right));
      case "%" -> Item.Scalar.of(Math.floorMod(left, right));
      case "<" -> Item.Scalar.of(left < right);
      case "<=" -> Item.Scalar.of(left <= right);
      case ">" -> Item.Scalar.of(left > right);
      default -> Item.Scalar.of(left >= right);
    };
  }

  /** {@code x * parameter('gamma', 96, 1, 1)}: a learned array of the block's own. */
  private Item learned(Expression.Infix infix, Expression.Call call) {
    LearnedSpec.Operation operation =
        infix.operator().equals("*") ? LearnedSpec.Operation.MULTIPLY : LearnedSpec.Operation.ADD;
    checkParameter(call.arguments(), call);
    return learned(operation, edge(value(infix.left()), infix), call.arguments());
  }

  private void checkParameter(List<Argument> arguments, Expression at) {
    if (arguments.isEmpty()) {
      throw wrong(at, "a parameter has a name and sizes.");
    }
  }

  private Item learned(LearnedSpec.Operation operation, Edge x, List<Argument> arguments) {
    if (!(value(arguments.get(0).value()) instanceof Item.Scalar scalar)
        || !(scalar.value() instanceof Text name)) {
      throw wrong(arguments.get(0).value(), "a parameter has a name and sizes.");
    }
    List<Long> sizes = arguments.stream().skip(1).map(argument -> whole(argument.value())).toList();
    Module module = new Module(Tree.join(path, name.value()), new LearnedSpec(operation, sizes));
    return new Item.Array(builder.call(module, x));
  }

  private static boolean isFunction(Expression.Call call, String name) {
    return call.callee() instanceof Expression.Name callee && callee.name().equals(name);
  }

  private Item call(Expression.Call call) {
    if (call.callee() instanceof Expression.Name name && !variables.containsKey(name.name())) {
      return function(name.name(), call);
    }
    Item callee = value(call.callee());
    if (callee instanceof Item.Child child) {
      return child(child, call);
    }
    if (callee.equals(Item.Scalar.NONE) && call.ifThere() && call.arguments().size() == 1) {
      return value(call.arguments().get(0).value());
    }
    throw wrong(
        call,
        name(call.callee())
            + (callee.equals(Item.Scalar.NONE)
                ? " may be absent and is called without a ?."
                : " is no child: it cannot be called."));
  }

  private Item child(Item.Child child, Expression.Call call) {
    called.add(child.path());
    List<Item> arguments = new ArrayList<>();
    for (Argument argument : call.arguments()) {
      if (argument.name().isEmpty()) {
        arguments.add(value(argument.value()));
      }
    }
    if (arguments.isEmpty()) {
      throw wrong(call, name(call.callee()) + " is called without an argument.");
    }
    if (arguments.stream().anyMatch(Item.Child.class::isInstance)) {
      throw wrong(call, name(call.callee()) + " is given a child, which is no array.");
    }
    Map<String, Value> named = named(call);
    if (recipe.section().equals(Recipe.Section.OWN)) {
      checkOfChild(child, named, arguments, call);
    }
    Part told = Hidden.told(child.part(), named, recipe.source(), call.position());
    return maker.run(told, child.path(), arguments);
  }

  /** A child is given arrays, and by name only what its print does not show. */
  private void checkOfChild(
      Item.Child child, Map<String, Value> named, List<Item> arguments, Expression.Call call) {
    for (String each : named.keySet()) {
      if (!Hidden.TOLD.contains(each)) {
        throw wrong(
            call, name(call.callee()) + " takes no " + each + ": its print shows its numbers.");
      }
    }
    boolean numbers =
        arguments.stream()
            .anyMatch(each -> each instanceof Item.Scalar && !each.equals(Item.Scalar.NONE));
    if (numbers && child.part() instanceof Part.Leaf) {
      throw wrong(call, name(call.callee()) + " is given a number, which is no array.");
    }
  }

  private Map<String, Value> named(Expression.Call call) {
    Map<String, Value> named = new HashMap<>();
    for (Argument argument : call.arguments()) {
      if (!argument.name().isEmpty()) {
        named.put(argument.name(), plain(value(argument.value()), argument.value()));
      }
    }
    return named;
  }

  private static String name(Expression callee) {
    return callee instanceof Expression.Name name ? name.name() : "what is called";
  }

  private Item function(String name, Expression.Call call) {
    if (name.equals("matmul")
        && call.arguments().size() == 2
        && call.arguments().get(1).value() instanceof Expression.Call own
        && isFunction(own, Functions.PARAMETER)) {
      Edge x = edge(value(call.arguments().get(0).value()), call);
      return learned(LearnedSpec.Operation.PROJECT, x, own.arguments());
    }
    List<Item> items =
        call.arguments().stream()
            .filter(argument -> argument.name().isEmpty())
            .map(argument -> argument.value())
            .map(this::value)
            .toList();
    if (items.isEmpty()) {
      throw wrong(call, name + " is given no array.");
    }
    return switch (name) {
      case Functions.IN_ORDER -> inOrder(items, call);
      case "super" -> ownBase(items, call);
      case "prepend" -> {
        List<Argument> parameter = call.arguments().subList(1, call.arguments().size());
        checkParameter(parameter, call);
        yield learned(LearnedSpec.Operation.PREPEND, edge(items.get(0), call), parameter);
      }
      case "sqrt" -> new Item.Scalar(new Value.Decimal(Math.sqrt(decimal(items.get(0), call))));
      case "len" -> Item.Scalar.of(many(items.get(0), call).size());
      case "range" -> range(items, call);
      case "zip" -> zip(items, call);
      case "reversed" -> {
        List<Item> reversed = new ArrayList<>(many(items.get(0), call));
        Collections.reverse(reversed);
        yield new Item.Many(reversed);
      }
      case "type" ->
          new Item.Scalar(
              new Text(items.get(0) instanceof Item.Child child ? child.part().type() : "None"));
      case "stride", "dilation", "kernel_size", "groups", "in_channels", "out_channels" ->
          Item.Scalar.of(Quantities.of(name, items.get(0)));
      default -> arrays(name, items, call);
    };
  }

  private Item range(List<Item> items, Expression at) {
    long from = items.size() > 1 ? number(items.get(0), at) : 0;
    long to = number(items.get(items.size() - 1), at);
    if (to - from > MOST_STEPS) {
      throw wrong(at, "a range has at most " + MOST_STEPS + " numbers.");
    }
    return new Item.Many(
        IntStream.range((int) from, (int) to).mapToObj(i -> (Item) Item.Scalar.of(i)).toList());
  }

  private Item zip(List<Item> lists, Expression at) {
    List<List<Item>> columns = lists.stream().map(list -> many(list, at)).toList();
    int shortest = columns.stream().mapToInt(List::size).min().orElse(0);
    List<Item> rows = new ArrayList<>();
    for (int i = 0; i < shortest; i++) {
      int row = i;
      rows.add(new Item.Many(columns.stream().map(column -> column.get(row)).toList()));
    }
    return new Item.Many(rows);
  }

  /** {@code in_order(layers, x)}. */
  private Item inOrder(List<Item> items, Expression.Call call) {
    if (items.size() != 2) {
      throw wrong(call, "in_order takes children and an array.");
    }
    Item last = items.get(1);
    for (Item item : many(items.get(0), call)) {
      if (!(item instanceof Item.Child child)) {
        throw wrong(call, "in_order takes children and an array.");
      }
      called.add(child.path());
      last = maker.run(child.part(), child.path(), List.of(last));
    }
    return last;
  }

  /** {@code super(x)}, {@code super(x, dim=1)}: the layer that the class is a kind of. */
  private Item ownBase(List<Item> items, Expression.Call call) {
    LayerSpec shown =
        block.base().orElseThrow(() -> wrong(call, "the class is not a kind of a layer."));
    LayerSpec base = Hidden.told(shown, named(call));
    Edge x = edge(items.get(0), call);
    return new Item.Array(builder.call(new Module(path, base), x));
  }

  /** A function of torch's: arrays first, then numbers. */
  private Item arrays(String name, List<Item> items, Expression.Call call) {
    List<Edge> arrays = new ArrayList<>();
    List<Value> numbers = new ArrayList<>();
    items.forEach(item -> sort(item, arrays, numbers, call));
    Functions.Call numbersOf =
        new Functions.Call(name, numbers, named(call), recipe.source(), call.position());
    LayerSpec layer;
    try {
      layer = layer(numbersOf);
    } catch (NotationException e) {
      throw recipe.section().equals(Recipe.Section.OWN) ? e : notForThis();
    }
    if (arrays.isEmpty()) {
      throw wrong(call, name + " is given no array.");
    }
    if (arrays.size() > 1 && Functions.isOfOneArray(name)) {
      throw wrong(call, name + " is given " + arrays.size() + " arrays.");
    }
    boolean joins = name.equals("cat") || name.equals("sum") || name.equals("matmul");
    Edge first = builder.apply(joins ? path : Tree.join(path, "(" + name + ")"), layer, arrays);
    return layer instanceof SplitSpec split ? parts(first, split) : new Item.Array(first);
  }

  private static LayerSpec layer(Functions.Call call) {
    return switch (call.name()) {
      case "cat" -> Functions.cat(call);
      case "sum" -> {
        call.checkNames(List.of());
        yield new SumSpec();
      }
      case "matmul" -> new MatrixProductSpec();
      case "attention" -> new AttentionSpec();
      case "interpolate_like", "pad_like", "crop_like", "map_like", "rows_like" ->
          new FitSpec(Functions.fit(call));
      default -> call.layer();
    };
  }

  private static Item parts(Edge first, SplitSpec split) {
    long count =
        split.parts() instanceof SplitSpec.Parts.Chunks chunks
            ? chunks.number()
            : ((SplitSpec.Parts.Sizes) split.parts()).sizes().size();
    return new Item.Many(
        IntStream.range(0, (int) count)
            .mapToObj(i -> (Item) new Item.Array(Graph.Builder.output(first, i)))
            .toList());
  }

  private void sort(Item item, List<Edge> arrays, List<Value> numbers, Expression at) {
    if (item instanceof Item.Array array) {
      arrays.add(array.edge());
    } else if (item instanceof Item.Scalar scalar) {
      numbers.add(scalar.value());
    } else if (item instanceof Item.Many many
        && many.items().stream().allMatch(Item.Scalar.class::isInstance)) {
      numbers.add(plain(item, at));
    } else {
      many(item, at).forEach(each -> sort(each, arrays, numbers, at));
    }
  }

  private Value plain(Item item, Expression at) {
    if (item instanceof Item.Scalar scalar) {
      return scalar.value();
    }
    return new Value.Tuple(many(item, at).stream().map(each -> plain(each, at)).toList());
  }

  /** What two items are compared by. */
  private static Object plain(Item item) {
    if (!(item instanceof Item.Scalar scalar)) {
      return item;
    }
    if (scalar.value() instanceof Value.Word word) {
      return new Text(word.value());
    }
    return scalar.value();
  }

  private List<Item> many(Expression expression) {
    return many(value(expression), expression);
  }

  /** The members of a list, or the children of a child. */
  private List<Item> many(Item item, Expression at) {
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

  private Edge edge(Item item, Expression at) {
    if (item instanceof Item.Array array) {
      return array.edge();
    }
    throw wrong(
        at,
        item instanceof Item.Child
            ? "a child is no array: call it."
            : item instanceof Item.Many ? "these are several arrays." : "this is no array.");
  }

  private long whole(Expression expression) {
    return number(value(expression), expression);
  }

  private long number(Item item, Expression at) {
    if (item instanceof Item.Scalar scalar && scalar.value() instanceof Whole whole) {
      return whole.value();
    }
    throw wrong(at, "this is no whole number.");
  }

  private double decimal(Item item, Expression at) {
    if (item instanceof Item.Scalar scalar && scalar.value() instanceof Value.Decimal decimal) {
      return decimal.value();
    }
    return number(item, at);
  }

  /** As in Python: None, False, 0 and empty lists are false. */
  private static boolean isTrue(Item item) {
    if (item instanceof Item.Many many) {
      return !many.items().isEmpty();
    }
    return !(item instanceof Item.Scalar scalar
        && (scalar.value() == Constant.NONE
            || scalar.value() == Constant.FALSE
            || scalar.value().equals(new Whole(0))));
  }

  /** A mistake of a user's recipe; a known one is right, and what is here is not what it is for. */
  private NotationException wrong(Expression expression, String rule) {
    return recipe.section().equals(Recipe.Section.OWN)
        ? recipe.source().error(expression.position(), rule, mend())
        : notForThis();
  }

  private NotationException notForThis() {
    int inputs = recipe.inputs().size();
    return maker.cannotBeRead(
        block,
        inputs > 1
            ? "its forward takes "
                + String.join(", ", recipe.inputs())
                + ", and what it is given here is not that"
            : "it is not used here as " + recipe.section().name() + "'s is");
  }

  private String mend() {
    return "Mend the recipe of " + recipe.types().get(0) + ".";
  }
}
