package io.github.convlens.plan;

import io.github.convlens.layer.Size;
import java.util.ArrayList;
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
 * <p>Convolutions from 224 to 56 within {@link Bounds#DEFAULT}: first kernel 5, stride 4, padding 2
 * (which leaves one position at the end unread), then kernel 7, stride 4, padding 3.
 */
public final class Solver {
  /** The largest size that is asked about: 2^40. */
  public static final long LARGEST_SIZE = 1L << 40;

  private static final long MOST_RELAXED_WINDOWS = 1L << 20;

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
        exact(kind, input, output, Box.of(bounds)).stream()
            .sorted(kind.order())
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
    if (!input.axes().equals(output.axes())) {
      throw new IllegalArgumentException(input + " and " + output + " have different axes.");
    }
    List<AxisAnswer> axes =
        input.axes().stream()
            .map(axis -> solve(kind, input.on(axis), output.on(axis), bounds))
            .toList();
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
  private static void forEach(WindowKind kind, long input, long output, Box box, Visitor visitor) {
    for (long kernel = box.kernel.first(); kernel <= box.kernel.last(); kernel++) {
      for (long padding = box.padding.first(); padding <= box.padding.last(); padding++) {
        if (kind.allows(kernel, padding)) {
          for (long dilation = box.dilation.first(); dilation <= box.dilation.last(); dilation++) {
            for (long stride = box.stride.first(); stride <= box.stride.last(); stride++) {
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
    Neighbours neighbours = new Neighbours(kind, output);
    forEach(kind, input, output, Box.of(bounds), neighbours);
    Optional<AxisSolution> below =
        neighbours.below().map(numbers -> solution(kind, numbers, input));
    Optional<AxisSolution> above =
        neighbours.above().map(numbers -> solution(kind, numbers, input));
    NoSolution.Cause cause =
        above.isEmpty()
            ? NoSolution.Cause.TOO_LARGE
            : below.isEmpty() ? NoSolution.Cause.TOO_SMALL : NoSolution.Cause.BETWEEN;
    List<NoSolution.Relaxation> relaxations = new ArrayList<>();
    for (NoSolution.Bound bound : NoSolution.Bound.values()) {
      relaxation(kind, input, output, bounds, bound).ifPresent(relaxations::add);
    }
    return new NoSolution(kind, input, output, bounds, cause, below, above, relaxations);
  }

  private static AxisSolution solution(WindowKind kind, WindowNumbers numbers, long input) {
    return new AxisSolution(kind, numbers, input, kind.output(numbers, input));
  }

  /** The least value of one bound that opens the way, the other bounds as they are. */
  private static Optional<NoSolution.Relaxation> relaxation(
      WindowKind kind, long input, long output, Bounds bounds, NoSolution.Bound bound) {
    long windows = bounds.windows() / Math.max(1, bound.values(bounds));
    long most = Math.min(Bounds.LARGEST, bound.of(bounds) + MOST_RELAXED_WINDOWS / windows);
    for (long value = bound.of(bounds) + 1; value <= most; value++) {
      Box slice = Box.of(bounds).with(bound, new SizeRange(value, value));
      Optional<WindowNumbers> exact = exact(kind, input, output, slice).stream().min(kind.order());
      if (exact.isPresent()) {
        return Optional.of(new NoSolution.Relaxation(bound, value, exact.get()));
      }
    }
    return Optional.empty();
  }

  private static List<WindowNumbers> exact(WindowKind kind, long input, long output, Box box) {
    List<WindowNumbers> exact = new ArrayList<>();
    for (long stride = box.stride.first(); stride <= box.stride.last(); stride++) {
      Box slice = box.with(NoSolution.Bound.STRIDE, new SizeRange(stride, stride));
      if (slice.mayMake(kind, input, output)) {
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

  /** The windows that are tried. */
  private record Box(SizeRange kernel, SizeRange stride, SizeRange dilation, SizeRange padding) {
    static Box of(Bounds bounds) {
      return new Box(
          new SizeRange(1, bounds.kernel()),
          new SizeRange(1, bounds.stride()),
          new SizeRange(1, bounds.dilation()),
          new SizeRange(0, bounds.padding()));
    }

    /**
     * Whether the size lies between the smallest and the largest that the box makes, which are at
     * two of its corners; spares looking through boxes in vain.
     */
    boolean mayMake(WindowKind kind, long input, long output) {
      WindowNumbers narrow =
          new WindowNumbers(kernel.first(), stride.first(), padding.last(), dilation.first(), 0);
      WindowNumbers wide =
          new WindowNumbers(kernel.last(), stride.last(), padding.first(), dilation.last(), 0);
      if (kind == WindowKind.TRANSPOSED_CONVOLUTION) {
        WindowNumbers wider = kind.withOutputPadding(wide, input, Long.MAX_VALUE);
        return kind.output(narrow, input) <= output && output <= kind.output(wider, input);
      }
      return kind.output(wide, input) <= output && output <= kind.output(narrow, input) + 1;
    }

    Box with(NoSolution.Bound bound, SizeRange range) {
      return new Box(
          bound == NoSolution.Bound.KERNEL ? range : kernel,
          bound == NoSolution.Bound.STRIDE ? range : stride,
          bound == NoSolution.Bound.DILATION ? range : dilation,
          bound == NoSolution.Bound.PADDING ? range : padding);
    }
  }
}
