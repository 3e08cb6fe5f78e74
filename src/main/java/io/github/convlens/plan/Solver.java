package io.github.convlens.plan;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which kernel, stride, padding and dilation make a wanted size of a given one: all of them within
 * {@link Bounds}, in the order in which practitioners would try them.
 *
 * <p>Convolutions from 224 to 56 within {@link Bounds#DEFAULT}: first kernel 4, stride 4, padding
 * 0, then kernel 8, stride 4, padding 2, and kernel 5, stride 4, padding 2 (which leaves one
 * position at the end unread).
 */
public final class Solver {
  /** The largest size that is asked about: 2^40. */
  public static final long LARGEST_SIZE = 1L << 40;

  private static final long MOST_RELAXED_WINDOWS = 1L << 23;

  private Solver() {}

  /** Takes a window and the size that it makes. */
  @FunctionalInterface
  interface Visitor {
    void accept(WindowNumbers numbers, long size);
  }

  /**
   * All windows on one axis.
   *
   * @param kind the kind of layer
   * @param input the given size, 1 to 2^40
   * @param output the wanted size, 1 to 2^40
   * @param bounds how far to look
   * @throws PlanException if a size is out of its range; that there is no window is not an error
   *     but an answer with a reason
   */
  public static AxisAnswer solve(WindowKind kind, long input, long output, Bounds bounds) {
    PlanException.checkBetween("the input size", input, 1, LARGEST_SIZE);
    PlanException.checkBetween("the output size", output, 1, LARGEST_SIZE);
    List<AxisSolution> solutions =
        exact(kind, input, output, bounds).stream()
            .sorted(kind.order(input, output))
            .map(numbers -> new AxisSolution(kind, numbers, input, output))
            .toList();
    Optional<NoSolution> reason =
        solutions.isEmpty() ? Optional.of(reason(kind, input, output, bounds)) : Optional.empty();
    return new AxisAnswer(kind, input, output, bounds, solutions, reason);
  }

  /**
   * All windows on all axes. A square picture to a square one has the same windows on both.
   *
   * @param kind the kind of layer
   * @param input the given size
   * @param output the wanted size, on the same axes
   * @param bounds how far to look
   * @throws PlanException if a size is out of its range
   * @throws IllegalArgumentException if the sizes have different axes
   */
  public static Solutions solve(WindowKind kind, Size input, Size output, Bounds bounds) {
    return solve(kind, input, output, Collections.nCopies(input.axes().size(), bounds));
  }

  /**
   * The same with bounds for each axis.
   *
   * @param kind the kind of layer
   * @param input the given size
   * @param output the wanted size, on the same axes
   * @param bounds how far to look on each axis, outermost first
   * @throws PlanException if a size is out of its range
   * @throws IllegalArgumentException if the sizes have different axes, or not as many as bounds
   */
  public static Solutions solve(WindowKind kind, Size input, Size output, List<Bounds> bounds) {
    if (!input.axes().equals(output.axes())) {
      throw new IllegalArgumentException(input + " and " + output + " have different axes.");
    }
    if (bounds.size() != input.axes().size()) {
      throw new IllegalArgumentException(input + " has not " + bounds.size() + " axes.");
    }
    List<AxisAnswer> axes = new ArrayList<>();
    for (Axis axis : input.axes()) {
      Bounds own = bounds.get(axes.size());
      axes.add(solve(kind, input.on(axis), output.on(axis), own));
    }
    List<Map<WindowNumbers, AxisSolution>> byNumbers =
        axes.stream()
            .map(
                axis ->
                    axis.solutions().stream()
                        .collect(Collectors.toMap(AxisSolution::numbers, Function.identity())))
            .toList();
    List<Solutions.Choice> common =
        axes.get(0).solutions().stream()
            .map(AxisSolution::numbers)
            .filter(numbers -> byNumbers.stream().allMatch(axis -> axis.containsKey(numbers)))
            .map(
                numbers -> byNumbers.stream().flatMap(axis -> Stream.ofNullable(axis.get(numbers))))
            .map(windows -> new Solutions.Choice(windows.toList()))
            .toList();
    return new Solutions(axes, common);
  }

  /**
   * Calls the visitor with every window that fits, and with the size that it makes; where it can
   * choose an output padding, with the one that comes nearest to the wanted size.
   */
  private static void forEach(
      WindowKind kind, long input, long output, Bounds box, Visitor visitor) {
    for (long kernel = box.kernel().first(); kernel <= box.kernel().last(); kernel++) {
      for (long padding = box.padding().first(); padding <= box.padding().last(); padding++) {
        if (kind.allows(kernel, padding)) {
          for (long dilation = box.dilation().first();
              dilation <= box.dilation().last();
              dilation++) {
            for (long stride = box.stride().first(); stride <= box.stride().last(); stride++) {
              WindowNumbers plain = new WindowNumbers(kernel, stride, padding, dilation, 0);
              WindowNumbers numbers = kind.withOutputPadding(plain, input, output);
              long size = kind.output(numbers, input);
              if (size >= 1) {
                visitor.accept(numbers, size);
              }
            }
          }
        }
      }
    }
  }

  private static NoSolution reason(WindowKind kind, long input, long output, Bounds bounds) {
    Neighbours neighbours = new Neighbours(kind, input, output);
    forEach(kind, input, output, bounds, neighbours);
    Optional<AxisSolution> below =
        neighbours.below().map(numbers -> solution(kind, numbers, input));
    Optional<AxisSolution> above =
        neighbours.above().map(numbers -> solution(kind, numbers, input));
    NoSolution.Cause cause = cause(below.isPresent(), above.isPresent());
    List<NoSolution.Relaxation> relaxations = new ArrayList<>();
    for (NoSolution.Bound bound : NoSolution.Bound.values()) {
      relaxation(kind, input, output, bounds, bound).ifPresent(relaxations::add);
    }
    return new NoSolution(kind, input, output, bounds, cause, below, above, relaxations);
  }

  private static AxisSolution solution(WindowKind kind, WindowNumbers numbers, long input) {
    return new AxisSolution(kind, numbers, input, kind.output(numbers, input));
  }

  private static NoSolution.Cause cause(boolean below, boolean above) {
    if (below && above) {
      return NoSolution.Cause.BETWEEN;
    }
    if (below) {
      return NoSolution.Cause.TOO_LARGE;
    }
    return above ? NoSolution.Cause.TOO_SMALL : NoSolution.Cause.NOTHING_FITS;
  }

  /** The nearest value of one bound that opens the way, the other bounds as they are. */
  private static Optional<NoSolution.Relaxation> relaxation(
      WindowKind kind, long input, long output, Bounds bounds, NoSolution.Bound bound) {
    SizeRange allowed = bound.of(bounds);
    long steps = MOST_RELAXED_WINDOWS / (bounds.windows() / allowed.count());
    for (long step = 1; step <= Math.min(steps, Bounds.LARGEST); step++) {
      List<WindowNumbers> exact = new ArrayList<>();
      if (allowed.last() + step <= Bounds.LARGEST) {
        exact.addAll(with(kind, input, output, bounds, bound, allowed.last() + step));
      }
      if (allowed.first() - step >= bound.least()) {
        exact.addAll(with(kind, input, output, bounds, bound, allowed.first() - step));
      }
      Optional<WindowNumbers> first = exact.stream().min(kind.order(input, output));
      if (first.isPresent()) {
        long value = bound.of(first.get());
        return Optional.of(new NoSolution.Relaxation(bound, allowed, value, first.get()));
      }
    }
    return Optional.empty();
  }

  private static List<WindowNumbers> with(
      WindowKind kind, long input, long output, Bounds bounds, NoSolution.Bound bound, long value) {
    return exact(kind, input, output, bounds.with(bound, value));
  }

  private static List<WindowNumbers> exact(WindowKind kind, long input, long output, Bounds box) {
    List<WindowNumbers> exact = new ArrayList<>();
    for (long stride = box.stride().first(); stride <= box.stride().last(); stride++) {
      Bounds slice = box.with(NoSolution.Bound.STRIDE, new SizeRange(stride, stride));
      if (mayMake(slice, kind, input, output)) {
        forEach(
            kind,
            input,
            output,
            slice,
            (numbers, size) -> {
              if (size == output) {
                exact.add(numbers);
              }
            });
      }
    }
    return exact;
  }

  /**
   * Whether the size lies between the smallest and the largest that windows within bounds make,
   * which are at two of their corners; spares looking through them in vain.
   */
  private static boolean mayMake(Bounds box, WindowKind kind, long input, long output) {
    long first = box.stride().first();
    long last = box.stride().last();
    WindowNumbers narrow =
        new WindowNumbers(
            box.kernel().first(), first, box.padding().last(), box.dilation().first(), 0);
    WindowNumbers wide =
        new WindowNumbers(
            box.kernel().last(), last, box.padding().first(), box.dilation().last(), 0);
    if (kind == WindowKind.TRANSPOSED_CONVOLUTION) {
      WindowNumbers wider = kind.withOutputPadding(wide, input, Long.MAX_VALUE);
      return kind.output(narrow, input) <= output && output <= kind.output(wider, input);
    }
    return kind.output(wide, input) <= output && output <= kind.output(narrow, input) + 1;
  }
}
