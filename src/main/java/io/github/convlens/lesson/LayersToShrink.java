package io.github.convlens.lesson;

import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Claim 4: how many layers without padding bring a picture down: {@code (input - target) / (kernel
 * - 1)}. From 224 to 4 with 5x5 kernels: 55, not 44.
 *
 * @param input the picture's height and width
 * @param kernel the kernels' height and width
 * @param target the size to come down to
 * @param claimedLayers how many layers the claim says it takes
 */
public record LayersToShrink(long input, long kernel, long target, long claimedLayers)
    implements Claim {
  private static final int COLUMNS = 5;

  /** Checks the bounds. */
  public LayersToShrink {
    Require.count(input, "input");
    Require.count(kernel, "kernel");
    if (kernel == 1) {
      throw new IllegalArgumentException(
          "a 1x1 kernel takes nothing off.\nHere kernel is 1.\nUse a kernel of 2 or more.");
    }
    Require.count(target, "target");
    Require.count(claimedLayers, "claimedLayers");
  }

  @Override
  public int number() {
    return 4;
  }

  @Override
  public String statement() {
    return ("A picture of %1$dx%1$d under %2$dx%2$d kernels without padding needs %3$d layers to"
            + " come down to %4$dx%4$d.")
        .formatted(input, kernel, claimedLayers, target);
  }

  /** How many layers give the target exactly, found by adding one after the other. */
  public OptionalLong needed() {
    int layers = sizes(input).indexOf(target);
    return layers < 0 ? OptionalLong.empty() : OptionalLong.of(layers);
  }

  /** The size after the claimed layers; empty if the kernel stops fitting before. */
  public OptionalLong sizeAfterClaimed() {
    List<Long> sizes = sizes(claimedLayers);
    return sizes.size() > claimedLayers
        ? OptionalLong.of(sizes.get((int) claimedLayers))
        : OptionalLong.empty();
  }

  /** The kernel for which the claimed number of layers is right. */
  public OptionalLong kernelForClaim() {
    long difference = input - target;
    return difference >= 0 && difference % claimedLayers == 0
        ? OptionalLong.of(difference / claimedLayers + 1)
        : OptionalLong.empty();
  }

  private List<Long> sizes(long layers) {
    return Stacks.shrinking(input, Window.of(kernel), layers);
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    lines.add("each layer takes %d - 1 = %d rows and columns".formatted(kernel, kernel - 1));
    needed()
        .ifPresent(
            layers ->
                lines.add(
                    "%1$d - %2$d = %3$d to take off, %3$d / %4$d = %5$d layers"
                        .formatted(input, target, input - target, kernel - 1, layers)));
    lines.addAll(table());
    OptionalLong size = sizeAfterClaimed();
    if (size.isPresent() && size.getAsLong() == target) {
      return new Finding(lines, new Verdict.Right());
    }
    return new Finding(lines, new Verdict.Wrong(truth(size)));
  }

  private String truth(OptionalLong size) {
    StringBuilder truth = new StringBuilder();
    truth.append(
        needed().isPresent()
            ? "it takes %d layers. ".formatted(needed().getAsLong())
            : "no number of layers gives %d. ".formatted(target));
    truth.append(
        size.isPresent()
            ? "After %d the size is %d.".formatted(claimedLayers, size.getAsLong())
            : "The kernel stops fitting before layer %d.".formatted(claimedLayers));
    kernelForClaim()
        .ifPresent(
            k ->
                truth.append(
                    " %1$d layers would be right for %2$dx%2$d kernels."
                        .formatted(claimedLayers, k)));
    return truth.toString();
  }

  /** The size at some depths, the claimed and the needed one among them. */
  private List<String> table() {
    List<Long> sizes = sizes(Math.max(claimedLayers, needed().orElse(0)));
    int last = sizes.size() - 1;
    List<Integer> depths = new ArrayList<>();
    for (int depth = 0; depth <= last; depth++) {
      if (depth % Math.max(1, last / COLUMNS) == 0 || depth == claimedLayers || depth == last) {
        depths.add(depth);
      }
    }
    return List.of(
        "layers" + depths.stream().map("%5d"::formatted).collect(Collectors.joining()),
        "size  "
            + depths.stream().map(sizes::get).map("%5d"::formatted).collect(Collectors.joining()));
  }
}
