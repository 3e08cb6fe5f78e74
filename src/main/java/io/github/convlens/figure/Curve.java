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
   * The height of the input and of each layer's output, up to the first that is no picture.
   *
   * @throws FigureException if the input is no picture
   */
  public static Curve of(String name, Trace trace) {
    List<Long> sizes = new ArrayList<>();
    if (trace.input().dimension() == 4) {
      sizes.add(trace.input().get(2));
    }
    for (Row row : trace.rows()) {
      Shape output = row.output();
      if (output.dimension() != 4) {
        break;
      }
      sizes.add(output.get(2));
    }
    return new Curve(name, sizes);
  }
}
