package io.github.convlens.plan;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Even plans that end with a given size. */
final class FinalSizes {
  private FinalSizes() {}

  /**
   * The steps with the number of halvings that needs to leave out the least padding; of those that
   * need the same the most halvings, since they cost less.
   *
   * @throws PlanException if no number of halvings makes the size, with the nearest that can be had
   */
  static List<Step> steps(EvenSteps even, PlanRequest request, int most) {
    Size wanted = request.finalSize().orElseThrow();
    Optional<List<Step>> best = Optional.empty();
    long least = Long.MAX_VALUE;
    for (long halvings : candidates(even, request, most)) {
      Optional<List<Step>> steps = even.endingWith(wanted, request.input(), halvings);
      if (steps.isPresent() && leftOut(steps.get()) <= least) {
        least = leftOut(steps.get());
        best = steps;
      }
    }
    return best.orElseThrow(() -> impossible(even, request, most));
  }

  private static long[] candidates(EvenSteps even, PlanRequest request, int most) {
    return request.halvings().isPresent()
        ? new long[] {request.halvings().getAsLong()}
        : LongStream.rangeClosed(0, Math.min(most, even.layers())).toArray();
  }

  /** How much padding is missing, both axes together. */
  private static long leftOut(List<Step> steps) {
    return steps.stream()
        .mapToLong(step -> step.kernel() - 1 - step.padding().height() - step.padding().width())
        .sum();
  }

  private static PlanException impossible(EvenSteps even, PlanRequest request, int most) {
    Size wanted = request.finalSize().orElseThrow();
    Size nearest = request.input();
    long halvingsOfNearest = 0;
    long least = Long.MAX_VALUE;
    for (long halvings : candidates(even, request, most)) {
      OptionalLong height = nearest(even, request, halvings, Axis.HEIGHT);
      OptionalLong width = nearest(even, request, halvings, Axis.WIDTH);
      if (height.isPresent() && width.isPresent()) {
        Size size = new Size(height.getAsLong(), width.getAsLong());
        long distance =
            Math.abs(size.height() - wanted.height()) + Math.abs(size.width() - wanted.width());
        if (distance < least) {
          least = distance;
          nearest = size;
          halvingsOfNearest = halvings;
        }
      }
    }
    return message(even, request, nearest, halvingsOfNearest);
  }

  private static PlanException message(
      EvenSteps even, PlanRequest request, Size nearest, long halvings) {
    Size wanted = request.finalSize().orElseThrow();
    boolean given = request.halvings().isPresent();
    return new PlanException(
        (even.layers() + " layers" + (given ? " with " + halvings + " halvings" : ""))
            + (" do not make "
                + ShapeText.crossed(wanted)
                + " of "
                + ShapeText.crossed(request.input())),
        ("The nearest size on which height and width agree is " + ShapeText.crossed(nearest))
            + (", with " + halvings + " halvings: with padding they make ")
            + ShapeText.crossed(Halvings.size(request.input(), (int) halvings))
            + (", and each layer without padding takes " + (even.kernel() - 1))
            + " at its place.",
        "Use final size "
            + ShapeText.crossed(nearest)
            + (given ? ", other halvings, or other layers." : ", or more layers."));
  }

  /** The size nearest to the wanted one that so many halvings can make on an axis. */
  private static OptionalLong nearest(
      EvenSteps even, PlanRequest request, long halvings, Axis axis) {
    long input = request.input().on(axis);
    List<Step> steps = even.same(halvings);
    long largest = Halvings.size(input, (int) halvings);
    long smallest = smallest(steps, input);
    long wanted = request.finalSize().orElseThrow().on(axis);
    long start = Math.max(smallest, Math.min(largest, wanted));
    // Sizes that can be had lie at most two apart, so a few steps from the nearest end will do.
    for (long distance = 0; distance <= 4; distance++) {
      for (long size : new long[] {start - distance, start + distance}) {
        if (EvenSteps.reaches(size, input, steps)) {
          return OptionalLong.of(size);
        }
      }
    }
    return OptionalLong.empty();
  }

  /** What is left with no padding at all; 1 where a kernel does not even fit. */
  private static long smallest(List<Step> steps, long input) {
    long size = input;
    for (Step step : steps) {
      size = size < step.kernel() ? 1 : (size - step.kernel()) / step.stride() + 1;
    }
    return size;
  }
}
