package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ResidualSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One line of a trace.
 *
 * @param kind what the line stands for
 * @param path the names on the way to the layer, joined by dots: {@code layer1.0.conv1}; empty for
 *     a network that is one layer
 * @param layer the layer; for a join the {@link ResidualSpec} or {@link ConcatSpec}
 * @param origin whether the layer was written, or the shapes force it
 * @param input the shape that goes in; for a join that of its block
 * @param output the shape that comes out
 * @param parameters learned numbers; 0 where a module runs a second time
 * @param macs the cost, in the trace's convention
 * @param receptiveField what an output position sees of the network's input
 * @param activationBytes 4 x output elements: bytes of the output as 32-bit floats
 */
public record Row(
    Kind kind,
    String path,
    LayerSpec layer,
    Child.Origin origin,
    Shape input,
    Shape output,
    long parameters,
    long macs,
    ReceptiveField receptiveField,
    long activationBytes) {

  /** What a line stands for. */
  public enum Kind {
    /** A single layer. */
    LAYER,
    /** The place where the branches of a block meet. */
    JOIN,
    /** All the layers of a block, in {@link Trace#collapsed}. */
    BLOCK
  }

  /** The layer's class in PyTorch, the block's, or {@code add} and {@code concat} for joins. */
  public String type() {
    if (kind != Kind.JOIN) {
      return layer.type();
    }
    return layer instanceof ConcatSpec ? "concat" : "add";
  }

  /**
   * The layer in PyTorch's notation, one line; {@code add(main, shortcut)} with the branches' names
   * for a join, {@code BasicBlock(...)} for a block.
   */
  public String notation() {
    return switch (kind) {
      case LAYER -> layer.toString();
      case BLOCK -> type() + "(...)";
      case JOIN -> type() + branchNames();
    };
  }

  private String branchNames() {
    List<Child> branches =
        layer instanceof ResidualSpec residual
            ? List.of(residual.main(), residual.shortcut())
            : ((ConcatSpec) layer).branches();
    return branches.stream().map(Row::name).collect(Collectors.joining(", ", "(", ")"));
  }

  /** What a known block's {@code forward} adds up has no name of its own in the block's print. */
  private static String name(Child branch) {
    String unnamed = branch.layer() instanceof IdentitySpec ? "input" : "main";
    return branch.name().isEmpty() ? unnamed : branch.name();
  }

  /**
   * What the layer's stride leaves unread on an axis of its input; empty where it reads all of it,
   * and for joins and blocks.
   */
  public Optional<Unread> unread(Axis axis) {
    return kind == Kind.LAYER ? Unread.of(layer, axis, input) : Optional.empty();
  }
}
