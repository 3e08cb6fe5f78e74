package io.github.convlens.engine;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The summary of any DJL block, also one that was built by hand or loaded: what each layer makes of
 * a shape, what it has to learn, what it costs. Nothing is initialised and no network is run: the
 * tree of blocks is read, and convolutions are computed with {@link Window}, since DJL's own {@code
 * getOutputShapes} answers (1, 1, 1, 1) for a 9x9 kernel with stride 2 on 8x8. Functions without
 * parameters (pools and activations are lambdas in DJL) tell nothing about themselves; each is
 * tried on arrays of the right shape. What cannot be known so is said to be unknown, with the
 * reason.
 *
 * <pre>{@code
 * System.out.println(BlockTrace.of(block, new Shape(1, 1, 28, 28)));
 * }</pre>
 *
 * @param inputs the shapes that go in, batch axis first
 * @param rows one for each call of a layer, in the order in which they run, and one for each join
 * @param outputs the shapes that come out; empty where they are not known
 * @param notes what was assumed
 */
public record BlockTrace(
    List<Shape> inputs, List<Row> rows, Optional<List<Shape>> outputs, List<String> notes) {

  /**
   * One layer.
   *
   * @param path where it is in the tree, as DJL names its parameters: {@code 01Conv2d}; in a
   *     network of {@link LayerBlocks} PyTorch's path, of a function that of the block which calls
   *     it
   * @param type the block's class, or a function's name; of a network's layer PyTorch's
   * @param outputs the shapes it makes; empty where they are not known
   * @param trainable numbers that training changes; of a block that runs again 0, since they count
   *     once; empty where their count is not known
   * @param frozen numbers that training leaves alone; running means and variances of normalisations
   *     are not parameters and not counted
   * @param macs multiply-adds of convolutions and linear layers for the whole batch, as in a {@link
   *     io.github.convlens.trace.Trace}, bias not counted (the convention of torchvision's tables);
   *     0 for functions without parameters and for normalisations; empty where they are not known
   * @param note why something is not known, and what helps, or that the engine cannot run the
   *     block; empty where everything is known
   */
  public record Row(
      String path,
      String type,
      Optional<List<Shape>> outputs,
      OptionalLong trainable,
      OptionalLong frozen,
      OptionalLong macs,
      String note) {
    private String shapes() {
      return outputs.map(BlockTrace::text).orElse("?");
    }

    private String parameters() {
      return trainable.isEmpty() || frozen.isEmpty()
          ? "?"
          : Table.count(trainable.getAsLong() + frozen.getAsLong());
    }

    private String state() {
      if (trainable.isEmpty() || frozen.isEmpty()) {
        return "?";
      }
      if (frozen.getAsLong() == 0) {
        return trainable.getAsLong() == 0 ? "" : "trainable";
      }
      return trainable.getAsLong() == 0
          ? "frozen"
          : Table.count(frozen.getAsLong()) + " of them frozen";
    }
  }

  /** Takes copies of the lists. */
  public BlockTrace {
    inputs = List.copyOf(inputs);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /**
   * The summary of a block.
   *
   * @param block any block, initialised or not; it is not changed
   * @param inputs the shapes of its inputs, batch axis first
   */
  public static BlockTrace of(Block block, Shape... inputs) {
    return BlockTracer.trace(block, List.of(inputs));
  }

  /**
   * The summary of a model's block.
   *
   * @param model a model with a block
   * @param inputs the shapes of its inputs, batch axis first
   */
  public static BlockTrace of(Model model, Shape... inputs) {
    return of(model.getBlock(), inputs);
  }

  /** The sum over all layers; empty if one of them is not known. */
  public OptionalLong trainable() {
    return sum(Row::trainable);
  }

  /** The sum over all layers; empty if one of them is not known. */
  public OptionalLong frozen() {
    return sum(Row::frozen);
  }

  /**
   * The sum over all layers, for the whole batch, as in a {@link io.github.convlens.trace.Trace};
   * empty if one of them is not known.
   */
  public OptionalLong macs() {
    return sum(Row::macs);
  }

  /**
   * The same for one item of the batch; empty if it is not known, or the inputs have no common
   * batch axis.
   */
  public OptionalLong macsPerItem() {
    OptionalLong all = macs();
    long batch = inputs.isEmpty() || inputs.get(0).isScalar() ? 0 : inputs.get(0).get(0);
    boolean common =
        batch > 0 && inputs.stream().allMatch(in -> !in.isScalar() && in.get(0) == batch);
    return all.isPresent() && common && all.getAsLong() % batch == 0
        ? OptionalLong.of(all.getAsLong() / batch)
        : OptionalLong.empty();
  }

  private OptionalLong sum(Function<Row, OptionalLong> column) {
    return rows.stream().map(column).anyMatch(OptionalLong::isEmpty)
        ? OptionalLong.empty()
        : OptionalLong.of(rows.stream().map(column).mapToLong(OptionalLong::getAsLong).sum());
  }

  /** The table: a line for each layer, and the totals. */
  @Override
  public String toString() {
    Table table =
        new Table(
            Table.Side.LEFT,
            Table.Side.LEFT,
            Table.Side.RIGHT,
            Table.Side.RIGHT,
            Table.Side.LEFT,
            Table.Side.RIGHT,
            Table.Side.LEFT);
    table.row("path", "layer", "output", "parameters", "", "MACs", "");
    for (Row row : rows) {
      table.row(
          row.path,
          row.type,
          row.shapes(),
          row.parameters(),
          row.state(),
          text(row.macs),
          row.note);
    }
    return table
        + "\n\nTotal: "
        + (total(trainable()) + " trainable parameters, " + total(frozen()) + " frozen\n")
        + ("       " + total(macs()) + " MACs (torchvision)" + ofEachItem())
        + notes.stream().map(note -> "\n\nNote: " + note + ".").collect(Collectors.joining());
  }

  private String ofEachItem() {
    OptionalLong item = macsPerItem();
    return item.isEmpty() || item.equals(macs())
        ? ""
        : ", " + Table.count(item.getAsLong()) + " for each of " + inputs.get(0).get(0) + " items";
  }

  /** {@code 2x3x8x8 2x10}. */
  static String text(List<Shape> shapes) {
    return shapes.stream().map(ShapeText::crossed).collect(Collectors.joining(" "));
  }

  private static String total(OptionalLong number) {
    return number.equals(OptionalLong.of(0)) ? "0" : text(number);
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? Table.count(number.getAsLong()) : "?";
  }
}
