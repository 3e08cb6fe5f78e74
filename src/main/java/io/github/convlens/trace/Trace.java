package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Printable;
import io.github.convlens.layer.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * A shape's way through a network, in the order in which the layers run. LeNet on 1x1x28x28: 61,706
 * parameters, and the last pool's outputs see 16x16 pixels each.
 *
 * @param network the network, resolved for this input
 * @param input the shape that goes in, batch axis first
 * @param output the shape that comes out
 * @param convention what counts as cost
 * @param rows the layers and joins; after {@link #collapsed} also blocks
 * @param blocks where the compositions with a name begin and end among the rows
 * @param totals the sums over the rows
 * @param notes what a reader should know: layers that the notation does not show, branches that
 *     meet although they do not lie at the same place of the input
 */
public record Trace(
    LayerSpec network,
    Shape input,
    Shape output,
    Convention convention,
    List<Row> rows,
    List<Block> blocks,
    Totals totals,
    List<String> notes) {

  /**
   * A composition with a name.
   *
   * @param path its path
   * @param layer the composition
   * @param depth how many names its path has
   * @param input the shape that goes in
   * @param from its first row
   * @param to the row behind its last one
   */
  public record Block(String path, LayerSpec layer, int depth, Shape input, int from, int to) {}

  /** Takes copies of the lists; notes are made fit to be shown. */
  public Trace {
    rows = List.copyOf(rows);
    blocks = List.copyOf(blocks);
    notes = notes.stream().map(Printable::message).toList();
  }

  /**
   * Follows a shape through a network. The work grows linearly with the number of layers.
   *
   * @param network any layer or composition; lazy layers are resolved
   * @param input the shape that goes in, batch axis first
   * @param convention what counts as cost
   * @throws ShapeException if a layer cannot take what reaches it, with its path, and with the size
   *     that it needs at the network's input where there is one; or if a number passes 2^63 - 1
   */
  public static Trace of(LayerSpec network, Shape input, Convention convention) {
    LayerSpec resolved = SmallestInput.resolve(network, input);
    Walk walk = new Walk(input, convention);
    Shape output = resolved.accept(walk).shape();
    List<Row> rows = walk.rows();
    return new Trace(
        resolved, input, output, convention, rows, walk.blocks(), Totals.of(rows), walk.notes());
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
    return new Trace(network, input, output, convention, shorter, List.of(), totals, notes);
  }

  private Row collapse(Block block) {
    List<Row> inside = rows.subList(block.from, block.to);
    Totals sums = Totals.of(inside);
    Row last = inside.get(inside.size() - 1);
    return new Row(
        Row.Kind.BLOCK,
        block.path,
        block.layer,
        Child.Origin.WRITTEN,
        block.input,
        last.output(),
        sums.parameters(),
        sums.macs(),
        last.receptiveField(),
        sums.activationBytes());
  }
}
