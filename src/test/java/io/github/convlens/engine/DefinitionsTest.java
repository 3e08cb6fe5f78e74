package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.AttentionSpec;
import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Definitions are what PyTorch computes, in each number type, whether or not a block runs the
 * layer; the numbers are from definitions.py.
 */
@ExtendWith(OneThread.class)
class DefinitionsTest {
  /** What a tolerance may be of an output's largest number: more would hide a fault. */
  private static final Map<String, Double> SLACK =
      Map.of("float64", 2e-8, "float32", 3e-5, "float16", 0.1, "bfloat16", 0.75);

  /** One output of a layer in one number type. */
  private record Case(
      String layer,
      List<Shape> inputs,
      int output,
      String type,
      Shape shape,
      int step,
      double[] numbers) {
    static Case of(String line) {
      String[] fields = line.split("\t");
      return new Case(
          fields[0],
          Stream.of(fields[1].split(";")).map(Case::shape).toList(),
          Integer.parseInt(fields[2]),
          fields[3],
          shape(fields[4]),
          Integer.parseInt(fields[5]),
          Stream.of(fields[6].split(" ")).mapToDouble(Double::parseDouble).toArray());
    }

    private static Shape shape(String text) {
      return new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
    }

    Roundoff roundoff() {
      return type.equals("bfloat16") ? Roundoff.BFLOAT16 : Roundoff.of(Precision.parse(type));
    }

    LayerSpec spec() {
      String[] words = layer.split(" ");
      return switch (words[0]) {
        case "attention()" -> new AttentionSpec();
        case "blur(3," -> blur(3, 2);
        case "blur(4," -> blur(4, 1);
        case "fit" -> new FitSpec(FitSpec.How.valueOf(words[1]));
        case "learned" ->
            new LearnedSpec(
                LearnedSpec.Operation.valueOf(words[1]),
                Stream.of(words).skip(2).map(Long::valueOf).toList());
        default -> PyTorch.parse(layer).layer();
      };
    }

    private static LayerSpec blur(long kernel, long stride) {
      return new BlurSpec(Windows.of(Size.square(kernel)).withStride(Size.square(stride)));
    }

    List<Values> arrays(LayerSpec spec) {
      return inputs.stream()
          .map(
              shape ->
                  new Values(
                      shape,
                      spec instanceof EmbeddingSpec
                          ? IntStream.range(0, (int) shape.size())
                              .mapToDouble(i -> i * 5 % 13)
                              .toArray()
                          : Rule.input(shape.size())))
          .toList();
    }

    Learned learned(LayerSpec spec, NDManager manager) {
      Map<String, Shape> shapes = new HashMap<>(spec.state());
      if (spec instanceof LearnedSpec own) {
        shapes.put("parameter", new Shape(own.sizes()));
      }
      Map<String, NDArray> arrays = new HashMap<>();
      shapes.forEach(
          (name, shape) -> {
            double[] numbers =
                name.equals("running_var")
                    ? Rule.variance(shape.size())
                    : Rule.weight(shape.size());
            arrays.put(name, manager.create(numbers, shape));
          });
      return new Learned(arrays);
    }
  }

  private static List<Case> cases() throws IOException {
    try (InputStream in = DefinitionsTest.class.getResourceAsStream("definitions.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Case::of)
          .toList();
    }
  }

  @Test
  void everyKindIsWhatPyTorchComputes() throws IOException {
    List<String> off = new ArrayList<>();
    List<Case> cases = cases();
    for (Case c : cases) {
      check(c, off);
    }
    assertEquals(List.of(), off);
    assertEquals(810, cases.size());
  }

  private static void check(Case c, List<String> off) {
    LayerSpec layer = c.spec();
    assertEquals(c.shape, layer.outputs(c.inputs).get(c.output), c.toString());
    try (NDManager manager = NDManager.newBaseManager()) {
      Definition definition =
          Definitions.of(
                  layer,
                  c.arrays(layer),
                  c.output,
                  c.learned(layer, manager),
                  c.roundoff(),
                  c.roundoff())
              .orElseThrow();
      double largest = Arrays.stream(c.numbers).map(Math::abs).max().orElseThrow();
      double loosest = 0;
      for (int i = 0; i < c.numbers.length; i++) {
        Value value = definition.element().at(Values.position(c.shape, (long) i * c.step));
        double distance = Math.abs(value.number() - c.numbers[i]);
        loosest = Math.max(loosest, value.tolerance());
        if (!(distance <= value.tolerance())) {
          off.add(
              String.format(
                  Locale.ROOT,
                  "%s %s: %d is %s and not %s",
                  c.layer,
                  c.type,
                  i,
                  value,
                  c.numbers[i]));
        }
      }
      assertTrue(
          loosest <= SLACK.get(c.type) * largest,
          c.layer + " " + c.type + ": " + loosest / largest);
    }
  }

  /** Of a kind of somebody's own nothing is known. */
  @Test
  void aKindOfOnesOwnHasNone() {
    record Own() implements CustomSpec {
      @Override
      public String type() {
        return "Own";
      }

      @Override
      public Shape output(Shape input) {
        return input;
      }
    }
    Values x = new Values(new Shape(1), new double[1]);
    Learned none = new Learned(Map.of());
    assertTrue(
        Definitions.of(new Own(), List.of(x), 0, none, Roundoff.BFLOAT16, Roundoff.BFLOAT16)
            .isEmpty());
  }
}
