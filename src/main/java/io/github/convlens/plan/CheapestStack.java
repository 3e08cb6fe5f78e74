package io.github.convlens.plan;

import io.github.convlens.layer.Exact;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The cheapest layers that see enough, by dynamic programming over (layers, halvings so far,
 * receptive field so far). A layer adds {@code (kernel - 1) x 2^halvings} to the field, and what it
 * costs depends on the halvings and on whether it is the first. Fields count by halves, since odd
 * kernels add even numbers, and from the wanted one on they count as the wanted one.
 */
final class CheapestStack {
  private static final long UNREACHED = Long.MAX_VALUE;

  /** What is to be as little as possible. */
  enum Objective {
    /** Multiply-adds. */
    MACS,
    /** Weights and biases. */
    PARAMETERS
  }

  private final PlanRequest request;
  private final Objective objective;
  private final IntPredicate finalHalvings;
  private final int mostHalvings;
  private final int wanted;

  /** By (layers - 1, halvings, field): how the last layer came there, packed into a number. */
  private final List<int[][]> choices = new ArrayList<>();

  private CheapestStack(
      PlanRequest request, Objective objective, int mostHalvings, IntPredicate finalHalvings) {
    this.request = request;
    this.objective = objective;
    this.finalHalvings = finalHalvings;
    this.mostHalvings = mostHalvings;
    wanted = (int) (request.receptiveField().orElseThrow() / 2);
  }

  /**
   * The cheapest steps whose last sees the wanted field; of those that cost the same the fewest.
   *
   * @param mostHalvings the largest number of halvings
   * @param finalHalvings which numbers of halvings may be the final one
   * @return empty if no such steps exist
   */
  static Optional<List<Step>> find(
      PlanRequest request, Objective objective, int mostHalvings, IntPredicate finalHalvings) {
    return new CheapestStack(request, objective, mostHalvings, finalHalvings).search();
  }

  private Optional<List<Step>> search() {
    long[][] costs = unreached();
    costs[0][0] = 0;
    long best = UNREACHED;
    Optional<List<Step>> cheapest = Optional.empty();
    // Every layer costs something, so that longer stacks end where all cost more than the best.
    while (reaches(costs, best)) {
      costs = oneMore(costs, best);
      for (int halvings = 0; halvings <= mostHalvings; halvings++) {
        if (finalHalvings.test(halvings) && costs[halvings][wanted] < best) {
          best = costs[halvings][wanted];
          cheapest = Optional.of(steps(halvings));
        }
      }
    }
    return cheapest;
  }

  private static boolean reaches(long[][] costs, long best) {
    for (long[] row : costs) {
      for (long cost : row) {
        if (cost < best) {
          return true;
        }
      }
    }
    return false;
  }

  private long[][] oneMore(long[][] before, long best) {
    long[][] costs = unreached();
    int[][] made = new int[mostHalvings + 1][wanted + 1];
    boolean first = choices.isEmpty();
    for (int halvings = 0; halvings <= mostHalvings; halvings++) {
      for (int field = 0; field <= wanted; field++) {
        // More layers on what is finished only cost more.
        boolean done = !first && field == wanted && finalHalvings.test(halvings);
        if (before[halvings][field] < best && !done) {
          extend(before[halvings][field], halvings, field, costs, made);
        }
      }
    }
    choices.add(made);
    return costs;
  }

  private void extend(long spent, int halvings, int field, long[][] costs, int[][] made) {
    boolean first = choices.isEmpty();
    for (long kernel : kernels(first)) {
      for (int stride = 1; stride <= (halvings < mostHalvings ? 2 : 1); stride++) {
        int after = halvings + stride - 1;
        int sees = (int) Math.min(wanted, field + (((kernel - 1) / 2) << halvings));
        boolean idle = !first && sees == field && stride == 1;
        long cost = sum(spent, cost(kernel, halvings, after, first));
        if (!idle && cost < costs[after][sees]) {
          costs[after][sees] = cost;
          made[after][sees] = choice(kernel, stride, field);
        }
      }
    }
  }

  /** A stride of 1 or 2, a kernel up to 255, and the field in front of the layer, up to 2048. */
  private static int choice(long kernel, int stride, int fieldBefore) {
    return (fieldBefore << 9) | ((int) kernel << 1) | (stride - 1);
  }

  private long[] kernels(boolean first) {
    if (first && request.kernels().first().isPresent()) {
      return new long[] {request.kernels().first().getAsLong()};
    }
    return request.kernels().others().isPresent()
        ? new long[] {request.kernels().others().getAsLong()}
        : new long[] {3, 5};
  }

  private long cost(long kernel, int before, int after, boolean first) {
    long inChannels = first ? request.channels().input() : request.channels().behind(before);
    long outChannels = request.channels().behind(after);
    try {
      long weights = Exact.multiply(Exact.multiply(inChannels, outChannels), kernel * kernel);
      Size map = Halvings.size(request.input(), after);
      return objective == Objective.PARAMETERS
          ? Exact.add(weights, outChannels)
          : Exact.multiply(weights, map.area());
    } catch (ShapeException e) {
      return UNREACHED; // beyond 2^63 - 1: no way to go
    }
  }

  private static long sum(long a, long b) {
    return a > UNREACHED - b ? UNREACHED : a + b;
  }

  private List<Step> steps(int finalHalvings) {
    ArrayDeque<Step> steps = new ArrayDeque<>();
    int halvings = finalHalvings;
    int field = wanted;
    for (int layer = choices.size() - 1; layer >= 0; layer--) {
      int choice = choices.get(layer)[halvings][field];
      int stride = (choice & 1) + 1;
      steps.addFirst(Step.same((choice >> 1) & 255, stride));
      halvings -= stride - 1;
      field = choice >> 9;
    }
    return new ArrayList<>(steps);
  }

  private long[][] unreached() {
    long[][] costs = new long[mostHalvings + 1][wanted + 1];
    for (long[] row : costs) {
      Arrays.fill(row, UNREACHED);
    }
    return costs;
  }
}
