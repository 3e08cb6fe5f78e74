package io.github.convlens.lesson;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Claim 8: some layers with small kernels see what fewer with larger ones see: {@code 1 + layers x
 * (kernel - 1)} pixels each way. Ten 3x3 and five 5x5 layers: 21x21.
 *
 * @param kernel the small kernel
 * @param layers how many layers have it
 * @param otherKernel the other kernel
 * @param otherLayers how many layers of the other see the same, as the claim has it
 */
public record SameReceptiveField(long kernel, long layers, long otherKernel, List<Long> otherLayers)
    implements Claim {

  /** Checks the bounds. */
  public SameReceptiveField {
    Require.count(kernel, "kernel");
    Require.count(layers, "layers");
    Require.count(otherKernel, "otherKernel");
    otherLayers = List.copyOf(otherLayers);
    if (otherLayers.isEmpty()) {
      throw new IllegalArgumentException("the claim names no number of other layers.");
    }
    otherLayers.forEach(count -> Require.count(count, "otherLayers"));
  }

  @Override
  public int number() {
    return 8;
  }

  @Override
  public String statement() {
    return "%d layers of %s see what %s layers of %s see."
        .formatted(
            layers,
            square(kernel),
            otherLayers.stream().map(String::valueOf).collect(Collectors.joining(" or ")),
            square(otherKernel));
  }

  /** How many pixels each way the last of the small layers sees. */
  public long field() {
    return field(kernel, layers);
  }

  /** How many pixels each way the last of so many layers with this kernel sees, by a trace. */
  public static long field(long kernel, long layers) {
    List<Long> fields = fields(kernel, layers);
    return fields.get(fields.size() - 1);
  }

  private static List<Long> fields(long kernel, long layers) {
    return Stacks.fields(Stacks.equal(new Shape(1, 1, 1, 1), kernel, layers));
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    lines.add(formula(kernel, layers));
    otherLayers.forEach(count -> lines.add(formula(otherKernel, count)));
    long most = otherLayers.stream().mapToLong(count -> count).max().orElseThrow();
    lines.add(row("layers", LongStream.rangeClosed(1, Math.max(layers, most)).boxed().toList()));
    lines.add(row(square(kernel), fields(kernel, layers)));
    lines.add(row(square(otherKernel), fields(otherKernel, most)));
    return new Finding(lines, verdict());
  }

  private Verdict verdict() {
    List<Long> same =
        otherLayers.stream().filter(count -> field(otherKernel, count) == field()).toList();
    String found =
        "%d layers of %s see %s. With %s "
                .formatted(layers, square(kernel), square(field()), square(otherKernel))
            + otherLayers.stream()
                .map(count -> "%d see %s".formatted(count, square(field(otherKernel, count))))
                .collect(Collectors.joining(", "));
    if (same.size() == otherLayers.size()) {
      return new Verdict.Right();
    }
    return same.isEmpty()
        ? new Verdict.Wrong(found + ".")
        : new Verdict.RightUnderACondition(found + ": it takes " + same.get(0) + ".");
  }

  private static String formula(long kernel, long layers) {
    return "%d layers of %s: 1 + %d x (%d - 1) = %d"
        .formatted(layers, square(kernel), layers, kernel, field(kernel, layers));
  }

  private static String row(String name, List<Long> numbers) {
    return "%-7s".formatted(name)
        + numbers.stream().map("%4d"::formatted).collect(Collectors.joining());
  }

  private static String square(long side) {
    return side + "x" + side;
  }
}
