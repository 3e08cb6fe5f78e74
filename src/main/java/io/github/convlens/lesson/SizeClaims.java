package io.github.convlens.lesson;

import static io.github.convlens.lesson.Stacks.row;

import io.github.convlens.language.Language;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.plan.EvenStrides;
import io.github.convlens.plan.SamePadding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The claims about the size of what comes out: 1 to 7. */
final class SizeClaims {
  /** Formulas are tried for all numbers up to this. */
  private static final long LARGEST = 12;

  private static final int WIDEST_BAR = 28;

  private SizeClaims() {}

  /** Claim 1: sizes behind layers without padding, each {@code n - kernel + 1}. */
  static Claim shrinkingSizes(Language language, long... n) {
    long input = n[0];
    long kernel = n[1];
    List<Long> sizes = Stacks.shrinking(input, Window.of(kernel), Math.max(n[2], n[4]));
    List<String> lines = new ArrayList<>();
    lines.add(language.say("each layer makes n - %d + 1 of n, %d less", kernel, kernel - 1));
    lines.add(sizes.stream().map(String::valueOf).collect(Collectors.joining(" -> ")));
    List<String> wrong = new ArrayList<>();
    for (int i = 2; i < n.length; i += 2) {
      String found =
          n[i] < sizes.size()
              ? Long.toString(sizes.get((int) n[i]))
              : kernel == 1 ? input + "" : language.say("nothing, since the kernel no longer fits");
      lines.add(language.say("layer %d: %s; the notes: %d", n[i], found, n[i + 1]));
      if (!found.equals(Long.toString(n[i + 1]))) {
        wrong.add(language.say("after layer %d it is %s, not %d", n[i], found, n[i + 1]));
      }
    }
    String statement =
        language.say(
            "Without padding a picture of %1$dx%1$d shrinks under %2$dx%2$d kernels: %4$dx%4$d after"
                + " layer %3$d, %6$dx%6$d after layer %5$d.",
            input, kernel, n[2], n[3], n[4], n[5]);
    return new Claim(1, statement, lines, Verdict.unless(language, wrong));
  }

  /** A window and an input that it fits into. */
  private record Fitting(long n, long k, long p, long s) {
    /** How many places it has there. */
    long places() {
      return new Window(k, s, p / 2, p - p / 2, 1).outputSize(n);
    }
  }

  /** How often a formula gives the number of places, and the first time that it does not. */
  private record Tally(long tried, long right, Verdict verdict) {
    /** Tries all windows with strides up to the given one; {@code names} writes one's numbers. */
    static Tally of(
        Language language,
        long stride,
        String names,
        Predicate<Fitting> which,
        ToLongFunction<Fitting> formula) {
      long tried = 0;
      long right = 0;
      Verdict verdict = Verdict.right(language);
      for (Fitting each : all(stride)) {
        if (which.test(each)) {
          tried++;
          long found = formula.applyAsLong(each);
          if (found == each.places()) {
            right++;
          } else if (verdict.isRight()) {
            String numbers = String.format(Locale.ROOT, names, each.n, each.k, each.p, each.s);
            verdict =
                Verdict.wrong(
                    language,
                    language.say(
                        "%s: the formula gives %d, it is %d.", numbers, found, each.places()));
          }
        }
      }
      return new Tally(tried, right, verdict);
    }

    private static List<Fitting> all(long stride) {
      List<Fitting> all = new ArrayList<>();
      for (long n = 1; n <= LARGEST; n++) {
        for (long p = 0; p <= LARGEST; p++) {
          for (long k = 1; k <= Math.min(LARGEST, n + p); k++) {
            for (long s = 1; s <= stride; s++) {
              all.add(new Fitting(n, k, p, s));
            }
          }
        }
      }
      return all;
    }

    /** {@code 948 of 948 right}. */
    String in(Language language) {
      return language.say("%d of %d right", right, tried);
    }
  }

