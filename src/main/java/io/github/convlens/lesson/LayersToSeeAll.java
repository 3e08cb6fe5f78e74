package io.github.convlens.lesson;

import io.github.convlens.layer.Ratio;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Claim 10: with enough layers, an output of the last sees the whole picture: {@code (input - 1) /
 * (kernel - 1)} layers without stride, fewer with some. 224 with 3x3: 111.5, so 112.
 *
 * @param input the picture's height and width
 * @param kernel the kernels' height and width
 * @param strided how many layers of the second network have a stride, spread evenly
 * @param stride their stride
 */
public record LayersToSeeAll(long input, long kernel, long strided, long stride) implements Claim {
  private static final int COLUMNS = 8;

  /** Checks the bounds. */
  public LayersToSeeAll {
    Require.count(input, "input");
    Require.count(kernel, "kernel");
    Require.count(strided, "strided");
    Require.count(stride, "stride");
  }

  @Override
  public int number() {
    return 10;
  }

  @Override
  public String statement() {
    return "With enough layers of %1$dx%1$d, the last sees the whole picture of %2$dx%2$d."
        .formatted(kernel, input);
  }

  /** How many layers without stride it takes; empty if no number is enough. */
  public OptionalLong layersWithoutStride() {
    return layers(0);
  }

  /** How many layers it takes if some of them have a stride; empty if no number is enough. */
  public OptionalLong layersWithStride() {
    return layers(strided);
  }

  /** Adds one layer after the other until an output sees all of the picture. */
  private OptionalLong layers(long withStride) {
    for (long layers = Math.max(1, withStride); layers <= input + withStride; layers++) {
      if (seesAll(Stacks.last(trace(layers, withStride)))) {
        return OptionalLong.of(layers);
      }
    }
    return OptionalLong.empty();
  }

  private Trace trace(long layers, long withStride) {
    return Stacks.trace(input, kernel, new EvenStrides(layers, withStride, stride).strides());
  }

  private boolean seesAll(Row row) {
    ReceptiveField.OnAxis field = row.receptiveField().height();
    for (long output = 0; output < row.output().get(2); output++) {
      Ratio first = field.stride().times(output).plus(Ratio.of(field.start()));
      if (first.ceil() <= 0 && first.floor() + field.size() >= input) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Finding check() {
    OptionalLong without = layersWithoutStride();
    OptionalLong with = layersWithStride();
    if (without.isEmpty() || with.isEmpty()) {
      return new Finding(
          List.of("each layer adds %d - 1 = %d to what is seen".formatted(kernel, kernel - 1)),
          new Verdict.Wrong(
              "%1$dx%1$d layers see one pixel, however many there are.".formatted(kernel)));
    }
    List<String> lines = new ArrayList<>();
    lines.add("without stride each layer sees %d more than the one before:".formatted(kernel - 1));
    lines.add(
        "(%d - 1) / %d = %s, so %d layers"
            .formatted(
                input,
                kernel - 1,
                Numbers.text((input - 1.0) / (kernel - 1)),
                without.getAsLong()));
    lines.addAll(table(trace(without.getAsLong(), 0)));
    EvenStrides spread = new EvenStrides(with.getAsLong(), strided, stride);
    lines.add(
        "with stride %d in %d layers spread evenly, %d layers are enough (layers %s):"
            .formatted(
                stride,
                strided,
                with.getAsLong(),
                spread.positions().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "))));
    lines.addAll(table(trace(with.getAsLong(), strided)));
    lines.add("an output in the middle, that is; one at the edge sees padding on its other side");
    return new Finding(lines, new Verdict.Right());
  }

  private static List<String> table(Trace trace) {
    List<Long> fields = Stacks.fields(trace);
    int last = fields.size() - 1;
    int step = last < 2 * COLUMNS ? 1 : last / COLUMNS;
    List<Integer> shown =
        IntStream.rangeClosed(0, last).filter(i -> i % step == 0 || i == last).boxed().toList();
    return List.of(
        row("layer", shown.stream().map(i -> i + 1L).toList()),
        row("sees", shown.stream().map(fields::get).toList()));
  }

  private static String row(String name, List<Long> numbers) {
    return "%-6s".formatted(name)
        + numbers.stream().map("%5d"::formatted).collect(Collectors.joining());
  }
}
