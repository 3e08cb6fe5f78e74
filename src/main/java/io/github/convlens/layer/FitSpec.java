package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/**
 * The first input brought to the spatial sizes of the second: resampled, padded or cropped, as a
 * U-Net does with what comes up before it joins it with what comes across.
 *
 * @param how how it is brought there
 */
public record FitSpec(How how) implements LayerSpec {
  /** How an array is brought to a size. */
  public enum How {
    /** {@code interpolate(x, size=y.shape[2:])}, the nearest pixel. */
    NEAREST("interpolate"),
    /** The same, between neighbours. */
    LINEAR("interpolate"),
    /** Zeros put around it, half of them in front: {@code pad}. */
    PAD("pad"),
    /** Its middle cut out. */
    CROP("crop"),
    /** Tokens (batch, height x width, channels) laid out as a picture. */
    TOKENS("view"),
    /** Rows (rows, ..., features) put behind each other as the second input has them. */
    ROWS("view");

    private final String function;

    How(String function) {
      this.function = function;
    }
  }

  @Override
  public String type() {
    return how.function;
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    if (how == How.TOKENS) {
      return List.of(laidOut(inputs));
    }
    if (how == How.ROWS) {
      return List.of(stacked(inputs));
    }
    if (inputs.size() != 2 || inputs.get(0).dimension() != inputs.get(1).dimension()) {
      throw ShapeException.of(
          type() + " takes an array, and one of as many axes that has the sizes",
          "Here they are "
              + String.join(" and ", inputs.stream().map(ShapeText::listed).toList())
              + ".",
          "Give it two pictures.");
    }
    Shape output = inputs.get(0);
    for (Axis axis : Axis.in(output)) {
      long wanted = axis.of(inputs.get(1));
      if (how == How.CROP && wanted > axis.of(output)) {
        throw ShapeException.of(
                "there is less than what is to be cropped",
                "It has " + axis.of(output) + " and " + wanted + " are wanted.",
                "Use a larger input.")
            .on(axis);
      }
      output = axis.with(output, wanted);
    }
    return List.of(output);
  }

  private static Shape laidOut(List<Shape> inputs) {
    Shape tokens = inputs.get(0);
    Shape like = inputs.size() == 2 ? inputs.get(1) : new Shape();
    if (tokens.dimension() != 3
        || like.dimension() < 3
        || tokens.get(1) != Exact.product(like, 2, like.dimension())) {
      throw ShapeException.of(
          "tokens are laid out as a picture of as many positions",
          "Here they are "
              + String.join(" and ", inputs.stream().map(ShapeText::listed).toList())
              + ".",
          "Give it (batch, height x width, channels) and the picture.");
    }
    return new Shape(tokens.get(0), tokens.get(2)).addAll(like.slice(2, like.dimension()));
  }

  private static Shape stacked(List<Shape> inputs) {
    Shape rows = inputs.get(0);
    Shape like = inputs.size() == 2 ? inputs.get(1) : new Shape();
    int last = rows.dimension() - 1;
    if (last < 1
        || like.dimension() < 2
        || Exact.product(rows, 0, last) != Exact.product(like, 0, like.dimension() - 1)) {
      throw ShapeException.of(
          "rows are put as the second input has them",
          "Here they are "
              + String.join(" and ", inputs.stream().map(ShapeText::listed).toList())
              + ".",
          "Give it as many rows.");
    }
    return like.slice(0, like.dimension() - 1).add(rows.get(last));
  }

  @Override
  public long macs(List<Shape> inputs) {
    return 0;
  }

  @Override
  public boolean reads(int index) {
    return index == 0;
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    Shape input = inputs.get(0);
    return switch (how) {
      case TOKENS -> {
        Shape channelsFirst = new Shape(input.get(0), input.get(2), input.get(1));
        yield new Passage.Regrouped(channelsFirst, axis == 0 ? 0 : 3 - axis);
      }
      case ROWS -> new Passage.Regrouped(input, axis);
      default -> fitted(axis, input.get(axis), outputs(inputs).get(0).get(axis));
    };
  }

  private Passage fitted(int axis, long size, long wanted) {
    if (size == wanted) {
      return Passage.point(axis);
    }
    long more = Math.floorDiv(wanted - size, 2);
    return switch (how) {
      case NEAREST -> new Passage.To(axis, Reach.nearest(size, wanted));
      case PAD -> new Passage.To(axis, Reach.shifted(-more, PaddingMode.ZEROS));
      default -> Passage.untold();
    };
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return type() + "(like)";
  }
}
