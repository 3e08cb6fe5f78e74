package io.github.convlens.plan;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Solver} found for a sequence, picture or volume. The axes do not depend on each
 * other, so that every window for the height goes with every window for the width; {@link #common}
 * are those with the same numbers on all axes, which is what most layers have.
 *
 * @param axes the answer for each axis, outermost first
 * @param common windows with the same numbers on all axes, the usual ones first
 */
public record Solutions(List<AxisAnswer> axes, List<Choice> common) {
  /**
   * A window for each axis.
   *
   * @param windows the windows, outermost axis first
   */
  public record Choice(List<AxisSolution> windows) {
    /** Takes a copy of the list. */
    public Choice {
      windows = List.copyOf(windows);
    }

    /**
     * The layer with these windows; pools have no channels of their own.
     *
     * @param inChannels channels of the input
     * @param outChannels channels of the output
     */
    public LayerSpec layer(long inChannels, long outChannels) {
      List<WindowNumbers> numbers = windows.stream().map(AxisSolution::numbers).toList();
      return windows.get(0).kind().layer(numbers, inChannels, outChannels);
    }

    /** The windows, or the one that all axes have, with what each leaves untouched. */
    @Override
    public String toString() {
      List<String> texts = windows.stream().map(AxisSolution::toString).toList();
      if (texts.stream().distinct().count() == 1) {
        return texts.get(0);
      }
      List<String> named = new ArrayList<>();
      List<Axis> axes = Axis.of(windows.size());
      for (int i = 0; i < texts.size(); i++) {
        named.add(axes.get(i) + ": " + texts.get(i));
      }
      return String.join("; ", named);
    }
  }

  /** Takes copies of the lists. */
  public Solutions {
    axes = List.copyOf(axes);
    common = List.copyOf(common);
  }

  /** The answer for an axis. */
  public AxisAnswer on(Axis axis) {
    return axes.get(Axis.of(axes.size()).indexOf(axis));
  }

  /** The most usual windows: with the same numbers on all axes, or else each axis's own. */
  public Optional<Choice> first() {
    if (axes.stream().anyMatch(axis -> axis.solutions().isEmpty())) {
      return Optional.empty();
    }
    Choice apart = new Choice(axes.stream().map(axis -> axis.solutions().get(0)).toList());
    return Optional.of(common.isEmpty() ? apart : common.get(0));
  }

  /**
   * These solutions, if there is one for each axis.
   *
   * @throws PlanException with the axis and the reason, if there is none
   */
  public Solutions orThrow() {
    for (Axis axis : Axis.of(axes.size())) {
      on(axis).reason().ifPresent(reason -> fail(axis, reason));
    }
    return this;
  }

  private static void fail(Axis axis, NoSolution reason) {
    PlanException plain = reason.exception();
    throw new PlanException(axis + ": " + plain.rule(), plain.arithmetic(), plain.remedy());
  }
}
