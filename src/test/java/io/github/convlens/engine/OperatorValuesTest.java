package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every kind of layer, over every number of axes and at its corners, in every number type: outputs,
 * gradients and running statistics are PyTorch's, in both modes. src/test/python/operators.py made
 * the numbers and says what they are.
 */
@ExtendWith(OneThread.class)
class OperatorValuesTest {
  private static final double[] CORNERS = {
    Double.NEGATIVE_INFINITY,
    -40,
    -20,
    -6,
    -3,
    -1,
    -0.5,
    -0.0,
    0,
    0.5,
    1,
    3,
    6,
    20,
    40,
    Double.POSITIVE_INFINITY,
    Double.NaN,
    0.25
  };

  /** What PyTorch divides by the number of batches so far. */
  private static final String NO_MOMENTUM = "nn.BatchNorm2d(3, momentum=None)";

  /** An array: some of its elements, and where these are not all, a sum that all are part of. */
  private record Numbers(Shape shape, double[] values, double sum) {
    static Numbers of(String[] fields) {
      String[] parts = fields[2].split("\\|");
      double[] values =
          Stream.of(parts[0].split(" ")).mapToDouble(OperatorValuesTest::number).toArray();
      double sum = parts.length == 1 ? 0 : Double.parseDouble(parts[1]);
      return new Numbers(OperatorValuesTest.shape(fields[1]), values, sum);
    }

    private int step(int size) {
      return values.length == size ? 1 : (size + MOST - 1) / MOST | 1;
    }

    private static final int MOST = 18;

