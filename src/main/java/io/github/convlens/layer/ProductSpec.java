package io.github.convlens.layer;

/**
 * Inputs multiplied element by element, as in the gates of squeeze-and-excitation. Source: Hu, Shen
 * and Sun, "Squeeze-and-Excitation Networks" (2018).
 */
public record ProductSpec() implements ElementwiseSpec {
  @Override
  public String type() {
    return "mul";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return "mul()";
  }
}
