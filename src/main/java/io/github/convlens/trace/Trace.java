package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.CustomSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A shape's way through a network, in the order in which the layers run. LeNet on 1x1x28x28: 61,706
 * parameters, and the last pool's outputs see 16x16 pixels each.
 *
 * @param network the network and all its shapes
 * @param convention what counts as cost
 * @param rows the layers and joins; after {@link #collapsed} also blocks
 * @param blocks where the blocks with a name begin and end among the rows
 * @param totals the sums over the rows
 * @param notes what a reader should know: what was assumed, branches that meet although they do not
 *     lie at the same place of the input
 */
public record Trace(
    Shaped network,
    Convention convention,
    List<Row> rows,
    List<Block> blocks,
    Totals totals,
    List<Note> notes) {

  /**
   * A block with a name.
   *
   * @param path its path
   * @param type its class
   * @param depth how many names its path has
   * @param input the shape that goes in
   * @param from its first row
   * @param to the row behind its last one
   */
  public record Block(String path, String type, int depth, Shape input, int from, int to) {}

  /** What a row for a whole block has as its layer: the block's class. */
  private record WholeBlock(String type) implements CustomSpec {
    @Override
    public Shape output(Shape input) {
      return input;
    }
  }

  /** Takes copies of the lists; notes are made fit to be shown. */
  public Trace {
    rows = List.copyOf(rows);
    blocks = List.copyOf(blocks);
    notes = List.copyOf(notes);
  }

  /**
   * The trace of a network whose shapes are known. The work grows linearly with its nodes.
   *
   * @throws io.github.convlens.layer.ShapeException if a number passes 2^63 - 1
   */
  public static Trace of(Shaped network, Convention convention) {
    return new Tracer(network, convention).trace();
  }

  /**
   * The trace of a network for an input.
   *
   * @param input the shape that goes in, batch axis first
   * @throws io.github.convlens.layer.ShapeException as {@link Shapes#infer} throws it
   */
  public static Trace of(Graph graph, Shape input, Convention convention) {
    return of(Shapes.infer(graph, input), convention);
  }

  /** The shape that goes in; of several the first. */
  public Shape input() {
    return network.input();
  }

  /** The shape that comes out; of several the first. */
  public Shape output() {
    return network.output();
  }

  /**
   * The same trace with one row for each block whose path has {@code depth} names, instead of the
   * rows inside it: sums, and the block's output and receptive field. Depth 1 leaves the network's
   * own children.
   *
   * @param depth at least 1
   * @throws IllegalArgumentException if the depth is below 1
   */
  public Trace collapsed(int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException(
          "depth must be at least 1.\nHere it is " + depth + ".\nUse 1 for the outermost blocks.");
    }
    List<Row> shorter = new ArrayList<>();
    int next = 0;
    for (Block block : blocks) {
      // Blocks are listed as they end, so those of one depth stand in the order of their rows.
      if (block.depth == depth) {
        shorter.addAll(rows.subList(next, block.from));
        shorter.add(collapse(block));
        next = block.to;
      }
    }
    shorter.addAll(rows.subList(next, rows.size()));
    return new Trace(network, convention, shorter, List.of(), totals, notes);
  }

  private Row collapse(Block block) {
    List<Row> inside = rows.subList(block.from, block.to);
    Totals sums = Totals.of(inside);
    Row last = inside.get(inside.size() - 1);
    return new Row(
        Row.Kind.BLOCK,
        block.path,
        new WholeBlock(block.type),
        block.type + "(...)",
        Node.Origin.MODULE,
        List.of(block.input),
        last.output(),
        sums.parameters(),
        sums.cost(),
        last.receptiveField(),
        sums.activationBytes());
  }
}
