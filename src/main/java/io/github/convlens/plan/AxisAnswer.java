package io.github.convlens.plan;

import java.util.List;
import java.util.Optional;

/**
 * What {@link Solver} found for one axis: windows, or the reason why there is none.
 *
 * @param kind the kind of layer
 * @param input the given size
 * @param output the wanted size
 * @param bounds how far the search looked
 * @param solutions all windows within the bounds that make exactly the wanted size, the usual ones
 *     first ({@link WindowKind#order})
 * @param reason why there is none; empty where there are solutions
 */
public record AxisAnswer(
    WindowKind kind,
    long input,
    long output,
    Bounds bounds,
    List<AxisSolution> solutions,
    Optional<NoSolution> reason) {
  /** Takes a copy of the list. */
  public AxisAnswer {
    solutions = List.copyOf(solutions);
  }

  /**
   * This answer, if it has solutions.
   *
   * @throws PlanException with the reason, if it has none
   */
  public AxisAnswer orThrow() {
    if (reason.isPresent()) {
      throw reason.get().exception();
    }
    return this;
  }
}
