package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Size;
import io.github.convlens.plan.Features;
import io.github.convlens.plan.Inputs;
import io.github.convlens.plan.NetSolver;
import io.github.convlens.plan.SamePadding;
import io.github.convlens.plan.Solutions;
import java.io.IOException;
import java.util.List;

/** How the answers of {@code convlens solve} are written. */
sealed interface SolveForm permits SolveText, SolveJson {
  /**
   * The windows from one size to another, the usual ones first.
   *
   * @param kind the word for their kind
   * @param alike whether the same was asked about all axes
   * @param top how many are written; 0 for all
   */
  void windows(String kind, Size input, Size output, Solutions solutions, boolean alike, int top)
      throws IOException;

  /** What 'same' means to whom. */
  void same(long kernel, long stride, long input, List<SamePadding> meanings) throws IOException;

  /** The inputs that make a map of the wanted size. */
  void inputs(Inputs inputs) throws IOException;

  /** The smallest input. */
  void smallest(NetSolver.Smallest smallest) throws IOException;

  /** The in_features of the first Linears and of one at the end. */
  void features(Shape input, Features features) throws IOException;
}
