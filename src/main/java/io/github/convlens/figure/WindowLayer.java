package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.graph.Graph;
import io.github.convlens.language.Language;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    Trace trace = Trace.of(Graph.of(layer), input, Convention.TORCHVISION);
    if (trace.rows().size() != 1) {
      throw noWindow("There are " + trace.rows().size() + " layers.");
    }
    Row row = trace.rows().get(0);
    if (row.layer().taps().isEmpty()) {
      throw noWindow(row.notation() + " has none.");
    }
    if (row.input().dimension() != 4) {
      throw FigureException.noPicture(row.input());
    }
    return new WindowLayer(
        trace,
        WindowAxis.of(row.layer(), Axis.HEIGHT, row.input()),
        WindowAxis.of(row.layer(), Axis.WIDTH, row.input()));
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
    return row().layer().windows().isEmpty();
  }

  /** What the cells of a drawing stand for. */
  List<Meaning> meanings(Language language, Set<Role> used, String made) {
    Map<Role, String> meanings = new LinkedHashMap<>();
    meanings.put(Role.INPUT, language.say("input"));
    meanings.put(
        Role.READ,
        isTransposed()
            ? language.say("inputs that reach the output")
            : language.say("read by the window"));
    meanings.put(Role.READ_PADDING, language.say("padding under the window"));
    meanings.put(Role.PADDING, language.say("padding"));
    meanings.put(Role.UNREAD, language.say("read by no window"));
    meanings.put(Role.MADE, made);
    meanings.put(Role.OUTPUT, language.say("other outputs"));
    meanings.put(Role.CUT, language.say("cut off by padding"));
    meanings.put(Role.ADDED, language.say("added by output_padding, bias alone"));
    return meanings.entrySet().stream()
        .filter(each -> used.contains(each.getKey()))
        .map(each -> new Meaning(each.getKey(), each.getValue()))
        .toList();
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
