package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.Unread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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
  static Claim largerKernelFirst(long... n) {
    List<Long> firstKernels = List.of(n[0], n[1], n[2]);
    long thenKernel = n[3];
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-29s%12s%9s%15s%10s"
            .formatted("the first layers", "output", "sees", "multiply-adds", "of all"));
    List<Start> starts = new ArrayList<>();
    for (String name : NETWORKS) {
      Trace trace =
          Trace.of(PyTorch.parse(Presets.text(name)), Presets.input(name), Convention.TORCHVISION);
      lines.add("%s on %s".formatted(name, picture(trace.input())));
      trace.rows().stream()
          .filter(row -> row.layer().windows().isPresent())
          .limit(SHOWN)
          .forEach(row -> lines.add(line(row, trace.totals().cost())));
      starts.add(Start.of(name, trace, thenKernel));
    }
    for (Start start : starts) {
      lines.add(
          "%1$s: first %2$dx%2$d, then %4$d of %3$d convolutions with %5$dx%5$d"
              .formatted(start.name, start.first, start.others, start.asClaimed, thenKernel));
    }
    String statement =
        "Networks start with a larger kernel (%s) and go on with %2$dx%2$d."
            .formatted(Stacks.listed(firstKernels), thenKernel);
    return new Claim(11, statement, lines, verdict(starts, firstKernels, thenKernel));
  }

  private static Verdict verdict(List<Start> starts, List<Long> firstKernels, long thenKernel) {
    List<String> followers = new ArrayList<>();
    List<String> exceptions = new ArrayList<>();
    for (Start start : starts) {
      String first = Stacks.square(start.first);
      if (!firstKernels.contains(start.first)) {
        exceptions.add(start.name + " starts with " + first);
      } else if (!start.goesOnSo()) {
        exceptions.add(
            "%1$s goes on with %2$dx%2$d in %3$d of %4$d convolutions"
                .formatted(start.name, thenKernel, start.asClaimed, start.others));
      } else {
        followers.add("%s (%s)".formatted(start.name, first));
      }
    }
    return followers.isEmpty() || exceptions.isEmpty()
        ? Verdict.unless(exceptions)
        : Verdict.conditional(
            "it depends on the network. So it is in %s; but %s."
                .formatted(String.join(" and ", followers), String.join("; ", exceptions)));
  }

  private static String line(Row row, long all) {
    return String.format(
        Locale.ROOT,
        "  %-10s%7s, stride %-2d%10s%9s%,15d%8.1f %%",
        row.type(),
        ShapeText.crossed(window(row).kernel()),
        window(row).stride().height(),
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
  static Claim lostInformation(long... n) {
    Shape shape = new Shape(1, 1, n[0], n[1]);
    Windows apart = Windows.of(Size.square(n[2])).withStride(Size.square(n[3]));
    Windows padded = Windows.of(Size.square(n[4])).withPadding(Size.square((n[4] - 1) / 2));
    List<LayerSpec> layers =
        List.of(
            ConvSpec.of(1, 1, apart), ConvSpec.of(1, 1, padded), MaxPoolSpec.of(Size.square(n[5])));
    List<Fate> fates = layers.stream().map(layer -> Fate.of(layer, shape)).toList();
    List<String> lines = new ArrayList<>();
    lines.add("a picture of %s, %d numbers:".formatted(picture(shape), shape.size()));
    lines.add("%-60s%18s%12s".formatted("", "gives back", "never read"));
    fates.forEach(fate -> lines.add(fate.toString()));
    return new Claim(12, "Convolution and pooling lose information.", lines, verdict(fates))
        .measuredBy(manager -> influences(manager, fates));
  }

  private static Verdict verdict(List<Fate> fates) {
    String losing = names(fates.stream().filter(Fate::loses).toList());
    String keeping = names(fates.stream().filter(fate -> !fate.loses()).toList());
    if (keeping.isEmpty()) {
      return Verdict.RIGHT;
    }
    return losing.isEmpty()
        ? Verdict.wrong(keeping + " reads all and gives back as many numbers.")
        : Verdict.conditional(
            "a layer must lose something where it gives back fewer numbers than it takes or leaves"
                + " some unread. So it is with "
                + losing
                + ", but not with "
                + keeping
                + ".");
  }

  private static String names(List<Fate> fates) {
    return fates.stream().map(fate -> fate.layer.toString()).collect(Collectors.joining(" and "));
  }

  /** Asks the gradient which pixels an output depends on. */
  private static Measurement influences(NDManager manager, List<Fate> fates) {
    List<String> lines = new ArrayList<>();
    boolean agrees = true;
    for (Fate fate : fates) {
      try (NDManager scratch = manager.newSubManager()) {
        Influence influence = Influence.of(scratch, fate.layer, fate.picture);
        lines.add(
            "%s: %d of %d pixels have no influence"
                .formatted(fate.layer, influence.without(), fate.picture.size()));
        agrees &= fate.agreesWith(influence);
        if (fate.layer instanceof ConvSpec conv && fate.output.equals(fate.picture)) {
          boolean same = Influence.returnsThePicture(scratch, conv, fate.picture);
          lines.add(
              "  with a 1 in the middle of its kernel and 0 around it, it returns the picture: "
                  + (same ? "yes" : "no"));
        }
      }
    }
    return new Measurement(lines, agrees);
  }
}
