package io.github.convlens.plan;

import io.github.convlens.layer.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A given number of layers, those with stride 2 spread evenly among the others. */
record EvenSteps(long layers, long firstKernel, long kernel) {
  static EvenSteps of(PlanRequest request, long layers) {
    long kernel = request.kernels().others().orElse(3);
    return new EvenSteps(layers, request.kernels().first().orElse(kernel), kernel);
  }

  /** All with the padding that makes {@code ceil(size / stride)}. */
  List<Step> same(long halvings) {
    List<Step> steps = new ArrayList<>();
    for (long number = 1; number <= layers; number++) {
      steps.add(Step.same(kernel(number), stride(number, halvings)));
    }
    return steps;
  }

  private long kernel(long number) {
    return number == 1 ? firstKernel : kernel;
  }

  /**
   * The i-th of h halvings is layer {@code round(i x (layers + 1) / (h + 1))}, so that the other
   * layers in front of, between and behind them are as many, give or take one.
   */
  private long stride(long number, long halvings) {
    long i = (number * (halvings + 1) + (layers + 1) / 2) / (layers + 1);
    for (long candidate = Math.max(1, i - 1); candidate <= Math.min(halvings, i + 1); candidate++) {
      if (position(candidate, halvings) == number) {
        return 2;
      }
    }
    return 1;
  }

  private long position(long i, long halvings) {
    return (2 * i * (layers + 1) + halvings + 1) / (2 * (halvings + 1));
  }

  /**
   * The same with less padding where that is needed to end with exactly the wanted size; empty if
   * that cannot be. Padding is kept as long as possible, so that the last layers go without.
   */
  Optional<List<Step>> endingWith(Size wanted, Size input, long halvings) {
    List<Step> steps = same(halvings);
    Optional<long[]> height = paddings(steps, input.height(), wanted.height());
    Optional<long[]> width = paddings(steps, input.width(), wanted.width());
    if (height.isEmpty() || width.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Size padding = new Size(height.get()[i], width.get()[i]);
      steps.set(i, new Step(step.kernel(), step.stride(), padding));
    }
    return Optional.of(steps);
  }

  /** Whether some paddings of these steps make the wanted size of the input. */
  static boolean reaches(long wanted, long input, List<Step> steps) {
    return wanted >= 1 && paddings(steps, input, wanted).isPresent();
  }

  private static Optional<long[]> paddings(List<Step> steps, long input, long wanted) {
    Sizes[] behind = new Sizes[steps.size()];
    Sizes sizes = new Sizes(wanted, wanted, 1);
    for (int i = steps.size() - 1; i >= 0; i--) {
      behind[i] = sizes;
      sizes = sizes.inFrontOf(steps.get(i));
    }
    long[] paddings = new long[steps.size()];
    long size = input;
    for (int i = 0; i < paddings.length; i++) {
      Step step = steps.get(i);
      long padding = step.padding().height();
      while (padding >= 0 && !behind[i].contains(output(step, padding, size))) {
        padding--;
      }
      if (padding < 0) {
        return Optional.empty();
      }
      paddings[i] = padding;
      size = output(step, padding, size);
    }
    return Optional.of(paddings);
  }

  private static long output(Step step, long padding, long size) {
    long room = size + 2 * padding - step.kernel();
    return room < 0 ? 0 : room / step.stride() + 1;
  }

  /** Sizes from which the rest of the layers can reach the wanted one: all, or every second. */
  private record Sizes(long first, long last, long step) {
    private static final long ENOUGH = 1L << 40;

    boolean contains(long size) {
      return first <= size && size <= last && (size - first) % step == 0;
    }

    /**
     * With stride 1 a layer takes an even number, 0 to 2 x padding. With stride 2 it makes {@code
     * out} of the sizes 2 x out - 1 to 2 x out + 2 x padding.
     */
    Sizes inFrontOf(Step layer) {
      long most = 2 * layer.padding().height();
      if (layer.halves()) {
        // Every second out leaves no hole in front of it, as long as there is padding to vary.
        return new Sizes(2 * first - 1, Math.min(ENOUGH, 2 * last + most), 1);
      }
      boolean single = first == last;
      return new Sizes(first, Math.min(ENOUGH, last + most), single && most > 0 ? 2 : step);
    }
  }
}
