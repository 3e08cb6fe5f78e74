package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Optional;

/**
 * Channels turned into pixels, (batch, c x r^2, h, w) to (batch, c, h x r, w x r), or back. Source:
 * PyTorch's pages of torch.nn.PixelShuffle and PixelUnshuffle.
 *
 * @param direction to pixels, or back to channels
 * @param factor r, at least 1
 */
public record PixelShuffleSpec(Direction direction, long factor) implements LayerSpec {
  /** Which way. */
  public enum Direction {
    /** Channels become pixels. */
    TO_PIXELS("PixelShuffle", "upscale_factor"),
    /** Pixels become channels. */
    TO_CHANNELS("PixelUnshuffle", "downscale_factor");

    private final String type;
    private final String argument;

    Direction(String type, String argument) {
      this.type = type;
      this.argument = argument;
    }
  }

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if the factor is below 1
   */
  public PixelShuffleSpec {
    Require.positive(factor, direction.argument);
  }

  /** Channels to pixels. */
  public PixelShuffleSpec(long upscaleFactor) {
    this(Direction.TO_PIXELS, upscaleFactor);
  }

  @Override
  public String type() {
    return direction.type;
  }

  @Override
  public int spatialAxes() {
    return 2;
  }

  @Override
  public Shape output(Shape input) {
    Require.spatial(input, 2);
    long square = Exact.multiply(factor, factor);
    if (direction == Direction.TO_CHANNELS) {
      return Pools.sized(input, Exact.multiply(input.get(1), square), this::divided);
    }
    if (input.get(1) % square != 0) {
      throw ShapeException.of(
          "the channels must be a multiple of upscale_factor^2",
          "upscale_factor^2 is " + square + " but the input has " + input.get(1) + " channels.",
          "Use " + Exact.multiply(square, input.get(1) / square + 1) + " channels.");
    }
    return Pools.sized(input, input.get(1) / square, (axis, size) -> Exact.multiply(size, factor));
  }

  private long divided(Axis axis, long size) {
    if (size % factor != 0) {
      long needed = Exact.multiply(factor, size / factor + 1);
      ShapeException refusal =
          ShapeException.of(
                  "the size must be a multiple of downscale_factor",
                  "downscale_factor is " + factor + " but the input has " + size + ".",
                  "Use an input of " + needed + " here.")
              .on(axis);
      throw size < factor ? refusal.needing(needed) : refusal;
    }
    return size / factor;
  }

  @Override
  public Optional<Reach> reach(Axis axis, Shape input) {
    Require.spatial(input, 2);
    return Optional.of(
        direction == Direction.TO_PIXELS
            ? new Reach(
                factor, 1, o -> Reach.Run.of(Math.floorDiv(o, factor), 1, 1), PaddingMode.ZEROS)
            : Reach.of(Window.of(factor, factor, 0, 1), PaddingMode.ZEROS));
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.sliding(this, axis, inputs.get(index), Passage.untold());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type()).with(factor).toString();
  }
}
