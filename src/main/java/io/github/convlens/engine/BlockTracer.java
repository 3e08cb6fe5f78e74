package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import io.github.convlens.engine.BlockTrace.Row;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.LayerSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Follows shapes through a tree of blocks, and through the calls of a network of ours. */
final class BlockTracer {
  private static final String BEHIND = "what comes in is not known";

  private static final String AXIS =
      "the channels of a BatchNorm that is not initialised are taken to be on axis 1, DJL's"
          + " default; initialise it to know";

  private final List<Row> rows = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();

  /** Parameters that have their row; a block that runs twice has them once. */
  private final Set<Parameter> counted = Collections.newSetFromMap(new IdentityHashMap<>());

  private BlockTracer() {}

  static BlockTrace trace(Block block, List<Shape> inputs) {
    BlockTracer tracer = new BlockTracer();
    Optional<List<Shape>> outputs = tracer.visit("", block, Optional.of(inputs));
    return new BlockTrace(inputs, tracer.rows, outputs, List.copyOf(tracer.notes));
  }

  private Optional<List<Shape>> visit(String path, Block block, Optional<List<Shape>> inputs) {
    if (block instanceof GraphBlock network) {
      return network(path, network, inputs);
    }
    if (block instanceof SequentialBlock row && Leaf.runsAs(block, SequentialBlock.class)) {
      return row(path, row, inputs);
    }
    if (block instanceof ParallelBlock branches && Leaf.runsAs(block, ParallelBlock.class)) {
      return branches(path, branches, inputs);
    }
    if (block.getChildren().isEmpty()) {
      return leaf(path, block, inputs);
    }
    return custom(path, block, inputs);
  }

  /** A network of ours knows its calls: a row for each, functions and joins among them. */
  private Optional<List<Shape>> network(
      String path, GraphBlock block, Optional<List<Shape>> inputs) {
    Graph graph = block.graph();
    List<Optional<List<Shape>>> made = new ArrayList<>();
    for (Node node : graph.nodes()) {
      LayerSpec layer = node.layer();
      Leaf leaf =
          shapes(node.inputs(), inputs, made)
              .map(shapes -> Leaf.of(layer, shapes))
              .orElse(Leaf.unknown(BEHIND));
      Function<Parameter, OptionalLong> size =
          parameter -> OptionalLong.of(Leaf.size(layer, parameter));
      rows.add(
          row(Tree.join(path, node.path()), layer.type(), block.block(made.size()), size, leaf));
      made.add(leaf.outputs());
    }
    return shapes(graph.outputs(), inputs, made);
  }

  private static Optional<List<Shape>> shapes(
      List<Edge> edges, Optional<List<Shape>> inputs, List<Optional<List<Shape>>> made) {
    List<Shape> shapes = new ArrayList<>();
    for (Edge edge : edges) {
      Optional<List<Shape>> source =
          edge instanceof Edge.OfNode from ? made.get(from.node()) : inputs;
      int place = edge instanceof Edge.OfNode from ? from.output() : ((Edge.OfInput) edge).index();
      if (source.isEmpty() || place >= source.get().size()) {
        return Optional.empty();
      }
      shapes.add(source.get().get(place));
    }
    return Optional.of(shapes);
  }

  private Optional<List<Shape>> row(
      String path, SequentialBlock block, Optional<List<Shape>> inputs) {
    Optional<List<Shape>> shapes = inputs;
    Optional<List<Shape>> all = Optional.of(List.of());
    for (Inner child : children(path, block)) {
      shapes = visit(child.path(), child.block(), shapes);
      all = both(all, shapes);
    }
    return block.isReturnIntermediate() ? all : shapes;
  }

  private static Optional<List<Shape>> both(
      Optional<List<Shape>> first, Optional<List<Shape>> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    List<Shape> all = new ArrayList<>(first.get());
    all.addAll(second.get());
    return Optional.of(all);
  }

