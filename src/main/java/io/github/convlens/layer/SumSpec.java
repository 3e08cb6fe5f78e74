package io.github.convlens.layer;

/**
 * Inputs added element by element. Source: He, Zhang, Ren and Sun, "Deep Residual Learning for
 * Image Recognition" (2015).
 */
public record SumSpec() implements ElementwiseSpec {
  @Override
  public String type() {
    return "add";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return "add()";
  }
}