  /** Claim 2: {@code n - k + 1} without padding, {@code n - k + p + 1} with p rows in total. */
  static Claim sizeWithoutStride(Language language, long... numbers) {
    long added = numbers[0];
    Tally tally =
        Tally.of(language, 1, "n = %d, k = %d, p = %d", each -> true, w -> w.n - w.k + w.p + added);
    List<String> lines = new ArrayList<>();
    lines.add(
        "  n  k  p   "
            + Printable.padded(language.say("formula"), 22)
            + language.say("places of the kernel"));
    for (Fitting w :
        List.of(new Fitting(8, 3, 0, 1), new Fitting(8, 3, 2, 1), new Fitting(9, 4, 3, 1))) {
      String formula =
          "%d - %d + %d + %d = %d".formatted(w.n, w.k, w.p, added, w.n - w.k + w.p + added);
      lines.add("%3d%3d%3d   %-22s%d".formatted(w.n, w.k, w.p, formula, w.places()));
    }
    lines.add(
        language.say(
            "tried for n and k from 1 to %1$d, p from 0 to %1$d where the kernel fits: %2$s",
            LARGEST, tally.in(language)));
    String statement =
        language.say(
            "A kernel of k makes n - k + %1$d of n without padding, and n - k + p + %1$d with p rows"
                + " and columns of padding in total.",
            added);
    return new Claim(2, statement, lines, tally.verdict);
  }

  /**
   * Claim 3: {@code k - 1} rows of padding in total keep the size; where they cannot be halved, the
   * larger half is in front. Which end it is at is a convention ({@link SamePadding}).
   */
  static Claim paddingThatKeepsSize(Language language, long... n) {
    long input = n[0];
    List<String> lines = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    List<String> as = authors(language);
    for (long kernel : List.of(n[1], n[2])) {
      Window claimed = claimed(kernel, kernel - n[3]);
      lines.add(
          Printable.padded(language.say("kernel %d", kernel), 40)
              + Printable.paddedInFront(language.say("front"), 5)
              + Printable.paddedInFront(language.say("behind"), 8)
              + Printable.paddedInFront(language.say("size"), 6));
      lines.add(paddings(language.say("the notes"), claimed, input));
      for (SamePadding each : SamePadding.compare(kernel, 1, input)) {
        Window window = each.window().orElseThrow();
        if (each.author() != SamePadding.Author.NOTES) {
          lines.add(paddings(language.say(each.author().toString()), window, input));
        }
        if (!window.equals(claimed)) {
          as.remove(language.say(each.author().toString()));
        }
      }
      if (claimed.outputSize(input) != input) {
        wrong.add(
            language.say(
                "for k = %d the size becomes %d, not %d",
                kernel, claimed.outputSize(input), input));
      }
    }
    String statement =
        language.say(
            "Padding of k - %d in total keeps the size: the same at both ends where it can be"
                + " halved, as for k = %d; otherwise, as for k = %d, the larger half on top and on"
                + " the left.",
            n[3], n[1], n[2]);
    return new Claim(
        3,
        statement,
        lines,
        wrong.isEmpty() ? ends(language, as) : Verdict.unless(language, wrong));
  }

  private static List<String> authors(Language language) {
    List<String> authors = new ArrayList<>();
    for (SamePadding.Author author : SamePadding.Author.values()) {
      if (author != SamePadding.Author.NOTES) {
        authors.add(language.say(author.toString()));
      }
    }
    return authors;
  }

  private static Verdict ends(Language language, List<String> as) {
    List<String> not = authors(language);
    not.removeAll(as);
    return not.isEmpty()
        ? Verdict.right(language)
        : Verdict.conditional(
            language,
            language.say(
                "the size is kept wherever the halves go, and where they go is a convention. As the"
                    + " notes have it: %s. With the larger half at the other end: %s.",
                as.isEmpty() ? language.say("nobody") : Verdict.listed(language, as),
                Verdict.listed(language, not)));
  }

