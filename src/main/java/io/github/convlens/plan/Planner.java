package io.github.convlens.plan;

import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * Networks with wished properties: plain stacks of convolutions, stride 1 or 2.
 *
 * <ul>
 *   <li>Where the number of layers is given, the layers with stride 2 stand evenly among the
 *       others: 100 layers with 5 halvings on 224x224 halve at layers 17, 34, 51, 67 and 84 and end
 *       with 7x7.
 *   <li>Where only a receptive field is given, the stack of 3x3 and 5x5 layers with the fewest
 *       multiply-adds that sees it.
 * </ul>
 *
 * <p>Where a stack has to keep a limit on multiply-adds and one on parameters, the stacks with the
 * fewest of either are tried, not those between them.
 *
 * <p>A layer with stride 1 and padding (kernel - 1) / 2 keeps the size, one with stride 2 makes
 * {@code ceil(size / 2)} of it. Where another final size is wished, the last layers go without
 * padding. The same request always gets the same plan.
 */
public final class Planner {
  private Planner() {}

  /**
   * The network that a request describes.
   *
   * @throws PlanException if wishes are missing, contradict each other, or cannot be granted; the
   *     message says which, and what could be had
   */
  public static Plan plan(PlanRequest request) {
    int most = Halvings.most(request.input());
    request.halvings().ifPresent(halvings -> checkHalvings(request, halvings, most));
    if (request.layers().isEmpty()) {
      return Stacks.plan(request, most);
    }
    Plan plan = Plan.of(request, evenSteps(request, most));
    checkField(plan);
    checkLimits(plan);
    return plan;
  }

  /**
   * The least number of layers with which an even plan sees the wished receptive field. 3x3 layers,
   * 224 pixels: 112 layers without halvings, since (224 - 1) / 2 = 111.5; with five, far fewer.
   *
   * @param request the wishes; its number of layers does not count, its halvings do (none: 0)
   * @return empty if not even 10,000 layers see it
   * @throws PlanException if no receptive field is wished, or the picture cannot be halved so often
   */
  public static OptionalLong fewestLayers(PlanRequest request) {
    long wanted =
        request
            .receptiveField()
            .orElseThrow(
                () ->
                    new PlanException(
                        "a receptive field is needed",
                        "The request has none.",
                        "Use withReceptiveField(224), for instance."));
    long halvings = request.halvings().orElse(0);
    checkHalvings(request, halvings, Halvings.most(request.input()));
    long least = Math.max(1, halvings);
    // Layers of kernel 1 behind the first one see nothing more.
    long most = request.kernels().others().orElse(3) == 1 ? least : PlanRequest.MOST_LAYERS;
    for (long layers = least; layers <= most; layers++) {
      if (Step.receptiveField(EvenSteps.of(request, layers).same(halvings)) >= wanted) {
        return OptionalLong.of(layers);
      }
    }
    return OptionalLong.empty();
  }

  private static void checkHalvings(PlanRequest request, long halvings, int most) {
    Size input = request.input();
    if (halvings > most) {
      throw new PlanException(
          ShapeText.crossed(input) + " cannot be halved " + halvings + " times",
          "After " + most + " it is 1x1: " + Halvings.text(input, most) + ".",
          "Use at most "
              + most
              + " halvings, or an input of more than 2^"
              + (halvings - 1)
              + " on one side.");
    }
    long layers = request.layers().orElse(Long.MAX_VALUE);
    if (halvings > layers) {
      throw new PlanException(
          "each halving needs a layer",
          "There are " + halvings + " halvings but " + layers + " layers.",
          "Use at least " + halvings + " layers, or at most " + layers + " halvings.");
    }
  }

  private static List<Step> evenSteps(PlanRequest request, int most) {
    EvenSteps even = EvenSteps.of(request, request.layers().orElseThrow());
    if (request.finalSize().isEmpty()) {
      return even.same(request.halvings().orElse(0));
    }
    return FinalSizes.steps(even, request, most);
  }

