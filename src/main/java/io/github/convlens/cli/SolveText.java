package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.plan.AxisAnswer;
import io.github.convlens.plan.AxisSolution;
import io.github.convlens.plan.Features;
import io.github.convlens.plan.Inputs;
import io.github.convlens.plan.NetSolver;
import io.github.convlens.plan.SamePadding;
import io.github.convlens.plan.SizeRange;
import io.github.convlens.plan.Solutions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The answers of {@code convlens solve} for people. */
final class SolveText implements SolveForm {
  private final PrintWriter out;

  SolveText(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void windows(
      String kind, Size input, Size output, Solutions solutions, boolean alike, int top) {
    if (alike && input.isSquare() && output.isSquare()) {
      axis(solutions.axes().get(0), top);
      return;
    }
    if (!solutions.common().isEmpty()) {
      out.println(
          solutions.common().size()
              + (solutions.common().size() == 1 ? " window" : " windows")
              + " with the same numbers on both axes:");
      limited(solutions.common(), top);
      return;
    }
    out.println("No window with the same numbers on both axes; those of each axis:");
    for (Axis axis : input.axes()) {
      out.println(axis + ":");
      axis(solutions.on(axis), top);
    }
    out.println("The usual ones together:");
    out.println("  " + solutions.first().orElseThrow().layer(1, 1));
  }

  private void axis(AxisAnswer answer, int top) {
    List<AxisSolution> solutions = answer.solutions();
    out.println(
        answer.kind().count(solutions.size())
            + " from "
            + answer.input()
            + " to "
            + answer.output()
            + ", the usual ones first:");
    limited(solutions, top);
    AxisSolution first = solutions.get(0);
    out.println("The first one: " + first.layer(1, 1));
    out.println("  " + first.explain());
    first
        .sizesThatMeetHere()
        .ifPresent(
            sizes ->
                out.println(
                    "  output_padding chooses among the sizes that a convolution with these numbers"
                        + " takes to "
                        + first.input()
                        + ": "
                        + sizes
                        + "."));
  }

  private void limited(List<?> rows, int top) {
    int shown = top == 0 ? rows.size() : Math.min(top, rows.size());
    rows.subList(0, shown).forEach(row -> out.println("  " + row));
    if (shown < rows.size()) {
      out.println("  ... and " + (rows.size() - shown) + " more (--top 0 prints all)");
    }
  }

  @Override
  public void same(long kernel, long stride, long input, List<SamePadding> meanings) {
    for (SamePadding meaning : meanings) {
      out.println(meaning);
      meaning.window().ifPresent(window -> out.println("  " + djl(window)));
    }
  }

  /** DJL code for a square window with this padding: its Conv2d pads both ends alike. */
  static String djl(Window window) {
    Padding.Explicit sides =
        new Padding.Explicit(
            window.padBefore(), window.padAfter(), window.padBefore(), window.padAfter());
    String shapes =
        String.format(
            Locale.ROOT,
            ".setKernelShape(new Shape(%1$d, %1$d)).optStride(new Shape(%2$d, %2$d))",
            window.kernel(),
            window.stride());
    if (sides.isSymmetric()) {
      return String.format(
          Locale.ROOT,
          "Conv2d.builder()%s.optPadding(new Shape(%2$d, %2$d))",
          shapes,
          window.padBefore());
    }
    return String.format(
        Locale.ROOT,
        "x.pad(new Shape(%1$d, %2$d, %1$d, %2$d), 0), then Conv2d.builder()%3$s",
        window.padBefore(),
        window.padAfter(),
        shapes);
  }

  @Override
  public void inputs(Inputs inputs) {
    out.println(
        "The map is the output of layer "
            + (inputs.path().isEmpty() ? "0" : Printable.line(inputs.path()))
            + ". It is "
            + ShapeText.crossed(inputs.wanted())
            + " for");
    for (Axis axis : inputs.wanted().axes()) {
      String ranges =
          inputs.on(axis).stream().map(SizeRange::toString).collect(Collectors.joining(", "));
      out.println("  " + axis + " " + ranges);
    }
  }

  @Override
  public void smallest(NetSolver.Smallest smallest) {
    Size perAxis = smallest.perAxis();
    out.println(ShapeText.crossed(Size.all(perAxis.axes().size(), smallest.square())));
    if (!perAxis.isAll(smallest.square())) {
      String each =
          perAxis.axes().stream()
              .map(axis -> axis + " " + perAxis.on(axis))
              .collect(Collectors.joining(", "));
      out.println("not square: " + each + ", each where the others are " + smallest.square());
    }
  }

  @Override
  public void features(Shape input, Features features) {
    features.linears().forEach(out::println);
    out.println("a Linear at the end: in_features=" + features.appended());
  }
}
