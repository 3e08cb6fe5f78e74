package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.plan.AxisAnswer;
import io.github.convlens.plan.AxisSolution;
import io.github.convlens.plan.Bounds;
import io.github.convlens.plan.Features;
import io.github.convlens.plan.Inputs;
import io.github.convlens.plan.NetSolver;
import io.github.convlens.plan.PlanException;
import io.github.convlens.plan.SamePadding;
import io.github.convlens.plan.SizeRange;
import io.github.convlens.plan.Solutions;
import io.github.convlens.plan.Solver;
import io.github.convlens.plan.WindowKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What {@code convlens solve} prints. */
final class SolveAnswers {
  private final Graph network;
  private final Shape like;
  private final PrintWriter out;
  private final Consumer<Note> notes;

  /** Answers about a network; batch and channels of its inputs are those of {@code like}. */
  SolveAnswers(Graph network, Shape like, PrintWriter out, Consumer<Note> notes) {
    this.network = network;
    this.like = like;
    this.out = out;
    this.notes = notes;
  }

  /** The windows from one size to another, the usual ones first. */
  static void windows(
      WindowKind kind, Size input, Size output, List<Bounds> bounds, int top, PrintWriter out) {
    Solutions solutions = Solver.solve(kind, input, output, bounds).orThrow();
    boolean alike = bounds.stream().distinct().count() == 1;
    if (alike && input.isSquare() && output.isSquare()) {
      axis(solutions.axes().get(0), top, out);
      return;
    }
    if (!solutions.common().isEmpty()) {
      out.println(
          solutions.common().size()
              + (solutions.common().size() == 1 ? " window" : " windows")
              + " with the same numbers on both axes:");
      limited(solutions.common(), top, out);
      return;
    }
    out.println("No window with the same numbers on both axes; those of each axis:");
    for (Axis axis : input.axes()) {
      out.println(axis + ":");
      axis(solutions.on(axis), top, out);
    }
    out.println("The usual ones together:");
    out.println("  " + solutions.first().orElseThrow().layer(1, 1));
  }

  private static void axis(AxisAnswer answer, int top, PrintWriter out) {
    List<AxisSolution> solutions = answer.solutions();
    out.println(
        answer.kind().count(solutions.size())
            + " from "
            + answer.input()
            + " to "
            + answer.output()
            + ", the usual ones first:");
    limited(solutions, top, out);
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

  private static void limited(List<?> rows, int top, PrintWriter out) {
    int shown = top == 0 ? rows.size() : Math.min(top, rows.size());
    rows.subList(0, shown).forEach(row -> out.println("  " + row));
    if (shown < rows.size()) {
      out.println("  ... and " + (rows.size() - shown) + " more (--top 0 prints all)");
    }
  }

  /** What 'same' means to whom, with the code for each. */
  static void same(long kernel, long stride, long input, PrintWriter out) {
    for (SamePadding meaning : SamePadding.compare(kernel, stride, input)) {
      out.println(meaning);
      meaning.window().ifPresent(window -> out.println("  " + djl(window)));
    }
  }

  /** DJL code for a square window with this padding: its Conv2d pads both ends alike. */
  private static String djl(Window window) {
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

  /**
   * The inputs that make a map of the wanted size.
   *
   * @param bounds takes away those that may not be
   */
  void inputs(Size wanted, long largest, UnaryOperator<Inputs> bounds) {
    Inputs inputs = bounds.apply(answer(() -> NetSolver.inputsFor(network, like, wanted, largest)));
    network.notes().forEach(notes);
    out.println(
        "The map is the output of layer "
            + (inputs.path().isEmpty() ? "0" : Printable.line(inputs.path()))
            + ". It is "
            + ShapeText.crossed(wanted)
            + " for");
    for (Axis axis : wanted.axes()) {
      String ranges =
          inputs.on(axis).stream().map(SizeRange::toString).collect(Collectors.joining(", "));
      out.println("  " + axis + " " + ranges);
    }
  }

  /** The smallest input. */
  void smallest() {
    NetSolver.Smallest smallest = answer(() -> NetSolver.smallest(network, like));
    Size perAxis = smallest.perAxis();
    Shape square = like;
    for (Axis axis : perAxis.axes()) {
      square = axis.with(square, smallest.square());
    }
    Shapes.infer(network, square).notes().forEach(notes);
    out.println(ShapeText.crossed(Size.all(perAxis.axes().size(), smallest.square())));
    if (!perAxis.isAll(smallest.square())) {
      String each =
          perAxis.axes().stream()
              .map(axis -> axis + " " + perAxis.on(axis))
              .collect(Collectors.joining(", "));
      out.println("not square: " + each + ", each where the others are " + smallest.square());
    }
  }

  /** The in_features of the first Linears and of one at the end. */
  void features() {
    Features features = answer(() -> NetSolver.features(network, like));
    features.notes().forEach(notes);
    features.linears().forEach(out::println);
    out.println("a Linear at the end: in_features=" + features.appended());
  }

  private <T> T answer(Supplier<T> question) {
    try {
      return question.get();
    } catch (ShapeException | PlanException e) {
      throw NetOptions.explained(network, notes, e);
    }
  }
}
