package io.github.convlens.program.internal;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.program.Dim;
import io.github.convlens.program.TensorType;
import java.util.Locale;

/** What the axes of a program's inputs are called: (batch, channels, height, width). */
public final class InputAxis {
  /** The axes of a batch of pictures; those of fewer may be anything behind the batch. */
  private static final int PICTURES = 4;

  private InputAxis() {}

  /** The name of an axis: {@code batch}, {@code height}, or {@code axis 1}. */
  public static String name(int axis, int rank) {
    return isNamed(axis, rank) ? word(axis, rank) : "axis " + axis;
  }

  /** What is exported as free there: {@code torch.export.Dim("height")}. */
  public static String dim(int axis, int rank) {
    String name = isNamed(axis, rank) ? word(axis, rank) : "size" + axis;
    return "torch.export.Dim(\"" + name + "\")";
  }

  private static boolean isNamed(int axis, int rank) {
    return axis == 0 ? rank > 1 : rank == PICTURES || rank == PICTURES + 1;
  }

  private static String word(int axis, int rank) {
    return switch (axis) {
      case 0 -> "batch";
      case 1 -> "channels";
      default -> Axis.of(rank - 2).get(axis - 2).name().toLowerCase(Locale.ROOT);
    };
  }

  /**
   * Whether a shape is another with its channels behind the rest, as NumPy's pictures have them.
   */
  public static boolean isChannelsLast(TensorType type, Shape given) {
    int rank = given.dimension();
    return rank >= PICTURES
        && type.sizes().size() == rank
        && type.sizes().get(1) instanceof Dim.Constant channels
        && given.get(1) != channels.value()
        && given.get(rank - 1) == channels.value();
  }
}
