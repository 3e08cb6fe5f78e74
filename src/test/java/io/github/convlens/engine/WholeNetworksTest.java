package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.convlens.code.Compiled;
import io.github.convlens.code.JavaCode;
import io.github.convlens.graph.Shaped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks with sums and concatenations compute what PyTorch computes, from their first layer to
 * their last and back, with numbers that a rule makes of each parameter's name: src/test/python has
 * it.
 */
class WholeNetworksTest {
  @TempDir private Path folder;

  /** Every step-th element of an array. */
  record Elements(Shape shape, int step, double[] values) {
    static Elements of(Shape shape, String step, String values) {
      return new Elements(
          shape,
          Integer.parseInt(step),
          Stream.of(values.split(" ")).mapToDouble(Double::parseDouble).toArray());
    }

    /** Asserts that an array is PyTorch's up to a share of PyTorch's largest number. */
    void check(NDArray array, double tolerance) {
      assertEquals(shape, array.getShape());
      double[] actual = Rule.doubles(array);
      double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], actual[i * step], tolerance * largest, "element " + i * step);
      }
      assertEquals((actual.length + step - 1) / step, values.length);
    }
  }

  /** A row of the table; a network is a notation or the name of a print. */
  record Case(
      String network, Shape input, Elements output, Elements gradient, List<Elements> halves) {
    static Case of(String line) {
      String[] fields = line.split("\t");
      Shape input = shape(fields[1]);
      Shape output = shape(fields[2]);
      return new Case(
          fields[0],
          input,
          Elements.of(output, fields[3], fields[4]),
          Elements.of(input, fields[5], fields[6]),
          Stream.of(fields).skip(7).map(half -> Elements.of(output, fields[3], half)).toList());
    }

    private static Shape shape(String text) {
      return new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
    }

    Shaped shaped() {
      boolean notation = network.contains("(");
      return Parsed.of(notation ? network : resource("pytorch_prints/" + network + ".txt"), input);
    }

    @Override
    public String toString() {
      return network;
    }
  }

  private static String resource(String name) {
    try (InputStream in =
        WholeNetworksTest.class.getResourceAsStream("/io/github/convlens/oracles/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Case> cases() {
    return resource("whole_networks.tsv")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(Case::of)
        .toList();
  }

  @Test
  void thereAreAsManyAsWereMade() {
    assertEquals(16, cases().size());
    assertEquals(8, halved().size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBlockComputesWhatPyTorchComputed(Case c) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = filled(c, manager, Precision.FLOAT64);
      c.output.check(LayerBlocks.forward(block, input(c, manager, Precision.FLOAT64)), 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsReachTheInputAsInPyTorch(Case c) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = filled(c, manager, Precision.FLOAT64);
      NDArray x = input(c, manager, Precision.FLOAT64);
      x.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        ParameterStore parameters = new ParameterStore(manager, false);
        NDArray y = block.forward(parameters, new NDList(x), false).head();
        NDArray weights = NamedNumbers.array(manager, Precision.FLOAT64, "loss", y.getShape());
        collector.backward(y.mul(weights).sum());
      }
      c.gradient.check(x.getGradient(), 1e-9);
    }
  }

  static List<Case> halved() {
    return cases().stream().filter(c -> !c.halves.isEmpty()).toList();
  }

  /** Each layer rounds; a few units of the largest number are what that adds up to. */
  @ParameterizedTest
  @MethodSource("halved")
  void inHalfPrecisionToo(Case c) {
    List<Precision> precisions = List.of(Precision.FLOAT16, Precision.BFLOAT16);
    for (int i = 0; i < precisions.size(); i++) {
      try (NDManager manager = NDManager.newBaseManager()) {
        Block block = filled(c, manager, precisions.get(i));
        NDArray output = LayerBlocks.forward(block, input(c, manager, precisions.get(i)));
        c.halves.get(i).check(output, 8 * precisions.get(i).roundoff());
      }
    }
  }

  /** The classes that are written for them, too, compiled together; not the two largest. */
  @Test
  void generatedCodeComputesWhatPyTorchComputed() throws Exception {
    Set<String> left = Set.of("densenet121", "resnext50_32x4d");
    List<Case> cases = cases().stream().filter(c -> !left.contains(c.network)).toList();
    Map<String, String> sources = new LinkedHashMap<>();
    for (Case c : cases) {
      String name = "Whole" + sources.size();
      JavaCode.Options options = new JavaCode.Options(Optional.empty(), name);
      sources.put(name, JavaCode.of(c.shaped(), options));
    }
    try (Compiled classes = Compiled.of(sources, folder)) {
      for (int i = 0; i < cases.size(); i++) {
        check(cases.get(i), classes.build("Whole" + i));
      }
    }
    assertEquals(14, cases.size());
  }

  /** The code's blocks hold their parameters in the same order, some in another shape. */
  private static void check(Case c, Block block) {
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, c.input);
      List<Parameter> source = learned(filled(c, manager, Precision.FLOAT32));
      List<Parameter> target = learned(block);
      assertEquals(source.size(), target.size(), c.network);
      for (int i = 0; i < source.size(); i++) {
        NDArray array = target.get(i).getArray();
        NDArray numbers = source.get(i).getArray();
        assertEquals(numbers.size(), array.size(), c.network);
        array.set(numbers.toByteBuffer());
      }
      c.output.check(LayerBlocks.forward(block, input(c, manager, Precision.FLOAT32)), 1e-4);
    }
  }

  private static List<Parameter> learned(Block block) {
    return block.getParameters().values().stream()
        .filter(parameter -> parameter.getArray().size() > 0)
        .toList();
  }

  /** A block whose parameters have the numbers of their names, as PyTorch's state dict has them. */
  private static Block filled(Case c, NDManager manager, Precision precision) {
    Block block = LayerBlocks.of(c.shaped(), precision);
    PyTorchInit.seeded(1).initialize(block, manager, precision, c.input);
    NamedNumbers.fill(block);
    return block;
  }

  private static NDArray input(Case c, NDManager manager, Precision precision) {
    return NamedNumbers.array(manager, precision, "input", c.input);
  }
}
