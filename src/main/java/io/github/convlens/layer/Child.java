package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/**
 * A layer inside a composition, with the name that stands in its path: {@code layer1.0.conv1}.
 *
 * @param name the name; empty where the composition adds nothing to the path
 * @param layer the layer
 * @param origin whether the layer was written or follows from the shapes
 */
public record Child(String name, LayerSpec layer, Origin origin) {
  /** Where a layer comes from. */
  public enum Origin {
    /** It was given. */
    WRITTEN,
    /** It was not given, but the shapes leave no other reading. */
    IMPLIED
  }

  /** A layer that was given. */
  public Child(String name, LayerSpec layer) {
    this(name, layer, Origin.WRITTEN);
  }

  /** Whether it is the plain shortcut of a block, which is no module of its own unless named. */
  public boolean isPlainShortcut() {
    return name.isEmpty() && layer instanceof IdentitySpec;
  }

  /** The name of a child of this one, with this one's in front. */
  public static String join(String outer, String inner) {
    if (outer.isEmpty() || inner.isEmpty()) {
      return outer + inner;
    }
    return outer + "." + inner;
  }

  /**
   * The layer's output.
   *
   * @throws ShapeException with this child's path, if the layer cannot take the input
   */
  Shape output(Shape input) {
    try {
      return layer.output(input);
    } catch (ShapeException e) {
      throw located(e);
    }
  }

  /**
   * This child with its layer resolved.
   *
   * @throws ShapeException with this child's path, if the layer cannot take the input
   */
  Child resolve(Shape input) {
    try {
      return new Child(name, layer.resolve(input), origin);
    } catch (ShapeException e) {
      throw located(e);
    }
  }

  /**
   * The layer's multiply-adds.
   *
   * @throws ShapeException with this child's path, as {@link LayerSpec#macs} throws it
   */
  long macs(Shape input) {
    try {
      return layer.macs(input);
    } catch (ShapeException e) {
      throw located(e);
    }
  }

  /**
   * The layer's weights.
   *
   * @throws ShapeException with this child's path, if the layer does not know them yet
   */
  long weights() {
    try {
      return layer.weights();
    } catch (ShapeException e) {
      throw located(e);
    }
  }

  /**
   * The layer's biases.
   *
   * @throws ShapeException with this child's path, if the layer does not know them yet
   */
  long biases() {
    try {
      return layer.biases();
    } catch (ShapeException e) {
      throw located(e);
    }
  }

  private ShapeException located(ShapeException e) {
    return e.path().isPresent() ? e.inside(name) : e.at(name, layer);
  }
}
