package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.layer.Window;
import io.github.convlens.plan.SamePadding;
import java.util.List;

/** A row of cells for each author of a "same" padding. */
final class SamePaddingsFigure {
  /** Cells of the padded axis that are drawn. */
  private static final int MOST = 40;

  private static final double CELL = 22;
  private static final double LINE = 52;

  private final List<SamePadding> all;
  private final Extent shown;

  private SamePaddingsFigure(List<SamePadding> all, Extent shown) {
    this.all = all;
    this.shown = shown;
  }

  static Figure of(long kernel, long stride, long input) {
    List<SamePadding> all = SamePadding.compare(kernel, stride, input);
    Extent axis = new Extent(0, input);
    for (SamePadding one : all) {
      if (one.window().isPresent()) {
        axis = axis.union(padded(one.window().get(), input));
      }
    }
    if (axis.size() > MOST) {
      throw new FigureException(
          "the padded axis is too long to draw",
          ("It is " + axis.size() + " for kernel " + kernel + " and input " + input)
              + ("; at most " + MOST + " cells are drawn."),
          "Use a smaller input or kernel; where the padding goes depends on neither's size.");
    }
    return new SamePaddingsFigure(all, axis).draw(kernel, stride, input);
  }

  private static Extent padded(Window window, long input) {
    return new Extent(-window.padBefore(), input + window.padAfter());
  }

  private Figure draw(long kernel, long stride, long input) {
    Sketch body = new Sketch();
    Grid grid = new Grid(new Extent(0, 1), shown, CELL);
    double y = 0;
    for (SamePadding one : all) {
      Sketch line = new Sketch();
      line.label(Role.TEXT, Lettering.BODY, Anchor.LEFT, 0, -7, one.toString());
      one.window().ifPresent(window -> cells(line, grid, window, input));
      body.add(line, 0, y);
      y += one.window().isPresent() ? LINE : LINE / 2;
    }
    List<Meaning> legend =
        List.of(
            new Meaning(Role.INPUT, "input"),
            new Meaning(Role.PADDING, "padding"),
            new Meaning(Role.WINDOW, "the first window"));
    String title = "\"Same\" padding: kernel " + kernel + ", stride " + stride + ", input " + input;
    return new Card(title, legend, List.of(), List.of()).around(body);
  }

  private void cells(Sketch line, Grid grid, Window window, long input) {
    Extent inside = new Extent(0, input);
    Extent padded = padded(window, input);
    for (long position = padded.from(); position < padded.to(); position++) {
      Role role = inside.contains(position) ? Role.INPUT : Role.PADDING;
      line.box(role, grid.x(position), 0, CELL, CELL);
    }
    Extent first = new Extent(padded.from(), padded.from() + window.span());
    grid.area(line, Role.WINDOW, new Extent(0, 1), first);
  }
}
