package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * Channels turned into pixels: (batch, c x r^2, h, w) becomes (batch, c, h x r, w x r). Source:
 * PyTorch's page of torch.nn.PixelShuffle.
 *
 * @param upscaleFactor r, at least 1
 */
public record PixelShuffleSpec(long upscaleFactor) implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the factor is below 1
   */
  public PixelShuffleSpec {
    Require.positive(upscaleFactor, "upscale_factor");
  }

  @Override
  public String type() {
    return "PixelShuffle";
  }

  @Override
  public Shape output(Shape input) {
    Require.picture(input);
    long square = Exact.multiply(upscaleFactor, upscaleFactor);
    if (input.get(1) % square != 0) {
      throw ShapeException.of(
          "the channels must be a multiple of upscale_factor^2",
          "upscale_factor^2 is " + square + " but the input has " + input.get(1) + " channels.",
          "Use " + Exact.multiply(square, input.get(1) / square + 1) + " channels.");
    }
    return new Shape(
        input.get(0),
        input.get(1) / square,
        Exact.multiply(input.get(2), upscaleFactor),
        Exact.multiply(input.get(3), upscaleFactor));
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(new Reach(1, new Ratio(1, upscaleFactor), 0));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with(upscaleFactor).toString();
  }
}
