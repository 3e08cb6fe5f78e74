package io.github.convlens.lesson;

import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Claim 1: sizes behind layers without padding, each {@code n - kernel + 1}. 32 under 5x5 kernels:
 * 28 after layer 1, 4 after layer 7.
 *
 * @param input the picture's height and width
 * @param kernel the kernels' height and width
 * @param claimed the sizes that the claim names
 */
public record ShrinkingSizes(long input, long kernel, List<After> claimed) implements Claim {
  /**
   * A claimed size.
   *
   * @param layers behind how many layers
   * @param size the size there
   */
  public record After(long layers, long size) {
    /** Checks the bounds. */
    public After {
      Require.count(layers, "layers");
    }

    @Override
    public String toString() {
      return size + "x" + size + " after layer " + layers;
    }
  }

  /** Checks the bounds. */
  public ShrinkingSizes {
    Require.count(input, "input");
    Require.count(kernel, "kernel");
    claimed = List.copyOf(claimed);
  }

  @Override
  public int number() {
    return 1;
  }

  @Override
  public String statement() {
    return "Without padding a picture of %1$dx%1$d shrinks under %2$dx%2$d kernels: %3$s."
        .formatted(
            input, kernel, claimed.stream().map(After::toString).collect(Collectors.joining(", ")));
  }

  /** The sizes, the input's first, up to the last claimed layer, as long as the kernel fits. */
  public List<Long> sizes() {
    long layers = claimed.stream().mapToLong(After::layers).max().orElse(0);
    return Stacks.shrinking(input, Window.of(kernel), layers);
  }

  @Override
  public Finding check() {
    List<Long> sizes = sizes();
    String chain = sizes.stream().map(String::valueOf).collect(Collectors.joining(" -> "));
    List<String> lines = new ArrayList<>();
    lines.add("each layer makes n - %d + 1 of n, %d less".formatted(kernel, kernel - 1));
    lines.add(chain);
    List<String> wrong = new ArrayList<>();
    for (After after : claimed) {
      String found = after(sizes, after.layers());
      lines.add("layer %d: %s; the notes: %d".formatted(after.layers(), found, after.size()));
      if (!found.equals(Long.toString(after.size()))) {
        wrong.add("after layer %d it is %s, not %d".formatted(after.layers(), found, after.size()));
      }
    }
    return new Finding(
        lines,
        wrong.isEmpty() ? new Verdict.Right() : new Verdict.Wrong(String.join("; ", wrong) + "."));
  }

  private String after(List<Long> sizes, long layer) {
    if (layer < sizes.size()) {
      return Long.toString(sizes.get((int) layer));
    }
    return kernel == 1 ? Long.toString(input) : "nothing, since the kernel no longer fits";
  }
}
