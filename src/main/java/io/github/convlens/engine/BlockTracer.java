package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import io.github.convlens.engine.BlockTrace.Row;
import io.github.convlens.layer.Child;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Follows shapes through a tree of blocks. */
final class BlockTracer {
  private static final String BEHIND = "what comes in is not known";

  private final List<Row> rows = new ArrayList<>();

  private BlockTracer() {}

  static List<Row> trace(Block block, List<Shape> inputs) {
    BlockTracer tracer = new BlockTracer();
    tracer.visit("", block, Optional.of(inputs));
    return tracer.rows;
  }

  private Optional<List<Shape>> visit(String path, Block block, Optional<List<Shape>> inputs) {
    if (block instanceof SequentialBlock row && runsAs(block, SequentialBlock.class)) {
      return row(path, row, inputs);
    }
    if (block instanceof ParallelBlock branches && runsAs(block, ParallelBlock.class)) {
      return branches(path, branches, inputs);
    }
    if (block.getChildren().isEmpty()) {
      return leaf(path, block, inputs);
    }
    return custom(path, block, inputs);
  }

  /** Whether a block leaves the way of running to the DJL class it extends. */
  private static boolean runsAs(Block block, Class<?> base) {
    if (block instanceof Specified) {
      return true;
    }
    for (Class<?> c = block.getClass(); c != base; c = c.getSuperclass()) {
      if (Arrays.stream(c.getDeclaredMethods())
          .anyMatch(method -> method.getName().startsWith("forward"))) {
        return false;
      }
    }
    return true;
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
    if (all.isEmpty() || inputs.isEmpty()) {
      return Optional.empty();
    }
    Leaf joined = Leaf.declared(block, inputs.get());
    if (joined.outputs().isEmpty()) {
      rows.add(
          new Row(
              path,
              "join",
              Optional.empty(),
              OptionalLong.of(0),
              OptionalLong.of(0),
              OptionalLong.of(0),
              joined.note()));
    }
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
    boolean remembered =
        inputs.isPresent() && remembered(block).filter(inputs.get()::equals).isPresent();
    rows.add(
        row(
            path,
            block,
            inputs,
            new Leaf(
                leaf.outputs(),
                OptionalLong.empty(),
                leaf.note().isEmpty() ? "what it does itself is not visible" : leaf.note())));
    for (Inner child : children(path, block)) {
      Optional<List<Shape>> own = remembered ? remembered(child.block()) : Optional.empty();
      visit(child.path(), child.block(), own);
    }
    return leaf.outputs();
  }

  private static Optional<List<Shape>> remembered(Block block) {
    return block.isInitialized() ? Optional.of(List.of(block.getInputShapes())) : Optional.empty();
  }

  private static Row row(String path, Block block, Optional<List<Shape>> inputs, Leaf leaf) {
    long trainable = 0;
    long frozen = 0;
    boolean known = true;
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (parameter.getType() == Parameter.Type.RUNNING_MEAN
          || parameter.getType() == Parameter.Type.RUNNING_VAR) {
        continue;
      }
      OptionalLong size = Leaf.size(block, parameter, inputs);
      known &= size.isPresent();
      trainable += parameter.requiresGradient() ? size.orElse(0) : 0;
      frozen += parameter.requiresGradient() ? 0 : size.orElse(0);
    }
    String note = leaf.note();
    if (!known && note.isEmpty()) {
      note = "not initialised";
    }
    return new Row(
        path,
        type(block),
        leaf.outputs(),
        known ? OptionalLong.of(trainable) : OptionalLong.empty(),
        known ? OptionalLong.of(frozen) : OptionalLong.empty(),
        leaf.macs(),
        note);
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

  /** DJL puts a number in front of each name; ours say the layer's name without it. */
  private static List<Inner> children(String path, Block parent) {
    List<Inner> children = new ArrayList<>();
    for (Pair<String, Block> child : parent.getChildren()) {
      int number = String.format(Locale.ROOT, "%02d", children.size() + 1).length();
      String name = parent instanceof Specified ? child.getKey().substring(number) : child.getKey();
      children.add(new Inner(Child.join(path, name), child.getValue()));
    }
    return children;
  }
}
