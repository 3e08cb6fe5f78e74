package io.github.convlens.lesson;

import static io.github.convlens.lesson.Stacks.row;
import static io.github.convlens.lesson.Stacks.square;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.language.Language;
import io.github.convlens.plan.EvenStrides;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The claims about what stacks of layers see and cost: 8 to 10. */
final class StackClaims {
  /** The picture on which whole networks are counted and timed: (batch, channels, h, w). */
  private static final Shape PICTURE = new Shape(1, 64, 28, 36);

  private static final Shape PIXEL = new Shape(1, 1, 1, 1);

  private StackClaims() {}

  /** Claim 8: layers with small kernels see what fewer see: {@code 1 + layers x (kernel - 1)}. */
  static Claim sameReceptiveField(Language language, long... n) {
    long kernel = n[0];
    long layers = n[1];
    long otherKernel = n[2];
    List<Long> otherLayers = List.of(n[3], n[4]);
    long most = Math.max(n[3], n[4]);
    List<Long> fields = Stacks.fields(Stacks.equal(PIXEL, kernel, layers));
    List<Long> others = Stacks.fields(Stacks.equal(PIXEL, otherKernel, most));
    long field = fields.get((int) layers - 1);
    List<String> lines = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    List<Long> same = new ArrayList<>();
    lines.add(sees(language, layers, kernel, field));
    for (long count : otherLayers) {
      long other = others.get((int) count - 1);
      lines.add(sees(language, count, otherKernel, other));
      seen.add(language.say("%d see %s", count, square(other)));
      if (other == field) {
        same.add(count);
      }
    }
    List<Long> numbers = LongStream.rangeClosed(1, Math.max(layers, most)).boxed().toList();
    lines.add(row(7, language.say("layers"), "%4d", numbers));
    lines.add(row(7, square(kernel), "%4d", fields));
    lines.add(row(7, square(otherKernel), "%4d", others));
    String found =
        language.say(
            "%d layers of %s see %s. With %s %s",
            layers, square(kernel), square(field), square(otherKernel), language.list(seen));
    Verdict verdict =
        same.size() == otherLayers.size()
            ? Verdict.right(language)
            : same.isEmpty()
                ? Verdict.wrong(language, language.say("%s.", found))
                : Verdict.conditional(
                    language, language.say("%s: it takes %d.", found, same.get(0)));
    String counts = language.say("%d or %d", n[3], n[4]);
    String statement =
        language.say(
            "%d layers of %s see what %s layers of %s see.",
            layers, square(kernel), counts, square(otherKernel));
    return new Claim(8, statement, lines, verdict);
  }

  private static String sees(Language language, long layers, long kernel, long field) {
    return language.say(
        "%d layers of %s: 1 + %d x (%d - 1) = %d", layers, square(kernel), layers, kernel, field);
  }

  /** Layers with a kernel: one of claim 9's two networks. */
  private record Network(long kernel, long layers) {
    /** A picture of one pixel and one channel tells what one pixel and pair of channels cost. */
    long cost() {
      return cost(PIXEL);
    }

    long cost(Shape picture) {
      return Stacks.equal(picture, kernel, layers).totals().cost();
    }

    String formula(Language language) {
      return language.say("%2d layers x %d x %d = %d", layers, kernel, kernel, cost());
    }
  }

  /** Claim 9: the cost follows the kernel's area: {@code layers x kernel^2} multiply-adds. */
  static Claim cheaperSmallKernels(Language language, long... n) {
    long kernel = n[0];
    long layers = n[1];
    long otherKernel = n[2];
    long otherLayers = n[3];
    if (kernel % 2 == 0 || otherKernel % 2 == 0) {
      throw new IllegalArgumentException(
          "both kernels must be odd, so that padding on both sides keeps the size.\nHere they are "
              + kernel
              + " and "
              + otherKernel
              + ".");
    }
    Network small = new Network(kernel, layers);
    Network large = new Network(otherKernel, otherLayers);
    double ratio = (double) small.cost() / large.cost();
    long percent = Math.round(100 * Math.abs(1 - ratio));
    List<String> lines =
        List.of(
            language.say("multiply-adds for each pixel and each pair of channels:"),
            small.formula(language),
            large.formula(language),
            language.say(
                "%d / %d = %s: %d %% %s",
                small.cost(),
                large.cost(),
                Numbers.text(ratio),
                percent,
                ratio < 1 ? language.say("fewer") : language.say("more")),
            language.say(
                "on %dx%d with %d channels: %,d against %,d",
                PICTURE.get(2),
                PICTURE.get(3),
                PICTURE.get(1),
                small.cost(PICTURE),
                large.cost(PICTURE)));
    String statement =
        language.say(
            "%d layers of %s are cheaper than %d layers of %s: the cost follows the kernel's area.",
            layers, square(kernel), otherLayers, square(otherKernel));
    Verdict verdict =
        small.cost() < large.cost()
            ? Verdict.right(language)
            : Verdict.wrong(
                language,
                language.say(
                    "%d multiply-adds are not fewer than %d.", small.cost(), large.cost()));
    return new Claim(9, statement, lines, verdict)
        .measuredBy(manager -> time(language, manager, small, large));
  }

