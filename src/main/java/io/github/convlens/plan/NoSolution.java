package io.github.convlens.plan;

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
    BETWEEN
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

    /** This bound's value. */
    public long of(Bounds bounds) {
      return switch (this) {
        case KERNEL -> bounds.kernel();
        case STRIDE -> bounds.stride();
        case DILATION -> bounds.dilation();
        case PADDING -> bounds.padding();
      };
    }

    /** How many values it leaves: paddings start at 0. */
    long values(Bounds bounds) {
      return this == PADDING ? bounds.padding() + 1 : of(bounds);
    }

    /** The bound's name: {@code kernel}. */
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * A larger bound with which there would be an answer.
   *
   * @param bound which bound
   * @param value its least value that helps, the others as they are
   * @param example a window that it allows
   */
  public record Relaxation(Bound bound, long value, WindowNumbers example) {
    /** {@code kernel <= 51 (kernel 51, stride 1, padding 0)}. */
    @Override
    public String toString() {
      return bound + " <= " + value + " (" + example + ")";
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
  public PlanException exception() {
    return new PlanException(rule(), arithmetic(), remedy());
  }

  private String rule() {
    return "no " + kind + " makes " + output + " of " + input + " within " + bounds;
  }

  private String arithmetic() {
    return switch (cause) {
      case TOO_LARGE -> "The largest size is " + shown(below) + "." + poolRule();
      case TOO_SMALL -> "The smallest size is " + shown(above) + ".";
      case BETWEEN ->
          "The sizes next to it are " + shown(below) + ", and " + shown(above) + "." + poolRule();
    };
  }

  /** A pool that pads half of its kernel adds one position at most, whatever the bounds. */
  private String poolRule() {
    boolean because = cause == Cause.TOO_LARGE && kind.isPool();
    return because ? " A pool's padding must be at most half of its kernel." : "";
  }

  private static String shown(Optional<AxisSolution> neighbour) {
    AxisSolution solution = neighbour.orElseThrow();
    String formula = solution.explain();
    int end = formula.lastIndexOf(" = ");
    return solution.output() + " (" + solution.numbers() + ": " + formula.substring(0, end) + ")";
  }

  private String remedy() {
    String sizes = nearest().stream().map(String::valueOf).collect(Collectors.joining(" or "));
    String allow = relaxations.stream().map(String::valueOf).collect(Collectors.joining(", or "));
    return "Use output "
        + sizes
        + (allow.isEmpty() ? "; a larger bound alone does not help." : ", or allow " + allow + ".");
  }

  /** The whole reason: rule, arithmetic, remedy, a line each. */
  @Override
  public String toString() {
    return rule() + ".\n" + arithmetic() + "\n" + remedy();
  }
}
