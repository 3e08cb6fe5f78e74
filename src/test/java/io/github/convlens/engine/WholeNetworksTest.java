package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.DjlCode;
import io.github.convlens.notation.GeneratedCode;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks with sums and concatenations compute what PyTorch computes, from their first layer to
 * their last, with numbers that a rule makes of each parameter's name: src/test/python has it.
 */
class WholeNetworksTest {
  @TempDir private Path folder;

  /** A row of the table; a network is a notation or the name of a print. */
  record Case(String network, Shape input, Shape output, int step, double[] values) {
    static Case of(String line) {
      String[] fields = line.split("\t");
      double[] values = Stream.of(fields[4].split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Case(
          fields[0], shape(fields[1]), shape(fields[2]), Integer.parseInt(fields[3]), values);
    }

    private static Shape shape(String text) {
      return new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
    }

    LayerSpec layer() {
      boolean notation = network.contains("(");
      String text = notation ? network : resource("pytorch_prints/" + network + ".txt");
      return PyTorch.parse(text).layer().resolve(input);
    }

    /** Asserts that an output is PyTorch's up to a share of PyTorch's largest number. */
    void check(NDArray output, double tolerance) {
      assertEquals(this.output, output.getShape());
      double[] actual = Rule.doubles(output);
      double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], actual[i * step], tolerance * largest, "element " + i * step);
      }
      assertEquals((actual.length + step - 1) / step, values.length);
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
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBlockComputesWhatPyTorchComputed(Case c) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = filled(c, c.layer(), manager, Precision.FLOAT64);
      c.check(LayerBlocks.forward(block, input(c, manager, Precision.FLOAT64)), 1e-9);
    }
  }

  /** The classes that are printed for them, too, compiled together; not the two largest. */
  @Test
  void generatedCodeComputesWhatPyTorchComputed() throws Exception {
    Predicate<String> left =
        Pattern.compile("ConvTranspose2d|densenet121|resnext50_32x4d").asPredicate();
    List<Case> cases = cases().stream().filter(c -> !left.test(c.network)).toList();
    Map<String, String> sources = new LinkedHashMap<>();
    for (Case c : cases) {
      String name = "Whole" + sources.size();
      sources.put(name, GeneratedCode.named(name, DjlCode.of(c.layer(), c.input)));
    }
    try (URLClassLoader classes = GeneratedCode.compile(sources, folder)) {
      for (int i = 0; i < cases.size(); i++) {
        check(cases.get(i), GeneratedCode.load(classes, "Whole" + i));
      }
    }
    assertEquals(13, cases.size());
  }

  /** The code's blocks hold their parameters in the same order, some in another shape. */
  private static void check(Case c, Block block) {
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, c.input);
      List<Parameter> source = learned(filled(c, c.layer(), manager, Precision.FLOAT32));
      List<Parameter> target = learned(block);
      assertEquals(source.size(), target.size(), c.network);
      for (int i = 0; i < source.size(); i++) {
        NDArray array = target.get(i).getArray();
        NDArray numbers = source.get(i).getArray();
        assertEquals(numbers.size(), array.size(), c.network);
        array.set(numbers.toByteBuffer());
      }
      c.check(LayerBlocks.forward(block, input(c, manager, Precision.FLOAT32)), 1e-4);
    }
  }

  private static List<Parameter> learned(Block block) {
    return block.getParameters().values().stream()
        .filter(parameter -> parameter.getArray().size() > 0)
        .toList();
  }

  /** A block whose parameters have the numbers of their names, as PyTorch's state dict has them. */
  private static Block filled(Case c, LayerSpec layer, NDManager manager, Precision precision) {
    Block block = LayerBlocks.of(layer);
    PyTorchInit.seeded(1).initialize(block, manager, precision, c.input);
    NDArray input = input(c, manager, precision);
    LayerBlocks.forward(
            layer,
            block,
            input,
            (path, inner, leaf, x, y) ->
                leaf.getDirectParameters().values().forEach(p -> fill(path, p)))
        .close();
    return block;
  }

  private static void fill(String path, Parameter parameter) {
    String name =
        switch (parameter.getType()) {
          case BIAS, BETA -> "bias";
          case RUNNING_MEAN -> "running_mean";
          case RUNNING_VAR -> "running_var";
          default -> "weight";
        };
    Shape shape = parameter.getShape();
    double[] v = numbers(Child.join(path, name), shape.size());
    boolean matrix = shape.dimension() > 1;
    double bound = matrix ? Math.sqrt(6.0 / (shape.size() / shape.get(0))) : 0.25;
    for (int i = 0; i < v.length; i++) {
      v[i] =
          switch (name) {
            case "running_var" -> 1 + 0.5 * v[i];
            case "running_mean", "bias" -> 0.1 * v[i];
            default -> matrix ? bound * v[i] : 1 + bound * v[i];
          };
    }
    NDArray array = parameter.getArray();
    Precision precision = Precision.of(array.getDataType());
    try (NDArray values = Rule.array(array.getManager(), precision, shape, v)) {
      array.set(values.toByteBuffer());
    }
  }

  private static NDArray input(Case c, NDManager manager, Precision precision) {
    return Rule.array(manager, precision, c.input, numbers("input", c.input.size()));
  }

  /** Numbers from -1 to 1 that a hash makes of a name and an index. */
  private static double[] numbers(String name, long size) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    double[] numbers = new double[Math.toIntExact(size)];
    for (int i = 0; i < numbers.length; i++) {
      long h = (i * 2_654_435_761L + crc.getValue()) & 0xffffffffL;
      h = ((h ^ (h >> 16)) * 0x45d9f3b) & 0xffffffffL;
      h ^= h >> 16;
      numbers[i] = h / 0x1p31 - 1;
    }
    return numbers;
  }
}