  /** How branches are joined is a function; DJL applies it to empty arrays of the right shapes. */
  private Optional<List<Shape>> branches(
      String path, ParallelBlock block, Optional<List<Shape>> inputs) {
    Optional<List<Shape>> all = Optional.of(List.of());
    for (Inner child : children(path, block)) {
      all = both(all, visit(child.path(), child.block(), inputs));
    }
    boolean known = all.isPresent() && inputs.isPresent();
    Leaf joined = known ? Leaf.declared(block, inputs.get()) : Leaf.unknown(BEHIND);
    rows.add(
        new Row(
            path,
            "join",
            joined.outputs(),
            OptionalLong.of(0),
            OptionalLong.of(0),
            OptionalLong.of(0),
            joined.note()));
    return joined.outputs();
  }

  private Optional<List<Shape>> leaf(String path, Block block, Optional<List<Shape>> inputs) {
    Leaf leaf = inputs.map(shapes -> Leaf.of(block, shapes)).orElse(Leaf.unknown(BEHIND));
    rows.add(row(path, block, inputs, leaf));
    return leaf.outputs();
  }

  /**
   * A block of somebody's: it declares its output, but not which child runs on what. Where it was
   * initialised with these very inputs, each child remembers its own.
   */
  private Optional<List<Shape>> custom(String path, Block block, Optional<List<Shape>> inputs) {
    Leaf leaf = inputs.map(shapes -> Leaf.declared(block, shapes)).orElse(Leaf.unknown(BEHIND));
    Optional<List<Shape>> own = remembered(block);
    boolean remembered = inputs.isPresent() && own.equals(inputs);
    String why = leaf.note().isEmpty() ? "what it does itself is not visible" : leaf.note();
    String help =
        inputs.isEmpty() || remembered
            ? ""
            : own.map(shapes -> "its children are known for " + BlockTrace.text(shapes))
                .orElse("initialise it with this input to see what reaches its children");
    rows.add(
        row(
            path,
            block,
            inputs,
            new Leaf(leaf.outputs(), OptionalLong.empty(), Leaf.join(why, help))));
    for (Inner child : children(path, block)) {
      visit(child.path(), child.block(), remembered ? remembered(child.block()) : Optional.empty());
    }
    return leaf.outputs();
  }

  private static Optional<List<Shape>> remembered(Block block) {
    return block.isInitialized() ? Optional.of(List.of(block.getInputShapes())) : Optional.empty();
  }

  private Row row(String path, Block block, Optional<List<Shape>> inputs, Leaf leaf) {
    if (Leaf.assumesAxis(block, inputs)) {
      notes.add(AXIS);
    }
    return row(path, type(block), block, parameter -> Leaf.size(block, parameter, inputs), leaf);
  }

  private Row row(
      String path, String type, Block block, Function<Parameter, OptionalLong> sizes, Leaf leaf) {
    long trainable = 0;
    long frozen = 0;
    boolean known = true;
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (!Leaf.counts(block, parameter) || !counted.add(parameter)) {
        continue;
      }
      OptionalLong size = sizes.apply(parameter);
      known &= size.isPresent();
      trainable += parameter.requiresGradient() ? size.orElse(0) : 0;
      frozen += parameter.requiresGradient() ? 0 : size.orElse(0);
    }
    String unknown = known ? "" : "its parameters are known once it is initialised";
    return new Row(
        path,
        type,
        leaf.outputs(),
        known ? OptionalLong.of(trainable) : OptionalLong.empty(),
        known ? OptionalLong.of(frozen) : OptionalLong.empty(),
        leaf.macs(),
        Leaf.join(leaf.note(), unknown));
  }

  private static String type(Block block) {
    if (block instanceof Specified specified) {
      return specified.layer().type();
    }
    if (block instanceof LambdaBlock lambda && !lambda.getName().equals(LambdaBlock.DEFAULT_NAME)) {
      return lambda.getName();
    }
    return block.getClass().getSimpleName();
  }

  /** A child with its path. */
  private record Inner(String path, Block block) {}

  private static List<Inner> children(String path, Block parent) {
    return parent.getChildren().stream()
        .map(child -> new Inner(Tree.join(path, child.getKey()), child.getValue()))
        .toList();
  }
}
