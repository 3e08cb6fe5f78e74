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
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
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
    "nin, 1x1x96x100",
    "googlenet, 1x3x33x40",
    "densenet121, 1x3x33x40",
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

  @Test
  void aRowOfThousandsOfLayersIsSplitIntoMethods() throws Exception {
    String text = "nn.ReLU()\n".repeat(12_345);
    String code = DjlCode.of(PyTorch.parse(text).layer(), new Shape(1, 2));
    Block block = build(code, folder);
    int blocks = code.split("reluBlock", -1).length - 1;
    assertEquals(12_345, blocks);
    assertTrue(block.getChildren().size() <= 100, block.getChildren().size() + " children");
  }

  /** Every kind of layer computes what PyTorch computes, all in one compilation to be fast. */
  @Test
  void everyLayersCodeComputesPyTorchsValues() throws Exception {
    Shape input = new Shape(1, 4, 5, 7);
    List<String[]> rows = Oracle.table("values.tsv");
    Map<String, String> sources = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      String code = DjlCode.of(PyTorch.parse(rows.get(i)[0]).layer(), input);
      sources.put("Network" + i, code.replaceAll("\\bNetwork\\b", "Network" + i));
    }
    List<String> failures = new ArrayList<>();
    try (URLClassLoader classes = compile(sources, folder);
        NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < rows.size(); i++) {
        Block block = (Block) classes.loadClass("Network" + i).getMethod("build").invoke(null);
        compare(rows.get(i), block, manager, input, failures);
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
    URLClassLoader classes = compile(Map.of("Network", code), folder);
    return (Block) classes.loadClass("Network").getMethod("build").invoke(null);
  }

  private static URLClassLoader compile(Map<String, String> sources, Path folder)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String surefire = System.getProperty("surefire.test.class.path");
    String classPath = surefire != null ? surefire : System.getProperty("java.class.path");
    List<String> options =
        List.of("-d", folder.toString(), "-cp", classPath, "-proc:none", "-Xlint:all", "-Werror");
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    StringWriter messages = new StringWriter();
    boolean compiled = compiler.getTask(messages, null, null, options, null, files).call();
    assertTrue(compiled, messages.toString());
    assertTrue(Files.exists(folder.resolve(sources.keySet().iterator().next() + ".class")));
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, DjlCodeTest.class.getClassLoader());
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