  private static Window claimed(long kernel, long total) {
    if (total < 0) {
      throw new IllegalArgumentException(
          "padding must not be negative.\nFor k = " + kernel + " the claim pads " + total + ".");
    }
    return new Window(kernel, 1, total - total / 2, total / 2, 1);
  }

  private static String paddings(String who, Window window, long input) {
    return Printable.padded("  " + who, 40)
        + "%5d%8d%6d".formatted(window.padBefore(), window.padAfter(), window.outputSize(input));
  }

  /** Claim 4: how many layers bring a picture down: {@code (input - target) / (kernel - 1)}. */
  static Claim layersToShrink(Language language, long... n) {
    long input = n[0];
    long kernel = n[1];
    long target = n[2];
    long claimed = n[3];
    if (kernel == 1) {
      throw new IllegalArgumentException(
          "a 1x1 kernel takes nothing off.\nHere kernel is 1.\nUse a kernel of 2 or more.");
    }
    List<Long> sizes = Stacks.shrinking(input, Window.of(kernel), input);
    int needed = sizes.indexOf(target);
    List<String> lines = new ArrayList<>();
    lines.add(language.say("each layer takes %d - 1 = %d rows and columns", kernel, kernel - 1));
    if (needed >= 0) {
      lines.add(
          language.say(
              "%1$d - %2$d = %3$d to take off, %3$d / %4$d = %5$d layers",
              input, target, input - target, kernel - 1, needed));
    }
    int last = (int) Math.min(sizes.size() - 1, Math.max(claimed, needed));
    List<Integer> depths =
        IntStream.rangeClosed(0, last)
            .filter(
                depth -> depth % Math.max(1, last / 5) == 0 || depth == claimed || depth == last)
            .boxed()
            .toList();
    lines.add(row(6, language.say("layers"), "%5d", depths));
    lines.add(row(6, language.say("size"), "%5d", depths.stream().map(sizes::get).toList()));
    String statement =
        language.say(
            "A picture of %1$dx%1$d under %2$dx%2$d kernels without padding needs %3$d layers to"
                + " come down to %4$dx%4$d.",
            input, kernel, claimed, target);
    Verdict verdict =
        needed == claimed
            ? Verdict.right(language)
            : Verdict.wrong(
                language,
                truth(language, sizes, needed, target, claimed, kernelFor(input, target, claimed)));
    return new Claim(4, statement, lines, verdict);
  }

  private static String truth(
      Language language,
      List<Long> sizes,
      int needed,
      long target,
      long claimed,
      OptionalLong kernel) {
    List<String> truth = new ArrayList<>();
    truth.add(
        needed >= 0
            ? language.say("it takes %d layers.", needed)
            : language.say("no number of layers gives %d.", target));
    truth.add(
        claimed < sizes.size()
            ? language.say("After %d the size is %d.", claimed, sizes.get((int) claimed))
            : language.say("The kernel stops fitting before layer %d.", claimed));
    kernel.ifPresent(
        k ->
            truth.add(
                language.say("%1$d layers would be right for %2$dx%2$d kernels.", claimed, k)));
    return language.sentences(truth);
  }

  /** The kernel for which the claimed number of layers is right. */
  private static OptionalLong kernelFor(long input, long target, long claimed) {
    long difference = input - target;
    return difference >= 0 && difference % claimed == 0
        ? OptionalLong.of(difference / claimed + 1)
        : OptionalLong.empty();
  }

  /** Whether sizes fall by the same difference each time; three are needed to tell. 9, 7, 5. */
  private static boolean fallLinearly(List<Long> sizes) {
    return sizes.size() > 2
        && IntStream.range(1, sizes.size())
            .mapToObj(i -> sizes.get(i - 1) - sizes.get(i))
            .allMatch(difference -> difference == sizes.get(0) - sizes.get(1));
  }

