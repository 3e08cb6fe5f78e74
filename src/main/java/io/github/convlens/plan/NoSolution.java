package io.github.convlens.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why no window within the bounds makes the wanted size, and what could be had instead.
 *
 * @param kind the kind of layer
 * @param input the given size
 * @param output the wanted size
 * @param bounds how far the search looked
 * @param cause on which side of the sizes that can be had the wanted one lies
 * @param below the window that makes the nearest smaller size; empty if there is none
 * @param above the window that makes the nearest larger size; empty if there is none
 * @param relaxations for each bound that alone stands in the way, the least change that opens it
 */
public record NoSolution(
    WindowKind kind,
    long input,
    long output,
    Bounds bounds,
    Cause cause,
    Optional<AxisSolution> below,
    Optional<AxisSolution> above,
    List<Relaxation> relaxations) {

  /** Where the wanted size lies. */
  public enum Cause {
    /** Above all sizes that can be had. */
    TOO_LARGE,
    /** Below all sizes that can be had. */
    TOO_SMALL,
    /** Between two of them. */
    BETWEEN,
    /** There are none: no window fits. */
    NOTHING_FITS
  }

  /** One of the four bounds. */
  public enum Bound {
    /** {@link Bounds#kernel}. */
    KERNEL("kernel"),
    /** {@link Bounds#stride}. */
    STRIDE("stride"),
    /** {@link Bounds#dilation}. */
    DILATION("dilation"),
    /** {@link Bounds#padding}. */
    PADDING("padding");

    private final String word;

    Bound(String word) {
      this.word = word;
    }

    /** The numbers that the bounds allow. */
    SizeRange of(Bounds bounds) {
      return switch (this) {
        case KERNEL -> bounds.kernel();
        case STRIDE -> bounds.stride();
        case DILATION -> bounds.dilation();
        case PADDING -> bounds.padding();
      };
    }

    /** This number of a window. */
    long of(WindowNumbers window) {
      return switch (this) {
        case KERNEL -> window.kernel();
        case STRIDE -> window.stride();
        case DILATION -> window.dilation();
        case PADDING -> window.padding();
      };
    }

    /** The least number that a layer takes. */
    long least() {
      return this == PADDING ? 0 : 1;
    }

    /** The bound's name: {@code kernel}. */
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * A larger bound, or another number in place of a given one, with which there would be an answer.
   *
   * @param bound which bound
   * @param allowed what was allowed
   * @param value the nearest value that helps, the others as they are
   * @param example a window that it allows
   */
  public record Relaxation(Bound bound, SizeRange allowed, long value, WindowNumbers example) {
    /** Whether one number alone was allowed. */
    boolean replaces() {
      return allowed.count() == 1;
    }

    /**
     * {@code kernel <= 51 (kernel 51, stride 1, padding 0)}, or {@code kernel 3 in place of 4
     * (kernel 3, stride 2, padding 1)}.
     */
    @Override
    public String toString() {
      return replaces()
          ? bound + " " + value + " in place of " + allowed + " (" + example + ")"
          : bound + " <= " + value + " (" + example + ")";
    }
  }

  /** Takes a copy of the list. */
  public NoSolution {
    relaxations = List.copyOf(relaxations);
  }

  /** The nearest sizes that can be had: the smaller one, then the larger one. */
  public List<Long> nearest() {
    return Stream.of(below, above).flatMap(Optional::stream).map(AxisSolution::output).toList();
  }

  /** The reason as an exception, for callers who need an answer. */
  PlanException exception() {
    return new PlanException(rule(), arithmetic(), remedy());
  }

  private String rule() {
    return "no " + kind + " makes " + output + " of " + input + " with " + bounds;
  }

  private String arithmetic() {
    return switch (cause) {
      case TOO_LARGE -> "The largest size is " + shown(below) + "." + poolRule();
      case TOO_SMALL -> "The smallest size is " + shown(above) + ".";
      case BETWEEN ->
          "The sizes next to it are " + shown(below) + ", and " + shown(above) + "." + poolRule();
      case NOTHING_FITS -> "No such window fits into the input at all." + poolRule();
    };
  }

  /** A pool that pads half of its kernel adds one position at most, whatever the bounds. */
  private String poolRule() {
    boolean because = (cause == Cause.TOO_LARGE || cause == Cause.NOTHING_FITS) && kind.isPool();
    return because ? " A pool's padding must be at most half of its kernel." : "";
  }

  private static String shown(Optional<AxisSolution> neighbour) {
    AxisSolution solution = neighbour.orElseThrow();
    String formula = solution.explain();
    int end = formula.lastIndexOf(" = ");
    return solution.output() + " (" + solution.numbers() + ": " + formula.substring(0, end) + ")";
  }

  private String remedy() {
    List<String> ways = new ArrayList<>();
    if (!nearest().isEmpty()) {
      String sizes = nearest().stream().map(String::valueOf).collect(Collectors.joining(" or "));
      ways.add("use output " + sizes);
    }
    relaxations.forEach(way -> ways.add((way.replaces() ? "use " : "allow ") + way));
    if (ways.isEmpty()) {
      return "Give fewer of these numbers.";
    }
    String last = relaxations.isEmpty() ? "; no other bound was found that helps alone." : ".";
    String text = String.join(", or ", ways) + last;
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /** The whole reason: rule, arithmetic, remedy, a line each. */
  @Override
  public String toString() {
    return rule() + ".\n" + arithmetic() + "\n" + remedy();
  }
}
