package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.ConstantInitializer;
import io.github.convlens.layer.LayerSpec;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DjlCodeTest {
  @TempDir private Path folder;

  @Test
  void aSmallNetworkReadsLikeAProgram() {
    String text =
        "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10))";
    assertEquals(
        """
        import ai.djl.ndarray.types.Shape;
        import ai.djl.nn.Activation;
        import ai.djl.nn.Block;
        import ai.djl.nn.Blocks;
        import ai.djl.nn.SequentialBlock;
        import ai.djl.nn.convolutional.Conv2d;
        import ai.djl.nn.core.Linear;

        /** Made by ConvLens from PyTorch's notation. */
        public final class Network {
          private Network() {}

          /** The network for an input of shape (1, 3, 5, 7). */
          public static Block build() {
            return new SequentialBlock()
                .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).optPadding(new Shape(1, 1)).build()) // (1, 8, 5, 7)
                .add(Activation.reluBlock()) // (1, 8, 5, 7)
                .add(Blocks.batchFlattenBlock()) // (1, 280)
                .add(Linear.builder().setUnits(10).build()); // (1, 10)
          }
        }
        """,
        DjlCode.of(PyTorch.parse(text).layer(), new Shape(1, 3, 5, 7)));
  }

  @ParameterizedTest
  @CsvSource({
    "lenet, 1x1x28x28",
    "googlenet, 1x3x33x40",
    "mobilenet_v2, 2x3x33x40",
    "squeezenet1_0, 1x3x33x40"
  })
  void aPresetBuiltByItsCodeHasTheSameShapeAndParameters(String name, String sizes)
      throws Exception {
    LayerSpec layer = PyTorch.parse(Presets.text(name)).layer();
    Shape input = Oracle.shape(sizes);
    Block block = build(DjlCode.of(layer, input), folder);
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, input);
      assertEquals(layer.output(input), forward(block, manager.ones(input)).getShape());
      assertEquals(layer.parameters(), learned(block));
    }
  }

  @Test
  void aPrintedModelBecomesCodeToo() throws Exception {
    LayerSpec layer = PyTorch.parse(Oracle.text("pytorch_prints/resnet18.txt")).layer();
    Shape input = new Shape(1, 3, 40, 33);
    Block block = build(DjlCode.of(layer, input), folder);
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, input);
      assertEquals(new Shape(1, 1000), forward(block, manager.ones(input)).getShape());
      assertEquals(11_689_512, learned(block));
    }
  }

  /** Inputs that are no pictures, and paddings that PyTorch does not have. */
  @Test
  void whatPyTorchDoesNotHaveHasItsShapeAndParameters() throws Exception {
    Map<String, String> cases = new LinkedHashMap<>();
    cases.put("nn.GroupNorm(2, 4)", "3x4");
    cases.put("nn.GroupNorm(2, 4, affine=False)", "3x4x5");
    cases.put("nn.PReLU(4)", "3x4");
    cases.put("nn.PReLU()", "3x4x5");
    cases.put("nn.LocalResponseNorm(3)", "3x4x5");
    cases.put("nn.Flatten(0, 1)", "2x3x5");
    cases.put("nn.Linear(5, 7, bias=False)", "2x3x5");
    cases.put("nn.Sequential()", "2x3");
    cases.put("nn.Conv2d(4, 6, (3, 4), stride=(2, 3), padding='same_upper', groups=2)", "2x4x9x11");
    cases.put("nn.Conv2d(4, 6, 3, padding=((1, 2), (0, 3)), padding_mode='replicate')", "2x4x9x11");
    cases.put("nn.MaxPool2d((3, 2), (2, 1), padding='same_lower', ceil_mode=True)", "2x4x9x11");
    cases.put(
        "nn.AvgPool2d((3, 2), (2, 1), padding=((1, 0), (0, 1)), count_include_pad=False)",
        "2x4x9x11");
    cases.put("Concat(nn.Conv2d(4, 3, 1), nn.Identity(), Residual(nn.BatchNorm2d(4)))", "2x4x9x11");
    Map<String, String> sources = new LinkedHashMap<>();
    cases.forEach(
        (text, input) -> sources.put(named(sources.size()), code(text, input, sources.size())));
    try (URLClassLoader classes = GeneratedCode.compile(sources, folder);
        NDManager manager = NDManager.newBaseManager()) {
      int i = 0;
      for (Map.Entry<String, String> entry : cases.entrySet()) {
        LayerSpec layer = PyTorch.parse(entry.getKey()).layer();
        Shape input = Oracle.shape(entry.getValue());
        Block block = GeneratedCode.load(classes, named(i++));
        block.initialize(manager, DataType.FLOAT32, input);
        Shape output = forward(block, manager.ones(input)).getShape();
        assertEquals(layer.output(input), output, entry.getKey());
        assertEquals(layer.parameters(), learned(block), entry.getKey());
      }
      assertEquals(13, i);
    }
  }

  private static String named(int number) {
    return "Network" + number;
  }

  private static String code(String text, String input, int number) {
    String code = DjlCode.of(PyTorch.parse(text).layer(), Oracle.shape(input));
    return GeneratedCode.named(named(number), code);
  }

  @Test
  void aRowOfThousandsOfLayersIsSplitIntoMethods() throws Exception {
    String text = "nn.ReLU()\n".repeat(3_456);
    String code = DjlCode.of(PyTorch.parse(text).layer(), new Shape(1, 2));
    Block block = build(code, folder);
    int blocks = code.split("reluBlock", -1).length - 1;
    assertEquals(3_456, blocks);
    assertTrue(block.getChildren().size() <= 100, block.getChildren().size() + " children");
  }

  /** Every kind of layer computes what PyTorch computes, all in one compilation to be fast. */
  @Test
  void everyLayersCodeComputesPyTorchsValues() throws Exception {
    Shape input = new Shape(1, 4, 5, 7);
    List<String[]> rows = Oracle.table("values.tsv");
    Map<String, String> sources = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      sources.put(named(i), code(rows.get(i)[0], "1x4x5x7", i));
    }
    List<String> failures = new ArrayList<>();
    try (URLClassLoader classes = GeneratedCode.compile(sources, folder);
        NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < rows.size(); i++) {
        compare(rows.get(i), GeneratedCode.load(classes, named(i)), manager, input, failures);
      }
    }
    assertEquals(List.of(), failures);
    assertEquals(84, rows.size());
  }

  private static void compare(
      String[] row, Block block, NDManager manager, Shape input, List<String> failures) {
    if (!row[1].equals("-")) {
      block.setInitializer(
          new ConstantInitializer(Float.parseFloat(row[1])), Parameter.Type.WEIGHT);
    }
    try (NDManager local = manager.newSubManager()) {
      block.initialize(local, DataType.FLOAT32, input);
      NDArray output = forward(block, example(local, input));
      Shape expectedShape = Oracle.shape(row[2]);
      if (!output.getShape().equals(expectedShape)) {
        failures.add(row[0] + ": " + output.getShape() + ", not " + expectedShape);
        return;
      }
      float[] actual = output.toFloatArray();
      String[] expected = row[3].split(" ");
      for (int i = 0; i < expected.length; i++) {
        double wanted = Double.parseDouble(expected[i]);
        if (!(Math.abs(actual[i] - wanted) <= 1e-4 + 1e-4 * Math.abs(wanted))
            && actual[i] != wanted) {
          failures.add(
              String.format(Locale.ROOT, "%s [%d]: %s, not %s", row[0], i, actual[i], wanted));
          return;
        }
      }
    } catch (RuntimeException e) {
      failures.add(row[0] + ": " + e);
    }
  }

  private static NDArray example(NDManager manager, Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % 97 - 48) / 16f;
    }
    return manager.create(values, shape);
  }

  private static NDArray forward(Block block, NDArray x) {
    ParameterStore store = new ParameterStore(x.getManager(), false);
    return block.forward(store, new NDList(x), false).singletonOrThrow();
  }

  /** DJL counts running statistics among the parameters; they are not learned. */
  private static long learned(Block block) {
    return block.getParameters().values().stream()
        .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_MEAN)
        .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_VAR)
        .mapToLong(parameter -> parameter.getArray().getShape().size())
        .sum();
  }

  private static Block build(String code, Path folder) throws Exception {
    URLClassLoader classes = GeneratedCode.compile(Map.of("Network", code), folder);
    return GeneratedCode.load(classes, "Network");
  }
}
