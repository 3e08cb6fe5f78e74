package io.github.convlens.plan;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** What to say where a plan costs more than it may. */
final class Limiting {
  private Limiting() {}

  /**
   * The largest number of starting channels below the wished one with which the limits are kept;
   * empty if not even one channel does it. Fewer channels never cost more.
   */
  static OptionalLong largestStart(PlanRequest request, Function<PlanRequest, Plan> planning) {
    long fits = 0;
    long exceeds = request.channels().start();
    while (exceeds - fits > 1) {
      long middle = (fits + exceeds) / 2;
      Plan plan = planning.apply(request.withChannels(request.channels().withStart(middle)));
      if (plan.excesses().isEmpty()) {
        fits = middle;
      } else {
        exceeds = middle;
      }
    }
    return fits == 0 ? OptionalLong.empty() : OptionalLong.of(fits);
  }

  static PlanException exceeded(String rule, List<String> excesses, OptionalLong start) {
    return new PlanException(
        rule,
        "It needs " + String.join(", and ", excesses) + ".",
        start.isPresent()
            ? "Start with " + start.getAsLong() + " channels or fewer, or allow more."
            : "Even one starting channel costs more: allow more, or wish for less.");
  }
}
