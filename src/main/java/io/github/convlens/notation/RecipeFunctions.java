package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.Recipe.Argument;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Value.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The functions of a recipe: of numbers, of lists, of children, and those of torch. */
final class RecipeFunctions {
  private static final int MOST_STEPS = 10_000;

  private final RecipeScope scope;
  private final RecipeValues values;

  RecipeFunctions(RecipeScope scope, RecipeValues values) {
    this.scope = scope;
    this.values = values;
  }

  /** What a function makes of its arguments by position and by name. */
  Item value(String name, List<Item> items, Map<String, Value> named, Expression.Call call) {
    return switch (name) {
      case "prepend" -> {
        List<Argument> parameter = call.arguments().subList(1, call.arguments().size());
        checkParameter(parameter, call);
        yield learned(LearnedSpec.Operation.PREPEND, scope.edge(items.get(0), call), parameter);
      }
      case "sqrt" ->
          new Item.Scalar(new Value.Decimal(Math.sqrt(scope.decimal(items.get(0), call))));
      case "len" -> Item.Scalar.of(scope.many(items.get(0), call).size());
      case "range" -> range(items, call);
      case "zip" -> zip(items, call);
      case "reversed" -> {
        List<Item> reversed = new ArrayList<>(scope.many(items.get(0), call));
        Collections.reverse(reversed);
        yield new Item.Many(reversed);
      }
      case "type" ->
          new Item.Scalar(
              new Text(items.get(0) instanceof Item.Child child ? child.part().type() : "None"));
      case "stride", "dilation", "kernel_size", "groups", "in_channels", "out_channels" ->
          Item.Scalar.of(Quantities.of(name, items.get(0)));
      default -> arrays(name, items, named, call);
    };
  }

  Item learned(LearnedSpec.Operation operation, Edge x, List<Argument> arguments) {
    if (!(values.value(arguments.get(0).value()) instanceof Item.Scalar scalar)
        || !(scalar.value() instanceof Text name)) {
      throw scope.wrong(arguments.get(0).value(), "a parameter has a name and sizes.");
    }
    List<Long> sizes =
        arguments.stream().skip(1).map(argument -> values.whole(argument.value())).toList();
    Module module =
        new Module(Tree.join(scope.path, name.value()), new LearnedSpec(operation, sizes));
    return new Item.Array(scope.builder.call(module, x));
  }

  void checkParameter(List<Argument> arguments, Expression at) {
    if (arguments.isEmpty()) {
      throw scope.wrong(at, "a parameter has a name and sizes.");
    }
  }

  private Item range(List<Item> items, Expression at) {
    long from = items.size() > 1 ? scope.number(items.get(0), at) : 0;
    long to = scope.number(items.get(items.size() > 1 ? 1 : 0), at);
    long step = items.size() > 2 ? scope.number(items.get(2), at) : 1;
    if (items.size() > 3 || step == 0) {
      throw scope.wrong(
          at, "a range has a start, an end and a step, which is not 0.", "Write range(6, 0, -1).");
    }
    long count = Math.max(0, Math.floorDiv(to - from + step - Long.signum(step), step));
    if (count > MOST_STEPS) {
      throw scope.wrong(at, "a range has at most " + MOST_STEPS + " numbers.");
    }
    return new Item.Many(
        IntStream.range(0, (int) count)
            .mapToObj(i -> (Item) Item.Scalar.of(from + i * step))
            .toList());
  }

  private Item zip(List<Item> lists, Expression at) {
    return rows(lists.stream().map(list -> scope.many(list, at)).toList());
  }

  /** Columns as rows. */
  static Item rows(List<List<Item>> columns) {
    int shortest = columns.stream().mapToInt(List::size).min().orElse(0);
    List<Item> rows = new ArrayList<>();
    for (int i = 0; i < shortest; i++) {
      int row = i;
      rows.add(new Item.Many(columns.stream().map(column -> column.get(row)).toList()));
    }
    return new Item.Many(rows);
  }

  /** A function of torch's: arrays first, then numbers. */
  private Item arrays(
      String name, List<Item> items, Map<String, Value> named, Expression.Call call) {
    List<Edge> arrays = new ArrayList<>();
    List<Value> numbers = new ArrayList<>();
    items.forEach(item -> sort(item, arrays, numbers, call));
    Functions.Call numbersOf =
        new Functions.Call(name, numbers, named, scope.recipe.source(), call.position());
    LayerSpec layer;
    try {
      layer = layer(numbersOf);
    } catch (NotationException e) {
      throw scope.isOwn() ? e : scope.notForThis();
    }
    if (arrays.isEmpty()) {
      throw scope.wrong(call, name + " is given no array.");
    }
    if (arrays.size() > 1 && Functions.isOfOneArray(name)) {
      throw scope.wrong(call, name + " is given " + arrays.size() + " arrays.");
    }
    boolean joins = name.equals("cat") || name.equals("sum") || name.equals("matmul");
    Edge first =
        scope.builder.apply(
            joins ? scope.path : Tree.join(scope.path, "(" + name + ")"), layer, arrays);
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
      numbers.add(scope.plain(item, at));
    } else {
      scope.many(item, at).forEach(each -> sort(each, arrays, numbers, at));
    }
  }
}
