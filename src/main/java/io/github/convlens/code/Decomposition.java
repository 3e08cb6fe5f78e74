package io.github.convlens.code;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.code.Fragment.Array;
import io.github.convlens.code.Fragment.Item;
import io.github.convlens.code.Fragment.Place;
import io.github.convlens.code.Fragment.Row;
import io.github.convlens.code.Fragment.Statement;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ShapeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cuts a graph into rows and forwards, along the blocks of its tree that can be written alone. The
 * calls of any other block belong to the block around it.
 */
final class Decomposition {
  /** So many lines in one method stay well below the 64 KiB that a method may have. */
  static final int MOST_LINES = 100;

  /** A longer row in a field is a method. */
  private static final int MOST_LINES_OF_FIELD = 12;

  private final Shaped shaped;
  private final Cuts cuts;

  private Decomposition(Shaped shaped) {
    this.shaped = shaped;
    cuts = new Cuts(shaped);
  }

  /**
   * The whole network.
   *
   * @throws ShapeException if it has a layer for which there is no block
   */
  static Fragment of(Shaped shaped) {
    List<Edge> inputs = new ArrayList<>();
    for (int i = 0; i < shaped.inputs().size(); i++) {
      inputs.add(new Edge.OfInput(i));
    }
    int end = shaped.graph().nodes().size();
    return new Decomposition(shaped)
        .fragment(shaped.graph().tree().simpleType(), "", 0, end, inputs, shaped.graph().outputs());
  }

  /** What is called in a piece: the place, the call, what goes in and what comes out. */
  private record Step(
      String path, Node.Origin origin, JavaCall call, List<Edge> inputs, List<Edge> outputs) {}

  private Fragment fragment(
      String type, String path, int from, int end, List<Edge> inputs, List<Edge> outputs) {
    List<Step> steps = new ArrayList<>();
    int next = from;
    while (next < end) {
      Optional<Cuts.Cut> inner = cuts.inside(path, next, end);
      steps.add(inner.isPresent() ? step(inner.get()) : step(next));
      next = inner.map(Cuts.Cut::last).orElse(next) + 1;
    }
    return isRow(steps, inputs, outputs)
        ? row(type, path, steps)
        : forward(type, path, steps, inputs, outputs);
  }

  private Step step(Cuts.Cut block) {
    List<Edge> input = List.of(block.input());
    List<Edge> output = List.of(block.output());
    Fragment inner =
        fragment(block.type(), block.path(), block.first(), block.last() + 1, input, output);
    return new Step(block.path(), Node.Origin.MODULE, new JavaCall.OfBlock(inner), input, output);
  }

  private Step step(int index) {
    Node node = shaped.graph().nodes().get(index);
    List<Edge> outputs = new ArrayList<>();
    for (int i = 0; i < shaped.shapes().get(index).size(); i++) {
      outputs.add(new Edge.OfNode(index, i));
    }
    return new Step(path(node), node.origin(), call(node), node.inputs(), outputs);
  }

  /** A function without a name of its own is called by what it does: {@code layer1.0.add}. */
  private static String path(Node node) {
    boolean isNamed = node.origin() == Node.Origin.MODULE || node.path().endsWith(")");
    return isNamed ? node.path() : Tree.join(node.path(), node.layer().type());
  }

  private JavaCall call(Node node) {
    try {
      return node.layer().accept(new JavaCalls(node.layer().type(), shaped.inputsOf(node)));
    } catch (ShapeException e) {
      throw e.at(node.path(), node.layer());
    }
  }

  private String shape(Step step) {
    return step.outputs().stream()
        .map(shaped::of)
        .map(Shape::toString)
        .collect(Collectors.joining(", "));
  }

  /** Whether each step reads the one before it alone, and no module runs twice. */
  private static boolean isRow(List<Step> steps, List<Edge> inputs, List<Edge> outputs) {
    List<Edge> last = inputs;
    Set<String> modules = new HashSet<>();
    for (Step step : steps) {
      boolean isNew = step.origin() != Node.Origin.MODULE || modules.add(step.path());
      if (last.size() != 1 || !step.inputs().equals(last) || !isNew) {
        return false;
      }
      last = step.outputs();
    }
    return last.size() == 1 && last.equals(outputs);
  }

