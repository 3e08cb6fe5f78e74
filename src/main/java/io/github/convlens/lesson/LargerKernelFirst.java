package io.github.convlens.lesson;

import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Claim 11: networks start with a larger kernel and go on with a small one. AlexNet starts with
 * 11x11, ResNet with 7x7, VGG with 3x3.
 *
 * @param networks names of {@link Presets}
 * @param firstKernels the larger kernels of the claim
 * @param thenKernel the kernel that most of the other convolutions have, as the claim has it
 */
public record LargerKernelFirst(List<String> networks, List<Long> firstKernels, long thenKernel)
    implements Claim {
  private static final int SHOWN = 3;

  /**
   * How one network starts and goes on.
   *
   * @param name its name
   * @param first the height of its first convolution's kernel
   * @param others how many other convolutions it has
   * @param othersAsClaimed how many of those have the claim's small kernel
   */
  public record Start(String name, long first, long others, long othersAsClaimed) {}

  /** Takes copies of the lists. */
  public LargerKernelFirst {
    networks = List.copyOf(networks);
    firstKernels = List.copyOf(firstKernels);
    networks.forEach(Presets::input);
  }

  @Override
  public int number() {
    return 11;
  }

  @Override
  public String statement() {
    return "Networks start with a larger kernel (%s) and go on with %2$dx%2$d."
        .formatted(
            firstKernels.stream().map(String::valueOf).collect(Collectors.joining(", ")),
            thenKernel);
  }

  /** How each of the networks starts and goes on, read off its preset. */
  public List<Start> starts() {
    return networks.stream().map(this::start).toList();
  }

  private Start start(String name) {
    List<Long> kernels =
        trace(name).rows().stream()
            .filter(row -> row.layer() instanceof Conv2dSpec)
            .map(row -> kernel(row.layer()).height())
            .toList();
    List<Long> others = kernels.subList(1, kernels.size());
    long asClaimed = others.stream().filter(kernel -> kernel == thenKernel).count();
    return new Start(name, kernels.get(0), others.size(), asClaimed);
  }

  private boolean holds(Start start) {
    return firstKernels.contains(start.first()) && 2 * start.othersAsClaimed() > start.others();
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-29s%12s%9s%15s%10s"
            .formatted("the first layers", "output", "sees", "multiply-adds", "of all"));
    for (String name : networks) {
      Trace trace = trace(name);
      lines.add("%s on %s".formatted(name, size(trace.input().get(2), trace.input().get(3))));
      trace.rows().stream()
          .filter(row -> isWindow(row.layer()))
          .limit(SHOWN)
          .forEach(row -> lines.add(line(row, trace.totals().macs())));
    }
    for (Start start : starts()) {
      lines.add(
          "%1$s: first %2$dx%2$d, then %4$d of %3$d convolutions with %5$dx%5$d"
              .formatted(
                  start.name(),
                  start.first(),
                  start.others(),
                  start.othersAsClaimed(),
                  thenKernel));
    }
    return new Finding(lines, verdict());
  }

  private Verdict verdict() {
    List<Start> not = starts().stream().filter(start -> !holds(start)).toList();
    if (not.isEmpty()) {
      return new Verdict.Right();
    }
    String exceptions = not.stream().map(this::exception).collect(Collectors.joining("; "));
    if (not.size() == networks.size()) {
      return new Verdict.Wrong(exceptions + ".");
    }
    String followers =
        starts().stream()
            .filter(this::holds)
            .map(start -> "%1$s (%2$dx%2$d)".formatted(start.name(), start.first()))
            .collect(Collectors.joining(" and "));
    return new Verdict.RightUnderACondition(
        "it depends on the network. So it is in " + followers + "; but " + exceptions + ".");
  }

  private String exception(Start start) {
    return firstKernels.contains(start.first())
        ? "%1$s goes on with %2$dx%2$d in %3$d of %4$d convolutions"
            .formatted(start.name(), thenKernel, start.othersAsClaimed(), start.others())
        : "%1$s starts with %2$dx%2$d".formatted(start.name(), start.first());
  }

  private static Trace trace(String name) {
    return Trace.of(
        PyTorch.parse(Presets.text(name)).layer(), Presets.input(name), Convention.TORCHVISION);
  }

  private static boolean isWindow(LayerSpec layer) {
    return layer instanceof Conv2dSpec || layer instanceof MaxPool2dSpec;
  }

  private static Size kernel(LayerSpec layer) {
    return layer instanceof MaxPool2dSpec pool
        ? pool.window().kernel()
        : ((Conv2dSpec) layer).window().kernel();
  }

  private static Size stride(LayerSpec layer) {
    return layer instanceof MaxPool2dSpec pool
        ? pool.window().stride()
        : ((Conv2dSpec) layer).window().stride();
  }

  private static String line(Row row, long all) {
    Size kernel = kernel(row.layer());
    return String.format(
        Locale.ROOT,
        "  %-10s%7s, stride %-2d%10s%9s%,15d%8.1f %%",
        row.type(),
        size(kernel.height(), kernel.width()),
        stride(row.layer()).height(),
        row.output().get(1) + "x" + size(row.output().get(2), row.output().get(3)),
        size(row.receptiveField().height().size(), row.receptiveField().width().size()),
        row.macs(),
        100.0 * row.macs() / all);
  }

  private static String size(long height, long width) {
    return height + "x" + width;
  }
}
