package io.github.convlens.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The answers of the real PyTorch to random layers, in a table of its own column format. */
class MorePyTorchLayersTest {
  private static final String TABLE = "pytorch-more-layers.tsv";

  @Test
  void everyRowOfTheTable() throws IOException {
    List<String> rows = rows();
    String wrong =
        rows.stream()
            .filter(row -> !answer(row.split("\t")).equals(row.split("\t")[3]))
            .map(row -> row + "\there: " + answer(row.split("\t")))
            .collect(Collectors.joining("\n"));
    assertEquals("", wrong);
    assertEquals(860, rows.size());
  }

  /** PyTorch 2.13's shapes for one sequence without its batch axis. */
  @Test
  void aRecurrentNetworkTakesOneSequence() {
    RecurrentSpec lstm =
        new RecurrentSpec(
            RecurrentSpec.Kind.LSTM,
            6,
            8,
            2,
            Bias.WITH,
            RecurrentSpec.Layout.LENGTH_FIRST,
            0,
            RecurrentSpec.Directions.BOTH,
            3,
            "tanh");
    assertEquals(
        List.of(new Shape(5, 6), new Shape(4, 3), new Shape(4, 8)),
        lstm.outputs(List.of(new Shape(5, 6))));
    assertEquals(lstm.macs(new Shape(5, 1, 6)), lstm.macs(new Shape(5, 6)));
  }

  @Test
  void theTableHasShapesAndErrorsOfEachKind() throws IOException {
    Map<String, Integer> errors = new TreeMap<>();
    for (String row : rows()) {
      String[] cells = row.split("\t");
      errors.merge(cells[1], cells[3].equals("error") ? 1 : 0, Integer::sum);
    }
    assertEquals(
        "{adaptive=0, avgpool=9, conv=100, flatten=17, group=14, layernorm=16, linear=8,"
            + " maxpool=21, pad=46, prelu=6, shuffle=7, transposed=93, unflatten=16, upsample=11}",
        errors.toString());
  }

  private static List<String> rows() throws IOException {
    InputStream table = MorePyTorchLayersTest.class.getResourceAsStream(TABLE);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Objects.requireNonNull(table), UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  private static String answer(String[] cells) {
    try {
      Shape output = layer(cells[1], new Arguments(cells[2])).output(new Shape(longs(cells[0])));
      return Arrays.toString(output.getShape());
    } catch (ShapeException e) {
      return "error";
    }
  }

  private static LayerSpec layer(String kind, Arguments a) {
    return switch (kind) {
      case "upsample" -> upsample(a);
      case "shuffle" -> new PixelShuffleSpec(a.number("factor"));
      case "pad" -> pad(a);
      case "flatten" -> new FlattenSpec((int) a.number("start"), (int) a.number("end"));
      case "unflatten" -> new UnflattenSpec((int) a.number("dim"), a.list("sizes"));
      case "group" ->
          new GroupNormSpec(a.number("groups"), a.number("channels"), 1e-5, Affine.SCALE_AND_SHIFT);
      case "layernorm" -> new LayerNormSpec(a.list("shape"), 1e-5, Affine.SCALE_AND_SHIFT);
      case "adaptive" -> adaptive(a);
      case "maxpool" -> new MaxPoolSpec(window(a), rounding(a));
      case "avgpool" ->
          new AvgPoolSpec(window(a), rounding(a), AvgPoolSpec.Divisor.PADDED, OptionalLong.empty());
      case "transposed" -> transposed(a);
      case "conv" ->
          new ConvSpec(
              a.number("in"),
              a.number("out"),
              window(a),
              a.number("groups"),
              Bias.WITH,
              mode(a.text("mode")));
      case "linear" -> new LinearSpec(a.number("in"), a.number("out"), Bias.WITH);
      case "prelu" -> new PReluSpec(a.number("slopes"), 0.25);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static LayerSpec upsample(Arguments a) {
    UpsampleSpec.Target target;
    if (a.has("size")) {
      target = new UpsampleSpec.Target.To(a.size("size"));
    } else {
      String[] factors = a.text("factor").split("x");
      target =
          new UpsampleSpec.Target.By(
              Double.parseDouble(factors[0]), Double.parseDouble(factors[1]));
    }
    UpsampleSpec.Mode mode =
        Stream.of(UpsampleSpec.Mode.values())
            .filter(m -> m.toString().equals(a.text("mode")))
            .findFirst()
            .orElseThrow();
    return new UpsampleSpec(
        target,
        mode,
        a.text("corners").equals("True")
            ? UpsampleSpec.Corners.CENTRES
            : UpsampleSpec.Corners.EDGES);
  }

  private static LayerSpec pad(Arguments a) {
    List<Long> sides = a.list("sides");
    return new PadSpec(
        mode(a.text("mode")), 0, sides.get(0), sides.get(1), sides.get(2), sides.get(3));
  }

  private static LayerSpec adaptive(Arguments a) {
    String[] sizes = a.text("size").split("x");
    return new AdaptivePoolSpec(
        a.text("kind").equals("average")
            ? AdaptivePoolSpec.Reduction.AVERAGE
            : AdaptivePoolSpec.Reduction.MAXIMUM,
        optional(sizes[0]),
        optional(sizes[1]));
  }

  private static OptionalLong optional(String size) {
    return size.equals("None") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(size));
  }

  private static LayerSpec transposed(Arguments a) {
    return new ConvTransposeSpec(
        a.number("in"),
        a.number("out"),
        a.size("kernel"),
        a.size("stride"),
        a.size("padding"),
        a.size("output_padding"),
        a.number("groups"),
        Bias.WITH,
        a.size("dilation"));
  }

  private static Windows window(Arguments a) {
    return Windows.of(a.size("kernel"))
        .withStride(a.size("stride"))
        .withPadding(a.size("padding"))
        .withDilation(a.size("dilation"));
  }

  private static Rounding rounding(Arguments a) {
    return a.text("ceil").equals("True") ? Rounding.CEIL : Rounding.FLOOR;
  }

  private static PaddingMode mode(String word) {
    return Stream.of(PaddingMode.values())
        .filter(mode -> mode.toString().equals(word))
        .findFirst()
        .orElseThrow();
  }

  private static long[] longs(String sizes) {
    return Stream.of(sizes.split("[x,]")).mapToLong(Long::parseLong).toArray();
  }

  /** The third column: {@code name=value} with blanks between. */
  private record Arguments(Map<String, String> values) {
    Arguments(String cell) {
      this(
          Stream.of(cell.split(" "))
              .map(pair -> pair.split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    String text(String name) {
      return Objects.requireNonNull(values.get(name), name);
    }

    long number(String name) {
      return Long.parseLong(text(name));
    }

    List<Long> list(String name) {
      return Arrays.stream(longs(text(name))).boxed().toList();
    }

    Size size(String name) {
      long[] pair = longs(text(name));
      return new Size(pair[0], pair[1]);
    }
  }
}
