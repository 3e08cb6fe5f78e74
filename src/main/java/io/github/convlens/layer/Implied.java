package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Layers that a {@code print(model)} does not show, because {@code forward} calls a function, but
 * that the shapes leave no doubt about: before a Linear that cannot take a picture, a Flatten if
 * that makes it fit, a mean over the whole picture and a Flatten if only that makes it fit.
 */
final class Implied {
  private static final Child FLATTEN =
      new Child("(flatten)", FlattenSpec.ALL, Child.Origin.IMPLIED);
  private static final Child AVERAGE =
      new Child("(avgpool)", AdaptivePool2dSpec.globalAverage(), Child.Origin.IMPLIED);

  private Implied() {}

  /** The layers that must stand before the given one, for it to take the input; often none. */
  static List<Child> before(LayerSpec layer, Shape input) {
    if (input.dimension() != 4) {
      return List.of();
    }
    Optional<LinearSpec> first = entry(layer);
    if (first.isEmpty()) {
      return List.of();
    }
    long wanted = first.get().inFeatures();
    if (wanted == 0 || wanted == input.get(3)) {
      return List.of();
    }
    if (wanted == Exact.product(input, 1, 4)) {
      return List.of(FLATTEN);
    }
    return wanted == input.get(1) ? List.of(AVERAGE, FLATTEN) : List.of();
  }

  /** The Linear that sees the input of a layer first, if what comes before it keeps every shape. */
  private static Optional<LinearSpec> entry(LayerSpec layer) {
    if (layer instanceof LinearSpec linear) {
      return Optional.of(linear);
    }
    if (layer instanceof ModuleSpec module) {
      return entry(module.forward());
    }
    if (layer instanceof SequentialSpec sequential) {
      for (Child child : sequential.children()) {
        if (!keepsShape(child.layer())) {
          return entry(child.layer());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean keepsShape(LayerSpec layer) {
    return layer instanceof ActivationSpec
        || layer instanceof DropoutSpec
        || layer instanceof IdentitySpec;
  }
}