    /** Asserts that an array is the same, up to a share of the largest number. */
    void check(String name, NDArray array, Precision precision, double share) {
      assertEquals(shape, array.getShape(), name);
      assertEquals(precision.dataType(), array.getDataType(), name);
      double[] actual = Rule.doubles(array);
      double largest =
          Arrays.stream(values).filter(Double::isFinite).map(Math::abs).max().orElse(0);
      double tolerance = share * (largest + 1e-2);
      if (name.startsWith("running_")) {
        tolerance = Math.max(tolerance, 1e-7); // DJL hands momentum on as a float
      }
      int step = step(actual.length);
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], actual[i * step], tolerance, name + ", element " + i * step);
      }
      if (step > 1 && share < 1e-4) {
        double[] weights = NamedNumbers.numbers("sum", actual.length);
        double all =
            IntStream.range(0, actual.length).mapToDouble(i -> weights[i] * actual[i]).sum();
        assertEquals(sum, all, tolerance * actual.length, name + ", sum");
      }
    }
  }

  /** A layer on inputs, with PyTorch's arrays. */
  private record Case(String layer, String inputs, Map<String, Numbers> arrays) {
    String name() {
      return layer + " on " + inputs;
    }

    NDList given(NDManager manager, Precision precision) {
      if (inputs.startsWith("corners")) {
        Set<Double> left = new HashSet<>();
        Stream.of(inputs.split(" ")).skip(2).forEach(word -> left.add(number(word)));
        double[] values =
            Arrays.stream(CORNERS).map(value -> left.contains(value) ? 0.25 : value).toArray();
        return new NDList(Rule.array(manager, precision, new Shape(1, values.length), values));
      }
      if (inputs.startsWith("below ")) {
        String[] parts = inputs.substring("below ".length()).split(": ");
        Shape shape = shape(parts[1]);
        long below = Long.parseLong(parts[0]);
        long[] indices =
            IntStream.range(0, (int) shape.size()).mapToLong(i -> i * 5 % below).toArray();
        return new NDList(manager.create(indices, shape));
      }
      NDList given = new NDList();
      for (String each : inputs.split(" ")) {
        double[] values = NamedNumbers.numbers("input " + given.size(), shape(each).size());
        Arrays.setAll(values, i -> 2 * values[i]);
        given.add(Rule.array(manager, precision, shape(each), values));
      }
      return given;
    }

    Block block(NDManager manager, Precision precision, NDList given) {
      LayerSpec spec = PyTorch.parse(layer).layer();
      Block block = LayerBlocks.of(spec, precision);
      PyTorchInit.seeded(1).initialize(block, manager, precision, given.getShapes());
      kept(block).forEach(NamedNumbers::fill);
      return block;
    }

    /** The arrays whose names begin so, without what they begin with. */
    Map<String, Numbers> named(String prefix) {
      Map<String, Numbers> found = new LinkedHashMap<>();
      arrays.forEach(
          (name, numbers) -> {
            if (name.startsWith(prefix) && isPlain(name.substring(prefix.length()))) {
              found.put(name.substring(prefix.length()), numbers);
            }
          });
      return found;
    }

    private static boolean isPlain(String name) {
      return Stream.of("train", "float16 ", "bfloat16 ").noneMatch(name::startsWith);
    }
  }

  private static Map<String, Parameter> kept(Block block) {
    Map<String, Parameter> kept = new LinkedHashMap<>();
    for (Parameter parameter : block.getParameters().values()) {
      if (NamedNumbers.isKept(parameter)) {
        kept.put(NamedNumbers.name(parameter), parameter);
      }
    }
    return kept;
  }

  private static double number(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static Shape shape(String text) {
    return text.isEmpty()
        ? new Shape()
        : new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String line :
        Files.readAllLines(Path.of("src/test/resources/io/github/convlens/engine/operators.tsv"))) {
      String[] fields = line.split("\t");
      if (line.startsWith("= ")) {
        cases.add(new Case(fields[0].substring(2), fields[1], new LinkedHashMap<>()));
      } else if (!line.startsWith("#")) {
        Numbers numbers =
            fields.length == 1 ? new Numbers(new Shape(), new double[0], 0) : Numbers.of(fields);
        cases.get(cases.size() - 1).arrays.put(fields[0], numbers);
      }
    }
    return cases;
  }

  private interface Check {
    void run(Case c, NDManager manager);
  }

  private static Stream<DynamicTest> each(Check check) throws IOException {
    return cases().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      try (NDManager manager = NDManager.newBaseManager()) {
                        check.run(c, manager);
                      }
                    }));
  }

  @Test
  void thereAreAsManyAsWereMade() throws IOException {
    assertEquals(288, cases().size());
  }

  @TestFactory
  Stream<DynamicTest> inFloat64() throws IOException {
    return each((c, manager) -> checkBothModes(c, manager, Precision.FLOAT64, 1e-9));
  }

  @TestFactory
  Stream<DynamicTest> inFloat32() throws IOException {
    return each((c, manager) -> checkBothModes(c, manager, Precision.FLOAT32, 1e-5));
  }

  @TestFactory
  Stream<DynamicTest> inFloat16() throws IOException {
    return each((c, manager) -> checkHalf(c, manager, Precision.FLOAT16));
  }

  @TestFactory
  Stream<DynamicTest> inBfloat16() throws IOException {
    return each((c, manager) -> checkHalf(c, manager, Precision.BFLOAT16));
  }

  private static void checkBothModes(Case c, NDManager manager, Precision precision, double share) {
    checkPass(c, manager, precision, share, c.named(""), false);
    if (c.layer.equals(NO_MOMENTUM)) {
      assertThrows(
          ShapeException.class,
          () -> checkPass(c, manager, precision, share, c.named("train "), true));
    } else if (c.arrays.containsKey("train")) {
      checkPass(c, manager, precision, share, c.named(""), true);
    } else if (c.arrays.containsKey("train output 0")) {
      checkPass(c, manager, precision, share, c.named("train "), true);
    }
  }

  /** A pass forwards and backwards. */
  private static void checkPass(
      Case c,
      NDManager manager,
      Precision precision,
      double share,
      Map<String, Numbers> expected,
      boolean training) {
    NDList given = c.given(manager, precision);
    Block block = c.block(manager, precision, given);
    watch(given);
    Map<String, NDArray> made = new LinkedHashMap<>();
    boolean isDerived = expected.keySet().stream().anyMatch(name -> !name.startsWith("output"));
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDList outputs = block.forward(new ParameterStore(manager, false), given, training);
      for (int i = 0; i < outputs.size(); i++) {
        made.put("output " + i, outputs.get(i));
      }
      if (isDerived) {
        collector.backward(loss(outputs));
      }
    }
    if (isDerived) {
      for (int i = 0; i < given.size(); i++) {
        if (given.get(i).getDataType().isFloating()) {
          made.put("input " + i, given.get(i).getGradient());
        }
      }
      kept(block)
          .forEach(
              (name, parameter) -> {
                NDArray array = parameter.getArray();
                if (parameter.requiresGradient()) {
                  made.put(name, array.getGradient());
                } else if (training) {
                  made.put(name, array);
                }
              });
    }
    check(expected, made, precision, share);
  }

  private static void watch(NDList given) {
    for (NDArray x : given) {
      if (x.getDataType().isFloating()) {
        x.setRequiresGradient(true);
      }
    }
  }

  private static void check(
      Map<String, Numbers> expected, Map<String, NDArray> made, Precision precision, double share) {
    assertEquals(expected.keySet(), made.keySet());
    expected.forEach((name, numbers) -> numbers.check(name, made.get(name), precision, share));
  }

  private static NDArray loss(NDList outputs) {
    List<NDArray> sums = new ArrayList<>();
    for (NDArray y : outputs) {
      NDManager manager = y.getManager();
      double[] ramp =
          IntStream.range(0, (int) y.size()).mapToDouble(i -> (i + 1.0) / y.size()).toArray();
      Precision precision = Precision.of(y.getDataType());
      sums.add(y.mul(Rule.array(manager, precision, y.getShape(), ramp)).sum());
    }
    return sums.stream().reduce(NDArray::add).orElseThrow();
  }

  /** Half a unit more or less at each of a few steps is what kernels differ by. */
  private static void checkHalf(Case c, NDManager manager, Precision precision) {
    double share = 4 * precision.roundoff();
    NDList given = c.given(manager, precision);
    NDList rounded = new NDList();
    for (NDArray x : given) {
      boolean isRounded = precision == Precision.BFLOAT16 && x.getDataType().isFloating();
      rounded.add(isRounded ? Bfloat16.round(x) : x);
    }
    Block block = c.block(manager, precision, given);
    Map<String, NDArray> made = new LinkedHashMap<>();
    LayerBlocks.forward(block, rounded).forEach(y -> made.put("output " + made.size(), y));
    check(c.named(precision + " "), made, precision, share);
    boolean isSame = c.arrays.containsKey("train");
    Map<String, Numbers> trained = c.named(precision + (isSame ? " " : " train "));
    if (trained.isEmpty() || c.layer.equals(NO_MOMENTUM)) {
      return;
    }
    made.clear();
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      watch(rounded);
      NDList outputs = block.forward(new ParameterStore(manager, false), rounded, true);
      outputs.forEach(y -> made.put("output " + made.size(), y));
      collector.backward(loss(outputs)); // it only has to run
    }
    kept(block)
        .forEach(
            (name, parameter) -> {
              if (!parameter.requiresGradient()) {
                made.put(name, parameter.getArray());
              }
            });
    check(trained, made, precision, share);
  }
}