  /** Runs both networks several times; the times are told and not judged. */
  private static Measurement time(
      Language language, NDManager manager, Network small, Network large) {
    try (NDManager scratch = manager.newSubManager()) {
      TimedStack one = new TimedStack(scratch, PICTURE, small.kernel, small.layers);
      TimedStack other = new TimedStack(scratch, PICTURE, large.kernel, large.layers);
      List<TimedStack.Times> times = TimedStack.times(one, other);
      double ratio = times.get(0).median() / times.get(1).median();
      return new Measurement(
          List.of(
              timing(language, small, times.get(0)),
              timing(language, large, times.get(1)),
              comparison(language, ratio, (double) small.cost() / large.cost())),
          one.multiplyAdds() == small.cost(PICTURE) && other.multiplyAdds() == large.cost(PICTURE));
    }
  }

  private static String timing(Language language, Network network, TimedStack.Times times) {
    return language.say(
        "%2d layers of %s: median of %d runs %.2f ms, fastest %.2f ms",
        network.layers, square(network.kernel), TimedStack.RUNS, times.median(), times.fastest());
  }

  private static String comparison(Language language, double ratio, double counted) {
    String outcome = language.say("time %.2f to 1, multiply-adds %.2f to 1", ratio, counted);
    boolean countTells = (ratio < 1) == (counted < 1);
    return countTells
        ? language.say("%s.", outcome)
        : language.say(
            "%s: here and now the count does not tell the time. Each layer has a cost of its own"
                + " besides, and other programs that run take their share.",
            outcome);
  }

  /** Claim 10: {@code (input - 1) / (kernel - 1)} layers see all, fewer if some have a stride. */
  static Claim layersToSeeAll(Language language, long... n) {
    long input = n[0];
    long kernel = n[1];
    long strided = n[2];
    long stride = n[3];
    String statement =
        language.say(
            "With enough layers of %1$dx%1$d, the last sees the whole picture of %2$dx%2$d.",
            kernel, input);
    if (kernel == 1 && input > 1) {
      return new Claim(
          10,
          statement,
          List.of(language.say("each layer adds 1 - 1 = 0 to what is seen")),
          Verdict.wrong(
              language, language.say("1x1 layers see one pixel, however many there are.")));
    }
    Trace without = seeingAll(input, kernel, 0, 1);
    Trace with = seeingAll(input, kernel, strided, stride);
    List<String> lines = new ArrayList<>();
    lines.add(
        language.say("without stride each layer sees %d more than the one before:", kernel - 1));
    lines.add(
        language.say(
            "(%d - 1) / %d = %s, so %d layers",
            input, kernel - 1, Numbers.text((input - 1.0) / (kernel - 1)), without.rows().size()));
    lines.addAll(table(language, Stacks.fields(without)));
    int layers = with.rows().size();
    lines.add(
        language.say(
            "with stride %d in %d layers spread evenly, %d layers are enough (layers %s):",
            stride,
            strided,
            layers,
            Stacks.listed(new EvenStrides(layers, strided, stride).positions())));
    lines.addAll(table(language, Stacks.fields(with)));
    lines.add(
        language.say(
            "an output in the middle, that is; one at the edge sees padding on its other side"));
    return new Claim(10, statement, lines, Verdict.right(language));
  }

  /** Adds one layer after the other until an output sees all of the picture. */
  private static Trace seeingAll(long input, long kernel, long strided, long stride) {
    for (long layers = Math.max(1, strided); ; layers++) {
      Trace trace = Stacks.trace(input, kernel, new EvenStrides(layers, strided, stride).strides());
      if (seesAll(trace.rows().get(trace.rows().size() - 1), input)) {
        return trace;
      }
    }
  }

  private static boolean seesAll(Row row, long input) {
    ReceptiveField.OnAxis field = row.receptiveField().height();
    return LongStream.range(0, row.output().get(2))
        .map(output -> field.start() + field.stride().times(output).floor())
        .anyMatch(first -> first <= 0 && first + field.size() >= input);
  }

  private static List<String> table(Language language, List<Long> fields) {
    int last = fields.size() - 1;
    int step = last < 16 ? 1 : last / 8;
    List<Integer> shown =
        IntStream.rangeClosed(0, last).filter(i -> i % step == 0 || i == last).boxed().toList();
    return List.of(
        row(6, language.say("layer"), "%5d", shown.stream().map(i -> i + 1).toList()),
        row(6, language.say("sees"), "%5d", shown.stream().map(fields::get).toList()));
  }
}
