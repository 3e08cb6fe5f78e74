package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.language.Language;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.Unread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The claims about layers of known networks, and about what a layer loses: 11 and 12. */
final class LayerClaims {
  private static final List<String> NETWORKS = List.of("alexnet", "resnet18", "vgg16");
  private static final int SHOWN = 3;

  private LayerClaims() {}

  /** How a network starts and goes on: its convolutions' kernels. */
  private record Start(String name, long first, long others, long asClaimed) {
    static Start of(String name, Trace trace, long thenKernel) {
      List<Long> kernels =
          trace.rows().stream()
              .filter(row -> row.layer() instanceof ConvSpec)
              .map(row -> window(row).kernel().height())
              .toList();
      List<Long> others = kernels.subList(1, kernels.size());
      long asClaimed = others.stream().filter(kernel -> kernel == thenKernel).count();
      return new Start(name, kernels.get(0), others.size(), asClaimed);
    }

    boolean goesOnSo() {
      return 2 * asClaimed > others;
    }
  }

  private static Windows window(Row row) {
    return row.layer().windows().orElseThrow();
  }

  /** Claim 11: networks start with a larger kernel and go on with a small one. */
  static Claim largerKernelFirst(Language language, long... n) {
    List<Long> firstKernels = List.of(n[0], n[1], n[2]);
    long thenKernel = n[3];
    List<String> lines = new ArrayList<>();
    lines.add(
        Printable.padded(language.say("the first layers"), 29)
            + Printable.paddedInFront(language.say("output"), 12)
            + Printable.paddedInFront(language.say("sees"), 9)
            + Printable.paddedInFront(language.say("multiply-adds"), 15)
            + Printable.paddedInFront(language.say("of all"), 10));
    List<Start> starts = new ArrayList<>();
    for (String name : NETWORKS) {
      Trace trace =
          Trace.of(PyTorch.parse(Presets.text(name)), Presets.input(name), Convention.TORCHVISION);
      lines.add(language.say("%s on %s", name, picture(trace.input())));
      trace.rows().stream()
          .filter(row -> row.layer().windows().isPresent())
          .limit(SHOWN)
          .forEach(row -> lines.add(line(language, row, trace.totals().cost())));
      starts.add(Start.of(name, trace, thenKernel));
    }
    for (Start start : starts) {
      lines.add(
          language.say(
              "%1$s: first %2$dx%2$d, then %4$d of %3$d convolutions with %5$dx%5$d",
              start.name, start.first, start.others, start.asClaimed, thenKernel));
    }
    String statement =
        language.say(
            "Networks start with a larger kernel (%s) and go on with %2$dx%2$d.",
            Stacks.listed(firstKernels), thenKernel);
    return new Claim(11, statement, lines, verdict(language, starts, firstKernels, thenKernel));
  }

  private static Verdict verdict(
      Language language, List<Start> starts, List<Long> firstKernels, long thenKernel) {
    List<String> followers = new ArrayList<>();
    List<String> exceptions = new ArrayList<>();
    for (Start start : starts) {
      String first = Stacks.square(start.first);
      if (!firstKernels.contains(start.first)) {
        exceptions.add(language.say("%s starts with %s", start.name, first));
      } else if (!start.goesOnSo()) {
        exceptions.add(
            language.say(
                "%1$s goes on with %2$dx%2$d in %3$d of %4$d convolutions",
                start.name, thenKernel, start.asClaimed, start.others));
      } else {
        followers.add("%s (%s)".formatted(start.name, first));
      }
    }
    return followers.isEmpty() || exceptions.isEmpty()
        ? Verdict.unless(language, exceptions)
        : Verdict.conditional(
            language,
            language.say(
                "it depends on the network. So it is in %s; but %s.",
                both(language, followers), Verdict.listed(language, exceptions)));
  }

  private static String line(Language language, Row row, long all) {
    String stride = language.say("stride %-2d", window(row).stride().height());
    return String.format(
        Locale.ROOT,
        "  %-10s%s%10s%9s%,15d%8.1f %%",
        row.type(),
        Printable.padded("%7s, ".formatted(ShapeText.crossed(window(row).kernel())) + stride, 18),
        row.output().get(1) + "x" + picture(row.output()),
        row.receptiveField().height().size() + "x" + row.receptiveField().width().size(),
        row.cost(),
        100.0 * row.cost() / all);
  }

  private static String picture(Shape shape) {
    return shape.get(2) + "x" + shape.get(3);
  }

