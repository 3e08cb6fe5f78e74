package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Map;

/**
 * A matrix product over the last axis: (..., inFeatures) becomes (..., outFeatures).
 *
 * <pre>
 *   parameters = inFeatures x outFeatures  (+ outFeatures)
 *   macs       = output elements x inFeatures
 * </pre>
 *
 * <p>Source: PyTorch's page of torch.nn.Linear.
 *
 * @param inFeatures size of the last axis; 0: taken from the input, as PyTorch's LazyLinear does
 * @param outFeatures its size afterwards
 * @param bias whether a number is added to each output feature
 */
public record LinearSpec(long inFeatures, long outFeatures, Bias bias) implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small
   */
  public LinearSpec {
    if (inFeatures != 0) {
      Require.positive(inFeatures, "in_features");
    }
    Require.positive(outFeatures, "out_features");
  }

  @Override
  public String type() {
    return inFeatures == 0 ? "LazyLinear" : "Linear";
  }

  @Override
  public Shape output(Shape input) {
    if (input.isScalar()) {
      throw ShapeException.of(
          "the input needs at least one axis", "It has none.", "Use an input (batch, features).");
    }
    int last = input.dimension() - 1;
    long features = input.get(last);
    if (inFeatures != 0 && features != inFeatures) {
      throw mismatch(input);
    }
    return input.slice(0, last).add(outFeatures);
  }

  private ShapeException mismatch(Shape input) {
    int rank = input.dimension();
    long features = input.get(rank - 1);
    String rule = "the input's last axis must be in_features";
    String sizes = "in_features is " + inFeatures + " but the last axis is " + features;
    if (rank < 4) {
      return ShapeException.of(
          rule,
          sizes + ": " + ShapeText.listed(input) + ".",
          "Use in_features=" + features + ", or an input of " + inFeatures + " features.");
    }
    long flat = Exact.product(input, 1, rank);
    return ShapeException.of(
            rule,
            sizes
                + ", and flattened the input "
                + ShapeText.listed(input)
                + " has "
                + flat
                + " features.",
            "Use a Flatten and in_features=" + flat + ".")
        .atAnySize();
  }

  @Override
  public long weights() {
    if (inFeatures == 0) {
      throw Require.unresolved(this);
    }
    return Exact.multiply(inFeatures, outFeatures);
  }

  @Override
  public long biases() {
    return bias.parameters(outFeatures);
  }

  @Override
  public long macs(Shape input) {
    return Exact.multiply(Exact.elements(output(input)), input.get(input.dimension() - 1));
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    Shape output = output(Require.one(inputs));
    return Exact.multiply(parameters(), Exact.product(output, 0, output.dimension() - 1));
  }

  @Override
  public long profilerOperations(List<Shape> inputs) {
    return Pools.productOperations(this, Require.one(inputs));
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.mixing(axis, inputs.get(index).dimension() - 1, inputs.get(index));
  }

  @Override
  public LayerSpec resolve(Shape input) {
    if (inFeatures != 0) {
      return this;
    }
    output(input);
    return new LinearSpec(input.get(input.dimension() - 1), outFeatures, bias);
  }

  @Override
  public Map<String, Shape> state() {
    if (inFeatures == 0) {
      throw Require.unresolved(this);
    }
    return bias.state(new Shape(outFeatures, inFeatures), outFeatures);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type());
    if (inFeatures != 0) {
      call.with("in_features", inFeatures);
    }
    return call.with("out_features", outFeatures).off("bias", bias == Bias.WITHOUT).toString();
  }
}
