package io.github.convlens.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Claim 7: a deep network for large pictures, most of whose 3x3 layers keep the size while a few
 * with a stride are spread evenly among them: {@code input / stride^strided} at the end. 224, 100
 * layers, five with stride 2: 7.
 *
 * @param input the picture's height and width
 * @param layers how many layers, those with a stride among them
 * @param strided how many have a stride
 * @param stride their stride
 * @param claimedSize the size that is to be left at the end
 */
public record StridesSpreadEvenly(
    long input, long layers, long strided, long stride, long claimedSize) implements Claim {
  private static final long KERNEL = 3;
  private static final int COLUMNS = 20;

  /** Checks the bounds. */
  public StridesSpreadEvenly {
    Require.count(input, "input");
    Require.count(layers, "layers");
    Require.count(stride, "stride");
    new EvenStrides(layers, strided, stride);
  }

  @Override
  public int number() {
    return 7;
  }

  @Override
  public String statement() {
    return ("A network of %1$d layers for pictures of %2$dx%2$d has %3$d layers of stride %4$d,"
            + " spread evenly among the others, and %5$dx%5$d at the end.")
        .formatted(layers, input, strided, stride, claimedSize);
  }

  /** The layers with a stride, counted from 1. */
  public List<Long> stridedLayers() {
    return spread().positions();
  }

  /** The size: the input's first, and then behind each layer. */
  public List<Long> sizes() {
    return Stacks.heights(Stacks.trace(input, KERNEL, spread().strides()));
  }

  private EvenStrides spread() {
    return new EvenStrides(layers, strided, stride);
  }

  @Override
  public Finding check() {
    List<Long> sizes = sizes();
    long last = sizes.get(sizes.size() - 1);
    List<String> lines = new ArrayList<>();
    lines.add(
        "3x3 kernels, padding 1; stride %d in layers %s"
            .formatted(
                stride,
                stridedLayers().stream().map(String::valueOf).collect(Collectors.joining(", "))));
    lines.add("%d / %d^%d = %s".formatted(input, stride, strided, quotient()));
    lines.add("the size behind each layer:");
    for (int from = 1; from < sizes.size(); from += COLUMNS) {
      int to = Math.min(sizes.size(), from + COLUMNS);
      lines.add(
          "%3d-%-4d".formatted(from, to - 1)
              + sizes.subList(from, to).stream()
                  .map("%4d"::formatted)
                  .collect(Collectors.joining()));
    }
    return new Finding(
        lines,
        last == claimedSize
            ? new Verdict.Right()
            : new Verdict.Wrong(
                "at the end it is %1$dx%1$d, not %2$dx%2$d.".formatted(last, claimedSize)));
  }

  private String quotient() {
    return Numbers.text(input / Math.pow((double) stride, (double) strided));
  }
}
