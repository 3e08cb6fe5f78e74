package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * A rectifier whose slope below zero is learned: one slope, or one for each channel. Source:
 * PyTorch's page of torch.nn.PReLU.
 *
 * @param numParameters 1, or the number of channels
 * @param init the slope to start from
 */
public record PReluSpec(long numParameters, double init) implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the number of slopes is below 1
   */
  public PReluSpec {
    Require.positive(numParameters, "num_parameters");
  }

  @Override
  public String type() {
    return "PReLU";
  }

  @Override
  public Shape output(Shape input) {
    long channels = input.dimension() < 2 ? 1 : input.get(1);
    if (numParameters != 1 && channels != numParameters) {
      throw ShapeException.of(
          "PReLU has one slope, or one for each channel",
          "num_parameters is " + numParameters + " but the input has " + channels + " channels.",
          "Use num_parameters=1 or num_parameters=" + channels + ".");
    }
    return input;
  }

  @Override
  public long weights() {
    return numParameters;
  }

  @Override
  public Map<String, Shape> state() {
    return Map.of("weight", new Shape(numParameters));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type())
        .with("num_parameters", numParameters, 1L)
        .with("init", init, 0.25)
        .toString();
  }
}