  private static void checkField(Plan plan) {
    PlanRequest request = plan.request();
    long wanted = request.receptiveField().orElse(1);
    if (plan.receptiveField() >= wanted) {
      return;
    }
    PlanRequest same = request.withHalvings(plan.halvings());
    OptionalLong layers = fewestLayers(same);
    throw new PlanException(
        "the last layer does not see " + wanted + " pixels",
        ("With " + plan.layers().size() + " layers, " + plan.halvings() + " of them with stride 2")
            + (", it sees " + plan.receptiveField() + "."),
        "Use "
            + (layers.isPresent() ? "at least " + layers.getAsLong() + " layers, " : "")
            + "more halvings or a larger kernel.");
  }

  private static void checkLimits(Plan plan) {
    List<String> excesses = plan.excesses();
    if (!excesses.isEmpty()) {
      PlanRequest request = plan.request();
      OptionalLong start =
          Limiting.largestStart(
              request, fewer -> Plan.of(fewer, evenSteps(fewer, Halvings.most(fewer.input()))));
      throw Limiting.exceeded("the network costs more than it may", excesses, start);
    }
  }

  /** The cheapest stacks, where the number of layers is free. */
  private static final class Stacks {
    static Plan plan(PlanRequest request, int most) {
      if (request.receptiveField().isEmpty()) {
        throw new PlanException(
            "a number of layers or a receptive field is needed",
            "The request for " + ShapeText.crossed(request.input()) + " has neither.",
            "Say how many layers, or how many pixels the last one has to see.");
      }
      IntPredicate ends = ends(request, most);
      Plan plan = cheapest(request, most, ends, CheapestStack.Objective.MACS);
      if (plan.excesses().isEmpty()) {
        return plan;
      }
      // The one with the fewest parameters may keep both limits where the first does not.
      Plan small = cheapest(request, most, ends, CheapestStack.Objective.PARAMETERS);
      if (small.excesses().isEmpty()) {
        return small;
      }
      OptionalLong start =
          Limiting.largestStart(
              request, fewer -> cheapest(fewer, most, ends, CheapestStack.Objective.MACS));
      throw Limiting.exceeded(
          "the cheapest stack that sees "
              + request.receptiveField().getAsLong()
              + " pixels costs more than it may",
          plan.excesses(),
          start);
    }

    /** Which numbers of halvings make the wished final size. */
    private static IntPredicate ends(PlanRequest request, int most) {
      Optional<Size> wanted = request.finalSize();
      IntPredicate ends =
          halvings ->
              (request.halvings().isEmpty() || request.halvings().getAsLong() == halvings)
                  && (wanted.isEmpty()
                      || wanted.get().equals(Halvings.size(request.input(), halvings)));
      for (int halvings = 0; halvings <= most; halvings++) {
        if (ends.test(halvings)) {
          return ends;
        }
      }
      throw new PlanException(
          "halving alone does not make "
              + ShapeText.crossed(wanted.orElseThrow())
              + " of "
              + ShapeText.crossed(request.input())
              + (request.halvings().isPresent()
                  ? " in " + request.halvings().getAsLong() + " steps"
                  : ""),
          "It makes " + Halvings.text(request.input(), most) + ".",
          "Use one of these sizes, or say how many layers, so that some can go without padding.");
    }

    private static Plan cheapest(
        PlanRequest request, int most, IntPredicate ends, CheapestStack.Objective objective) {
      int last = most;
      while (last > 0 && !ends.test(last)) {
        last--;
      }
      return CheapestStack.find(request, objective, last, ends)
          .map(steps -> Plan.of(request, steps))
          .orElseThrow(
              () ->
                  new PlanException(
                      "no stack sees " + request.receptiveField().orElse(1) + " pixels",
                      "A kernel of 1 sees one pixel, however many layers there are.",
                      "Use kernel 3 or more."));
    }
  }
}
