package io.github.convlens.plan;

import io.github.convlens.layer.LayerSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@link Solver} found for a picture. The axes do not depend on each other, so that every
 * window for the height goes with every window for the width; {@link #common} are the pairs with
 * the same numbers on both axes, which is what most layers have.
 *
 * @param height the answer for the height
 * @param width the answer for the width
 * @param common pairs with the same numbers, the usual ones first
 */
public record Solutions(AxisAnswer height, AxisAnswer width, List<Pair> common) {
  /**
   * A window for each axis.
   *
   * @param height the window for the height
   * @param width the window for the width
   */
  public record Pair(AxisSolution height, AxisSolution width) {
    /** Whether both axes have the same numbers. */
    public boolean isCommon() {
      return height.numbers().equals(width.numbers());
    }

    /**
     * The layer with these windows; pools have no channels of their own.
     *
     * @param inChannels channels of the input
     * @param outChannels channels of the output
     */
    public LayerSpec layer(long inChannels, long outChannels) {
      return height.kind().layer(height.numbers(), width.numbers(), inChannels, outChannels);
    }

    /** Both windows, or the one that both axes have, with what each leaves untouched. */
    @Override
    public String toString() {
      String vertical = height.toString();
      String horizontal = width.toString();
      return vertical.equals(horizontal)
          ? vertical
          : "height: " + vertical + "; width: " + horizontal;
    }
  }

  /** Takes a copy of the list. */
  public Solutions {
    common = List.copyOf(common);
  }

  /** How many pairs there are: every window for the height with every one for the width. */
  public long count() {
    return (long) height.solutions().size() * width.solutions().size();
  }

  /**
   * All pairs: first {@link #common}, then the others, by the height's window and then by the
   * width's. Made while they are asked for, since there may be millions.
   */
  public Stream<Pair> pairs() {
    Stream<Pair> others =
        height.solutions().stream()
            .flatMap(h -> width.solutions().stream().map(w -> new Pair(h, w)))
            .filter(pair -> !pair.isCommon());
    return Stream.concat(common.stream(), others);
  }

  /**
   * These solutions, if there is one for each axis.
   *
   * @throws PlanException with the axis and the reason, if there is none
   */
  public Solutions orThrow() {
    height.reason().ifPresent(reason -> fail("height", reason));
    width.reason().ifPresent(reason -> fail("width", reason));
    return this;
  }

  private static void fail(String axis, NoSolution reason) {
    PlanException plain = reason.exception();
    throw new PlanException(axis + ": " + plain.rule(), plain.arithmetic(), plain.remedy());
  }
}