  /** Whether they fall by the same factor, but for rounding to whole pixels. 7, 4, 2. */
  private static boolean fallExponentially(List<Long> sizes) {
    double factor = sizes.size() > 2 ? (double) sizes.get(1) / sizes.get(0) : 1;
    return factor < 1
        && IntStream.range(1, sizes.size())
            .allMatch(i -> Math.abs(sizes.get(i) - sizes.get(0) * Math.pow(factor, i)) < 1);
  }

  /**
   * Claim 5: without stride each layer takes the same number of rows, {@code n - (k - 1) x layers};
   * with stride s and padding k - 1 each divides, {@code n / s^layers}.
   */
  static Claim lawsOfShrinking(Language language, long... n) {
    long input = n[0];
    long kernel = n[1];
    long stride = n[2];
    long front = (kernel - 1) / 2;
    Window strided = new Window(kernel, stride, front, kernel - 1 - front, 1);
    List<Long> without = Stacks.shrinking(input, Window.of(kernel), input);
    List<Long> with = Stacks.shrinking(input, strided, input);
    List<String> lines = new ArrayList<>();
    lines.add(
        language.say(
            "%1$dx%1$d kernels without padding: %2$d less each time, n - %2$d x layers",
            kernel, kernel - 1));
    lines.add(
        language.say(
            "with stride %1$d and padding %2$d in total: n / %1$d each time, n / %1$d^layers, rounded up",
            stride, kernel - 1));
    lines.add(
        Printable.paddedInFront(language.say("layers"), 6)
            + "  "
            + Printable.padded(language.say("without stride"), 36)
            + language.say("stride %d", stride));
    int deepest = Math.max(without.size(), with.size()) - 1;
    for (int depth = 0; depth <= deepest; depth++) {
      // Every layer while both fall; then only some of the longer curve.
      if (depth < with.size() || depth % 8 == 0 || depth == deepest) {
        String bars = "%-36s%s".formatted(bar(without, depth), bar(with, depth));
        lines.add("%6d  %s".formatted(depth, bars).stripTrailing());
      }
    }
    List<String> wrong = new ArrayList<>();
    if (!fallLinearly(without)) {
      wrong.add(language.say("without stride it does not fall linearly"));
    }
    // A straight line of few sizes may pass for a curve, but not the other way round.
    if (!fallExponentially(with) || fallLinearly(with)) {
      wrong.add(language.say("with stride %d it does not fall exponentially", stride));
    }
    String statement =
        language.say(
            "The size falls linearly with the number of layers without stride, and exponentially"
                + " with stride.");
    return new Claim(5, statement, lines, Verdict.unless(language, wrong));
  }

  private static String bar(List<Long> sizes, int depth) {
    if (depth >= sizes.size()) {
      return "";
    }
    long length = Math.round((double) sizes.get(depth) * WIDEST_BAR / sizes.get(0));
    return "%3d %s".formatted(sizes.get(depth), "#".repeat((int) Math.max(1, length)));
  }

