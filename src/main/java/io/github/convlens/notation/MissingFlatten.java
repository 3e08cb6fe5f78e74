package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PoolSpec;
import io.github.convlens.layer.internal.Exact;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a {@code forward} that is not known may do in front of a Linear: nothing where the Linear
 * takes its input as it is, unless a picture is as wide as it has channels; a flatten where only
 * that makes it fit; a mean over all positions where only that does and no pool stands there:
 * whoever pools before the Linear does not average again, but has an input of another size.
 *
 * @param inFeatures what the Linear takes
 * @param mean whether it may be a mean
 */
record MissingFlatten(long inFeatures, Mean mean) implements CustomSpec {
  /** Whether a mean over all positions may be what is missing. */
  enum Mean {
    POSSIBLE,
    UNLIKELY
  }

  /** The same behind what makes an array: a mean is unlikely behind a pool. */
  MissingFlatten behind(Graph.Builder builder, Edge array) {
    Optional<Node> maker = builder.maker(array);
    while (maker.filter(node -> keepsShape(node.layer())).isPresent()) {
      maker = maker.flatMap(node -> builder.maker(node.inputs().get(0)));
    }
    boolean pooled =
        maker
            .map(Node::layer)
            .filter(layer -> layer instanceof PoolSpec || layer instanceof AdaptivePoolSpec)
            .isPresent();
    return pooled ? new MissingFlatten(inFeatures, Mean.UNLIKELY) : this;
  }

  @Override
  public String type() {
    return "flatten?";
  }

  @Override
  public Shape output(Shape input) {
    return resolve(input).output(input);
  }

  @Override
  public LayerSpec resolve(Shape input) {
    int rank = input.dimension();
    boolean global = rank > 2 && inFeatures == input.get(1) && mean == Mean.POSSIBLE;
    boolean fits = rank > 0 && inFeatures == input.get(rank - 1) && !(global && rank > 3);
    if (rank < 3 || inFeatures == 0 || fits) {
      return new IdentitySpec();
    }
    if (inFeatures == Exact.product(input, 1, rank)) {
      return FlattenSpec.ALL;
    }
    return global
        ? new MeanSpec(IntStream.range(2, rank).boxed().toList(), MeanSpec.Axes.DROPPED)
        : new IdentitySpec();
  }

  /**
   * The function in front of a Linear that a part starts with; what keeps shapes may come first.
   */
  static Optional<MissingFlatten> before(Part part) {
    if (part instanceof Part.Leaf leaf) {
      return leaf.layer() instanceof LinearSpec linear
          ? Optional.of(new MissingFlatten(linear.inFeatures(), Mean.POSSIBLE))
          : Optional.empty();
    }
    return ((Part.Block) part)
        .children().stream()
            .map(Part.Named::part)
            .filter(child -> !keepsShape(child))
            .findFirst()
            .flatMap(MissingFlatten::before);
  }

  private static boolean keepsShape(Part part) {
    return part instanceof Part.Leaf leaf && keepsShape(leaf.layer());
  }

  private static boolean keepsShape(LayerSpec layer) {
    return layer instanceof DropoutSpec
        || layer instanceof IdentitySpec
        || layer instanceof MissingFlatten
        || (layer instanceof ActivationSpec activation && !activation.function().hasAxis());
  }
}
