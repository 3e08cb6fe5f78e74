package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MeanSpec;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a {@code forward} that is not known may do in front of a Linear: nothing where the Linear
 * takes its input as it is; a flatten where only that makes it fit; a mean over all positions where
 * only that does.
 *
 * @param inFeatures what the Linear takes
 */
record MissingFlatten(long inFeatures) implements CustomSpec {
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
    if (rank < 3 || inFeatures == 0 || inFeatures == input.get(rank - 1)) {
      return new IdentitySpec();
    }
    if (inFeatures == Exact.product(input, 1, rank)) {
      return FlattenSpec.ALL;
    }
    return inFeatures == input.get(1)
        ? new MeanSpec(IntStream.range(2, rank).boxed().toList(), MeanSpec.Axes.DROPPED)
        : new IdentitySpec();
  }

  /**
   * The function in front of a Linear that a part starts with; what keeps shapes may come first.
   */
  static Optional<MissingFlatten> before(Part part) {
    if (part instanceof Part.Leaf leaf) {
      return leaf.layer() instanceof LinearSpec linear
          ? Optional.of(new MissingFlatten(linear.inFeatures()))
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
    return part instanceof Part.Leaf leaf
        && (leaf.layer() instanceof DropoutSpec
            || leaf.layer() instanceof IdentitySpec
            || (leaf.layer() instanceof ActivationSpec activation
                && !activation.function().hasAxis()));
  }
}