  /**
   * What becomes of a picture in a layer: what it gives back, and the pixels that it never reads.
   */
  private record Fate(LayerSpec layer, Shape picture, Shape output, long neverRead) {
    static Fate of(LayerSpec layer, Shape picture) {
      Row row = Trace.of(Graph.of(layer), picture, Convention.TORCHVISION).rows().get(0);
      long read = read(row, Axis.HEIGHT) * read(row, Axis.WIDTH);
      return new Fate(layer, picture, row.output(), picture.size() - read);
    }

    private static long read(Row row, Axis axis) {
      return axis.of(row.input()) - row.unread(axis).map(Unread::positions).orElse(0L);
    }

    long numbers() {
      return Exact.elements(output);
    }

    boolean loses() {
      return numbers() < picture.size() || neverRead > 0;
    }

    /** A convolution passes on all that it reads; a maximum at most one pixel for each output. */
    boolean agreesWith(Influence influence) {
      return layer instanceof ConvSpec
          ? influence.without() == neverRead
          : influence.without() >= neverRead && picture.size() - influence.without() <= numbers();
    }

    @Override
    public String toString() {
      String given = "%dx%s = %d".formatted(output.get(1), LayerClaims.picture(output), numbers());
      return "%-60s%18s%12d".formatted(layer, given, neverRead);
    }
  }

  /**
   * Claim 12: a layer that gives back fewer numbers than it takes loses some; a stride above the
   * kernel does not even read some; a layer that gives back as many need not.
   */
  static Claim lostInformation(Language language, long... n) {
    Shape shape = new Shape(1, 1, n[0], n[1]);
    Windows apart = Windows.of(Size.square(n[2])).withStride(Size.square(n[3]));
    Windows padded = Windows.of(Size.square(n[4])).withPadding(Size.square((n[4] - 1) / 2));
    List<LayerSpec> layers =
        List.of(
            ConvSpec.of(1, 1, apart), ConvSpec.of(1, 1, padded), MaxPoolSpec.of(Size.square(n[5])));
    List<Fate> fates = layers.stream().map(layer -> Fate.of(layer, shape)).toList();
    List<String> lines = new ArrayList<>();
    lines.add(language.say("a picture of %s, %d numbers:", picture(shape), shape.size()));
    lines.add(
        " ".repeat(60)
            + Printable.paddedInFront(language.say("gives back"), 18)
            + Printable.paddedInFront(language.say("never read"), 12));
    fates.forEach(fate -> lines.add(fate.toString()));
    String statement = language.say("Convolution and pooling lose information.");
    return new Claim(12, statement, lines, verdict(language, fates))
        .measuredBy(manager -> influences(language, manager, fates));
  }

  private static Verdict verdict(Language language, List<Fate> fates) {
    String losing = names(language, fates.stream().filter(Fate::loses).toList());
    String keeping = names(language, fates.stream().filter(fate -> !fate.loses()).toList());
    if (keeping.isEmpty()) {
      return Verdict.right(language);
    }
    return losing.isEmpty()
        ? Verdict.wrong(
            language, language.say("%s reads all and gives back as many numbers.", keeping))
        : Verdict.conditional(
            language,
            language.say(
                "a layer must lose something where it gives back fewer numbers than it takes or"
                    + " leaves some unread. So it is with %s, but not with %s.",
                losing, keeping));
  }

  private static String names(Language language, List<Fate> fates) {
    return both(language, fates.stream().map(fate -> fate.layer.toString()).toList());
  }

  private static String both(Language language, List<String> names) {
    return names.stream()
        .reduce((one, next) -> language.say("%1$s and %2$s", one, next))
        .orElse("");
  }

  /** Asks the gradient which pixels an output depends on. */
  private static Measurement influences(Language language, NDManager manager, List<Fate> fates) {
    List<String> lines = new ArrayList<>();
    boolean agrees = true;
    for (Fate fate : fates) {
      try (NDManager scratch = manager.newSubManager()) {
        Influence influence = Influence.of(scratch, fate.layer, fate.picture);
        lines.add(
            language.say(
                "%s: %d of %d pixels have no influence",
                fate.layer, influence.without(), fate.picture.size()));
        agrees &= fate.agreesWith(influence);
        if (fate.layer instanceof ConvSpec conv && fate.output.equals(fate.picture)) {
          boolean same = Influence.returnsThePicture(scratch, conv, fate.picture);
          lines.add(
              "  "
                  + language.say(
                      "with a 1 in the middle of its kernel and 0 around it, it returns the"
                          + " picture: %s",
                      same ? language.say("yes") : language.say("no")));
        }
      }
    }
    return new Measurement(lines, agrees);
  }
}
