package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes after 0, 1, 2, ... layers.
 *
 * @param name what the curve is called
 * @param sizes the input's size first, each at least 1
 */
public record Curve(String name, List<Long> sizes) {
  /**
   * Copies the sizes.
   *
   * @throws FigureException if there are none, or one is below 1
   */
  public Curve {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
      throw new FigureException(
          "a curve needs sizes of at least 1", "'" + name + "' has " + sizes + ".", "Use sizes.");
    }
  }

  /**
   * The height of the input and of each layer's output, of a sequence the length, up to the first
   * output with another number of axes.
   *
   * @throws FigureException if the input is neither a sequence, nor a picture, nor a volume
   */
  public static Curve of(String name, Trace trace) {
    Shape input = trace.input();
    int axis = input.dimension() == 3 ? 2 : input.dimension() - 2;
    List<Long> sizes = new ArrayList<>();
    if (input.dimension() >= 3 && input.dimension() <= 5) {
      sizes.add(input.get(axis));
    }
    for (Row row : trace.rows()) {
      Shape output = row.output();
      if (sizes.isEmpty() || output.dimension() != input.dimension()) {
        break;
      }
      sizes.add(output.get(axis));
    }
    return new Curve(name, sizes);
  }
}
