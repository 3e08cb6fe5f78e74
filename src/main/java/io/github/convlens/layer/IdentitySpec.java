package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/** The input itself, as in the plain shortcut of a residual block. */
public record IdentitySpec() implements LayerSpec {
  @Override
  public String type() {
    return "Identity";
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return "Identity()";
  }
}
