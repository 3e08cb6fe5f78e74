package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.Optional;

/**
 * One layer with a window, and what the window does on each axis.
 *
 * @param trace the layer's trace
 * @param height its window down the rows
 * @param width its window along a row
 */
record WindowLayer(Trace trace, WindowAxis height, WindowAxis width) {
  /**
   * Finds the window of a layer, which may stand alone in a composition.
   *
   * @throws FigureException if there is more than one layer, or it has no window
   */
  static WindowLayer of(LayerSpec layer, Shape input) {
    Trace trace = Trace.of(layer, input, Convention.TORCHVISION);
    if (trace.rows().size() != 1) {
      throw noWindow("There are " + trace.rows().size() + " layers.");
    }
    Row row = trace.rows().get(0);
    Optional<WindowLayer> found = Optional.empty();
    if (row.input().dimension() == 4) {
      found =
          WindowAxis.of(row.layer(), Axis.HEIGHT, row.input())
              .flatMap(
                  down ->
                      WindowAxis.of(row.layer(), Axis.WIDTH, row.input())
                          .map(across -> new WindowLayer(trace, down, across)));
    }
    return found.orElseThrow(() -> noWindow(row.notation() + " has none."));
  }

  private static FigureException noWindow(String why) {
    return new FigureException(
        "this figure shows one layer with a window",
        why,
        "Use a Conv2d, ConvTranspose2d, MaxPool2d or AvgPool2d, or draw the stack.");
  }

  Row row() {
    return trace.rows().get(0);
  }

  boolean isTransposed() {
    return row().layer() instanceof ConvTranspose2dSpec;
  }

  long longestSpan() {
    return Math.max(height.span(), width.span());
  }

  /** Positions on the longest axis of the padded input and the output. */
  long longestAxis() {
    return Math.max(
        Math.max(height.padded().size(), width.padded().size()),
        Math.max(height.full().size(), width.full().size()));
  }

  /** Rejects a cell that the output does not have. */
  void checkCell(long row, long column) {
    checkCell(height.output(), width.output(), row, column);
  }

  static void checkCell(Extent rows, Extent columns, long row, long column) {
    if (!rows.contains(row) || !columns.contains(column)) {
      throw new FigureException(
          "the output has no such cell",
          ("Row " + row + ", column " + column + " was asked for but the output is ")
              + (rows.size() + "x" + columns.size() + "."),
          rows.size() == 1 && columns.size() == 1
              ? "Use row 0 and column 0."
              : "Use rows " + rows + " and columns " + columns + ".");
    }
  }
}