  private Row row(String type, String path, List<Step> steps) {
    List<Item> items = new ArrayList<>(steps.size());
    for (Step step : steps) {
      String place = step.origin() == Node.Origin.ASSUMED ? step.path() + ", assumed" : step.path();
      String shape = shape(step);
      if (step.call() instanceof JavaCall.OfBlock block) {
        items.add(new Item(place, shape, "add", block.block()));
      } else if (step.call() instanceof JavaCall.OfArrays arrays) {
        String function = "x -> " + arrays.text().replace("<0>", "x");
        items.add(new Item(place, shape, "addSingleton", layer(function)));
      } else {
        items.add(new Item(place, shape, "add", layer("Blocks.identityBlock()")));
      }
    }
    return Row.of(type, path, packed(path, items), Place.FREE);
  }

  private static Fragment layer(String text) {
    return new Fragment.Layer("", Template.of(text));
  }

  /** The items in methods of so many lines as a method may have, and these again. */
  private static List<Item> packed(String path, List<Item> items) {
    List<Item> all = items;
    while (all.stream().mapToInt(item -> Row.linesOf(item.fragment())).sum() > MOST_LINES) {
      List<Item> packed = new ArrayList<>();
      List<Item> pack = new ArrayList<>();
      int lines = 0;
      for (Item item : all) {
        lines += Row.linesOf(item.fragment());
        if (lines > MOST_LINES) {
          packed.add(pack(path, pack));
          pack.clear();
          lines = Row.linesOf(item.fragment());
        }
        pack.add(item);
      }
      packed.add(pack(path, pack));
      all = packed;
    }
    return all;
  }

  private static Item pack(String path, List<Item> items) {
    Item last = items.get(items.size() - 1);
    String names = items.get(0).path() + " to " + last.path();
    return new Item(names, last.shape(), "add", Row.of("Part", path, items, Place.METHOD));
  }

  private Fragment forward(
      String type, String path, List<Step> steps, List<Edge> inputs, List<Edge> outputs) {
    List<Map.Entry<Object, Item>> fields = fields(steps);
    Map<Object, Integer> places = new HashMap<>();
    fields.forEach(field -> places.put(field.getKey(), places.size()));
    Map<Edge, Array> known = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      known.put(inputs.get(i), new Array(-1 - i, 0));
    }
    List<Statement> statements = new ArrayList<>();
    for (Step step : steps) {
      List<Array> arguments = step.inputs().stream().map(known::get).toList();
      if (step.call() instanceof JavaCall.Nothing) {
        known.put(step.outputs().get(0), arguments.get(0));
        continue;
      }
      for (int i = 0; i < step.outputs().size(); i++) {
        known.put(step.outputs().get(i), new Array(statements.size(), i));
      }
      String text = step.call() instanceof JavaCall.OfArrays arrays ? arrays.text() : "";
      int field = places.getOrDefault(key(step), -1);
      statements.add(new Statement(field, text, arguments, step.outputs().size(), shape(step)));
    }
    List<Item> items = fields.stream().map(Map.Entry::getValue).toList();
    List<Array> made = outputs.stream().map(known::get).toList();
    return Fragment.Forward.of(type, path, names(inputs), items, statements, made);
  }

  /** What is called, in the order of {@code print(model)}, so that weights come in PyTorch's. */
  private List<Map.Entry<Object, Item>> fields(List<Step> steps) {
    Map<Object, Item> fields = new LinkedHashMap<>();
    for (Step step : steps) {
      if (step.call() instanceof JavaCall.OfBlock call) {
        boolean isLong = call.block() instanceof Row row && row.lines() > MOST_LINES_OF_FIELD;
        Fragment block = isLong ? ((Row) call.block()).asMethod() : call.block();
        fields.putIfAbsent(key(step), new Item(step.path(), shape(step), "", block));
      }
    }
    return fields.entrySet().stream()
        .sorted(Comparator.comparingInt(field -> cuts.place(field.getValue().path())))
        .toList();
  }

  /** A module is a field by its path; a function is one by what it is. */
  private static Object key(Step step) {
    return step.origin() == Node.Origin.MODULE ? step.path() : step.call();
  }

  private List<String> names(List<Edge> inputs) {
    return inputs.stream()
        .map(
            edge ->
                edge instanceof Edge.OfInput input && inputs.size() > 1
                    ? shaped.graph().inputs().get(input.index())
                    : "x")
        .toList();
  }
}