  /**
   * Claim 6: {@code floor((n - k + p + s) / s)} with stride s; {@code floor((n + s - 1) / s)} where
   * p = k - 1; {@code n / s} where s divides n as well.
   */
  static Claim sizeWithStride(Language language, long... numbers) {
    long strides = numbers[0];
    ToLongFunction<Fitting> size = w -> Math.floorDiv(w.n - w.k + w.p + strides * w.s, w.s);
    Predicate<Fitting> keeping = w -> w.p == w.k - 1;
    String names = "n = %d, k = %d, p = %d, s = %d";
    Tally any = Tally.of(language, LARGEST, names, w -> true, size);
    Tally kept =
        Tally.of(
            language, LARGEST, names, keeping, w -> Math.floorDiv(w.n + strides * w.s - 1, w.s));
    Tally divided =
        Tally.of(language, LARGEST, names, keeping.and(w -> w.n % w.s == 0), w -> w.n / w.s);
    Fitting first = new Fitting(8, 5, 2, 4);
    List<String> lines = new ArrayList<>();
    lines.add(
        language.say(
            "n = 8, k = 5, p = 2, s = 4: floor((8 - 5 + 2 + %d) / 4) = %d; the kernel has %d places",
            4 * strides, size.applyAsLong(first), first.places()));
    String factor = strides == 1 ? "" : Long.toString(strides);
    lines.add(
        Printable.paddedInFront(language.say("224 with k = 3, p = 2:") + "  s", 25)
            + "  floor((224 + %ss - 1) / s)".formatted(factor)
            + Printable.paddedInFront(language.say("places"), 8));
    for (long s = 1; s <= 4; s++) {
      Fitting w = new Fitting(224, 3, 2, s);
      lines.add("%25d%26d%8d".formatted(s, size.applyAsLong(w), w.places()));
    }
    lines.add(language.say("tried for n, k and s from 1 to %1$d, p from 0 to %1$d:", LARGEST));
    lines.add(Printable.padded("  " + language.say("any p"), 30) + any.in(language));
    lines.add(Printable.padded("  p = k - 1", 30) + kept.in(language));
    lines.add(
        Printable.padded("  " + language.say("p = k - 1, s divides n"), 30) + divided.in(language));
    lines.add(
        language.say(
            "PyTorch and DJL pad both sides alike, so p is even, and p = k - 1 needs an odd k:"));
    lines.add(
        language.say(
            "k = 4 on 224 with p = 2 gives %d, with p = 4 %d, and never 224",
            new Fitting(224, 4, 2, 1).places(), new Fitting(224, 4, 4, 1).places()));
    String statement =
        language.say(
            "With stride s the size is floor((n - k + p + %1$s) / s), p being the total padding;"
                + " with p = k - 1 that is floor((n + %1$s - 1) / s), and n / s where s divides n.",
            factor + "s");
    Verdict verdict =
        List.of(any, kept, divided).stream()
            .map(Tally::verdict)
            .filter(each -> !each.isRight())
            .findFirst()
            .orElse(Verdict.right(language));
    return new Claim(6, statement, lines, verdict);
  }

  /**
   * Claim 7: most layers keep the size while a few with a stride are spread evenly among them:
   * {@code input / stride^strided} at the end.
   */
  static Claim stridesSpreadEvenly(Language language, long... n) {
    long input = n[0];
    long layers = n[1];
    long strided = n[2];
    long stride = n[3];
    long claimed = n[4];
    EvenStrides spread = new EvenStrides(layers, strided, stride);
    List<Long> sizes = Stacks.heights(Stacks.trace(input, 3, spread.strides()));
    List<String> lines = new ArrayList<>();
    lines.add(
        language.say(
            "3x3 kernels, padding 1; stride %d in layers %s",
            stride, Stacks.listed(spread.positions())));
    lines.add(
        "%d / %d^%d = %s"
            .formatted(
                input,
                stride,
                strided,
                Numbers.text(input / Math.pow((double) stride, (double) strided))));
    lines.add(language.say("the size behind each layer:"));
    for (int from = 0; from < sizes.size(); from += 20) {
      int to = Math.min(sizes.size(), from + 20);
      lines.add(row(8, "%3d-%d".formatted(from + 1, to), "%4d", sizes.subList(from, to)));
    }
    long last = sizes.get(sizes.size() - 1);
    String statement =
        language.say(
            "A network of %1$d layers for pictures of %2$dx%2$d has %3$d layers of stride %4$d,"
                + " spread evenly among the others, and %5$dx%5$d at the end.",
            layers, input, strided, stride, claimed);
    return new Claim(
        7,
        statement,
        lines,
        last == claimed
            ? Verdict.right(language)
            : Verdict.wrong(
                language,
                language.say("at the end it is %1$dx%1$d, not %2$dx%2$d.", last, claimed)));
  }
}
