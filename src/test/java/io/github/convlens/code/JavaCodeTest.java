package io.github.convlens.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of generated classes, and the values of those that are made of DJL's blocks alone. */
class JavaCodeTest {
  private static final LayerSpec RELU = ActivationSpec.of(ActivationSpec.Function.RELU);

  @TempDir private Path folder;

  private static String code(String notation, String input) {
    return code(PyTorch.parse(notation), shape(input));
  }

  private static String code(Graph graph, Shape... inputs) {
    return JavaCode.of(Shapes.infer(graph, List.of(inputs)), JavaCode.Options.DEFAULT);
  }

  private static Shape shape(String sizes) {
    return new Shape(Arrays.stream(sizes.split("x")).mapToLong(Long::parseLong).toArray());
  }

  private static String oracle(String name) throws IOException {
    try (InputStream in =
        JavaCodeTest.class.getResourceAsStream("/io/github/convlens/oracles/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String members(String code) {
    return code.substring(code.indexOf("  /** The network"));
  }

  @Test
  void aRowOfLayersReadsLikeAProgram() {
    assertEquals(
        """
        package com.example.nets;

        import ai.djl.ndarray.types.Shape;
        import ai.djl.nn.Activation;
        import ai.djl.nn.Block;
        import ai.djl.nn.Blocks;
        import ai.djl.nn.SequentialBlock;
        import ai.djl.nn.convolutional.Conv2d;
        import ai.djl.nn.core.Linear;
        import io.github.convlens.engine.LayerBlocks;

        /**
         * Made by ConvLens from PyTorch's Sequential, for an input of shape (1, 3, 5, 7).
         *
         * <p>DJL's first weights are Xavier's; {@code
         * io.github.convlens.engine.PyTorchInit.seeded(42).setInitializers(Small.build())} makes them
         * PyTorch's.
         *
         * <p>It needs io.github.convlens:convlens, which has the layers that DJL lacks.
         */
        public final class Small {
          private Small() {}

          /** The network, without weights. */
          public static Block build() {
            return new SequentialBlock()
                // 0: (1, 8, 5, 7)
                .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8)
                    .optPadding(new Shape(1, 1)).build())
                .add(Activation.reluBlock()) // 1: (1, 8, 5, 7)
                .add(LayerBlocks.of("nn.GroupNorm(2, 8)")) // 2: (1, 8, 5, 7)
                .add(Blocks.batchFlattenBlock()) // 3: (1, 280)
                .add(Linear.builder().setUnits(10).optBias(false).build()); // 4: (1, 10)
          }
        }
        """,
        JavaCode.of(
            Shapes.infer(
                PyTorch.parse(
                    "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.GroupNorm(2, 8),"
                        + " nn.Flatten(), nn.LazyLinear(10, bias=False))"),
                new Shape(1, 3, 5, 7)),
            new JavaCode.Options(Optional.of("com.example.nets"), "Small")));
  }

  @Test
  void whatIsNoRowIsAClassWithItsForwardWrittenOut() {
    String block =
        "Residual(nn.Sequential(nn.Conv2d(%d, %d, 3, stride=%d, padding=1), nn.ReLU()),"
            + " nn.Conv2d(%d, %d, 1, stride=%d))";
    String notation =
        "nn.Sequential("
            + String.format(block, 3, 8, 1, 3, 8, 1)
            + ", "
            + String.format(block, 8, 16, 2, 8, 16, 2)
            + ")";
    String members = members(code(notation, "1x3x8x6"));
    assertEquals(
        """
          /** The network, without weights. */
          public static Block build() {
            return new SequentialBlock()
                .add(new Residual(8, 1)) // 0: (1, 8, 8, 6)
                .add(new Residual(16, 2)); // 1: (1, 16, 4, 3)
          }

          // 0 and 1 more
          private static final class Residual extends Module {
            private final Block main;
            private final Block shortcut;

            Residual(int filters, long stride) {
              main = addChildBlock("main", new SequentialBlock()
                  // main.0
                  .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(filters)
                      .optStride(new Shape(stride, stride)).optPadding(new Shape(1, 1)).build())
                  .add(Activation.reluBlock())); // main.1
              shortcut = addChildBlock("shortcut", Conv2d.builder().setKernelShape(new Shape(1, 1))
                  .setFilters(filters).optStride(new Shape(stride, stride)).build());
            }

            @Override
            NDList forward(Run run, NDList inputs) {
              NDArray x = inputs.singletonOrThrow();
              NDArray y1 = run.of(main, x);
              NDArray y2 = run.of(shortcut, x);
              NDArray y3 = y1.add(y2);
              return new NDList(y3);
            }
          }
        """,
        members.substring(0, members.indexOf("\n  /** A block whose forward")));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void noLineIsLongAndAllIsAscii(String name) {
    String code = code(PyTorch.parse(Presets.text(name)), Presets.input(name));
    assertEquals(List.of(), code.lines().filter(line -> line.length() > 100).toList());
    assertTrue(code.chars().allMatch(letter -> letter == '\n' || (letter >= 32 && letter < 127)));
  }

  static Stream<String> nets() {
    return Presets.names().stream();
  }

  @ParameterizedTest
  @CsvSource({"lenet, 1x1x28x28", "resnet18, 2x3x33x40"})
  void aPresetOfDjlsBlocksHasItsShapeAndParameters(String name, String sizes) throws Exception {
    Graph graph = PyTorch.parse(Presets.text(name));
    Shape input = shape(sizes);
    assertNetwork(graph, new Shape[] {input}, graph.parameters());
  }

  @Test
  void aPrintedModelBecomesCodeToo() throws Exception {
    Graph graph = PyTorch.parse(oracle("pytorch_prints/resnet18.txt"));
    assertNetwork(graph, new Shape[] {new Shape(1, 3, 40, 33)}, 11_689_512);
    String code = code(graph, new Shape(1, 3, 224, 224));
    assertTrue(code.contains(".add(new BasicBlock(64)) // layer1.0: (1, 64, 56, 56)\n"), code);
    assertTrue(code.contains(".add(new BasicBlock2(512)) // layer4.0: (1, 512, 7, 7)\n"), code);
  }

  /** Java has no literal for them. */
  @Test
  void infiniteNumbersAndNoneCompile() throws Exception {
    List<String> layers =
        List.of(
            "nn.BatchNorm2d(4, eps=float('inf'), momentum=float('nan'))",
            "nn.LayerNorm(7, eps=1e400)",
            "nn.LeakyReLU(float('-inf'))",
            "nn.ELU(float('nan'))",
            "nn.Hardtanh(float('-inf'), float('inf'))",
            "nn.ConstantPad2d(1, float('-inf'))",
            "nn.LocalResponseNorm(2, alpha=float('inf'), k=float('nan'))");
    Map<String, String> sources = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      String code = code(layers.get(i), "1x4x5x7");
      sources.put("Network" + i, code.replaceAll("\\bNetwork\\b", "Network" + i));
    }
    Compiled.of(sources, folder).close();
  }

  private void assertNetwork(Graph graph, Shape[] inputs, long parameters) throws Exception {
    try (Compiled classes = Compiled.of(Map.of("Network", code(graph, inputs)), folder);
        NDManager manager = NDManager.newBaseManager()) {
      Block block = classes.build("Network");
      block.initialize(manager, DataType.FLOAT32, inputs);
      List<Shape> outputs = Shapes.infer(graph, List.of(inputs)).outputs();
      assertEquals(outputs, List.of(block.getOutputShapes(inputs)));
      NDList arrays = new NDList();
      for (Shape input : inputs) {
        arrays.add(manager.ones(input));
      }
      assertEquals(outputs, List.of(forward(block, arrays).getShapes()));
      assertEquals(parameters, learned(block));
    }
  }

  private static NDList forward(Block block, NDList x) {
    return block.forward(new ParameterStore(x.getManager(), false), x, false);
  }

  /** DJL counts running statistics among the parameters; they are not learned. */
  private static long learned(Block block) {
    return block.getParameters().values().stream()
        .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_MEAN)
        .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_VAR)
        .mapToLong(parameter -> parameter.getArray().getShape().size())
        .sum();
  }

  /** What DJL computes as PyTorch does is DJL's; of the rest each is a line that reads back. */
  @Test
  void everyLayerIsRightOrOneLineOfConvLens() throws Exception {
    List<String[]> rows =
        oracle("values.tsv").lines().skip(1).map(line -> line.split("\t", -1)).toList();
    Map<String, String> sources = new LinkedHashMap<>();
    int lines = 0;
    for (int i = 0; i < rows.size(); i++) {
      String text = rows.get(i)[0];
      String code = code(text, "1x4x5x7").replaceAll("\\bNetwork\\b", "Network" + i);
      if (code.contains("LayerBlocks")) {
        assertEquals(resolved(text), resolved(layerIn(code)), code);
        lines++;
      } else {
        sources.put("Network" + i, code);
      }
    }
    List<String> failures = new ArrayList<>();
    try (Compiled classes = Compiled.of(sources, folder);
        NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < rows.size(); i++) {
        if (sources.containsKey("Network" + i)) {
          compare(rows.get(i), classes.build("Network" + i), manager, failures);
        }
      }
    }
    assertEquals(List.of(), failures);
    assertEquals(84, lines + sources.size());
    assertTrue(sources.size() >= 20, sources.size() + " of DJL's own");
  }

  private static LayerSpec resolved(String notation) {
    return PyTorch.parse(notation).layer().resolve(new Shape(1, 4, 5, 7));
  }

  private static String layerIn(String code) {
    Matcher call = Pattern.compile("LayerBlocks\\.of\\(((\"[^\"]*\"[\\s+]*)+)\\)").matcher(code);
    assertTrue(call.find(), code);
    return call.group(1).replaceAll("\"\\s*\\+\\s*\"", "").replace("\"", "");
  }

  private static void compare(String[] row, Block block, NDManager manager, List<String> failures) {
    if (!row[1].equals("-")) {
      block.setInitializer(
          new ConstantInitializer(Float.parseFloat(row[1])), Parameter.Type.WEIGHT);
    }
    Shape input = new Shape(1, 4, 5, 7);
    float[] values = new float[(int) input.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % 97 - 48) / 16f;
    }
    try (NDManager local = manager.newSubManager()) {
      block.initialize(local, DataType.FLOAT32, input);
      NDArray output = forward(block, new NDList(local.create(values, input))).singletonOrThrow();
      if (!output.getShape().equals(shape(row[2]))) {
        failures.add(row[0] + ": " + output.getShape() + ", not " + row[2]);
        return;
      }
      float[] actual = output.toFloatArray();
      String[] expected = row[3].split(" ");
      for (int i = 0; i < expected.length; i++) {
        double wanted = Double.parseDouble(expected[i]);
        if (!(Math.abs(actual[i] - wanted) <= 1e-4 + 1e-4 * Math.abs(wanted))) {
          failures.add(row[0] + " [" + i + "]: " + actual[i] + ", not " + wanted);
          return;
        }
      }
    }
  }

  /** No code is written that fails where it is run. */
  @Test
  void whatIsLeftToConvLensCanBeBuilt() throws Exception {
    List<String> failures = new ArrayList<>();
    int built = 0;
    for (String line : oracle("layers_nd.tsv").lines().skip(1).toList()) {
      String[] row = line.split("\t");
      if (row[2].equals("error")) {
        continue;
      }
      Shape[] inputs =
          Arrays.stream(row[1].split(" ")).map(JavaCodeTest::shape).toArray(Shape[]::new);
      for (String notation : leftToConvLens(row[0], inputs)) {
        try {
          LayerBlocks.of(notation);
          built++;
        } catch (ShapeException e) {
          failures.add(notation + ": " + e.getMessage().lines().findFirst().orElseThrow());
        }
      }
    }
    assertEquals("", String.join("\n", failures));
    assertTrue(built > 300, "" + built);
  }

  /** The layers that code asks ConvLens for; none where it refuses. */
  private static List<String> leftToConvLens(String notation, Shape[] inputs) {
    try {
      String code = code(PyTorch.parse(notation), inputs).replaceAll("\"\\s*\\+\\s*\"", "");
      return Pattern.compile("LayerBlocks\\.of\\(\\s*\"(.*?)\"\\)", Pattern.DOTALL)
          .matcher(code)
          .results()
          .map(match -> match.group(1))
          .toList();
    } catch (ShapeException e) {
      return List.of();
    }
  }

  @Test
  void aModuleThatRunsTwiceIsOneField() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Module fc = new Module("fc", PyTorch.parse("nn.Linear(6, 6)").layer());
    Edge once = builder.call(fc, x);
    Edge twice = builder.call(fc, builder.call(new Module("act", RELU), once));
    Graph graph =
        builder.build(
            List.of(twice),
            new Tree(
                "Twice",
                "",
                List.of(new Tree("Linear", "fc", List.of()), new Tree("ReLU", "act", List.of()))));
    assertNetwork(graph, new Shape[] {new Shape(2, 6)}, 6 * 6 + 6);
    assertEquals(2, code(graph, new Shape(2, 6)).split("run\\.of\\(fc, ", -1).length - 1);
  }

  @Test
  void severalInputsAndOutputsWork() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge left = builder.input("left");
    Edge right = builder.input("run");
    Edge sum = builder.apply("", new SumSpec(), List.of(left, right));
    Edge scores = builder.call(new Module("fc", PyTorch.parse("nn.Linear(4, 3)").layer()), sum);
    Tree tree = new Tree("Two", "", List.of(new Tree("Linear", "fc", List.of())));
    Graph graph = builder.build(List.of(scores, sum, left), tree);
    Shape[] inputs = {new Shape(2, 4), new Shape(1, 4)};
    assertNetwork(graph, inputs, 15);
    assertTrue(
        code(graph, inputs).contains("PyTorch's Two, for the inputs left (2, 4), run (1, 4)."));
  }

  private static Graph named(String type, String path) {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Module fc = new Module(path, PyTorch.parse("nn.Linear(4, 4)").layer());
    Edge sum = builder.apply("", new SumSpec(), List.of(builder.call(fc, x), x));
    builder.note(Note.assumption("taken for granted: " + path, path));
    builder.note(Note.remark("worth knowing", ""));
    return builder.build(
        List.of(sum), new Tree(type, "", List.of(new Tree("Linear", path, List.of()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/ int broken; /*",
        "\\u000a int broken;",
        "\"); System.exit(1); (\"",
        "\\",
        "\\\\u002a/",
        "a\nint broken;",
        "\u202eevil\u2066",
        "class",
        "x",
        "y1",
        "run",
        "inputs",
        "filters",
        "Block",
        "Module",
        "Object",
        "0",
        "{@code ",
        "<b>&@see",
        "Netzwerk\u00fc\u5c42",
      })
  void namesCannotGetOutOfWhereTheyStand(String name) throws Exception {
    for (String row : List.of(name, "row")) {
      Graph graph = named(name, name);
      assertNetwork(graph, new Shape[] {new Shape(1, 4)}, 20);
      Graph chain =
          new Graph(
              List.of("x"),
              List.of(graph.nodes().get(0)),
              List.of(new Edge.OfNode(0, 0)),
              graph.tree(),
              List.of(new Module(name, RELU)),
              List.of());
      assertNetwork(chain, new Shape[] {new Shape(1, 4)}, 20);
      assertFalse(row.isEmpty());
    }
  }

  /** Wherever a long comment is cut: the second half of a doubled backslash begins no escape. */
  @Test
  void longNamesAreShortenedInCommentsAlone() throws Exception {
    String name = "\\u000a*/\"".repeat(60);
    Map<String, String> sources = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      Graph row =
          new Graph(
              List.of("x"),
              named("Net", name + "a".repeat(i)).nodes().subList(0, 1),
              List.of(new Edge.OfNode(0, 0)),
              new Tree("Net", "", List.of()),
              List.of(),
              List.of());
      sources.put("Network" + i, code(row, new Shape(1, 4)).replace("Network", "Network" + i));
    }
    Graph graph = named(name, name);
    sources.put("Network", code(graph, new Shape(1, 4)));
    for (String code : sources.values()) {
      assertEquals(List.of(), code.lines().filter(line -> line.length() > 100).toList());
    }
    try (Compiled classes = Compiled.of(sources, folder)) {
      assertEquals("01" + name, classes.build("Network").getChildren().get(0).getKey());
    }
  }

  /** As {@code state_dict} has them, in whatever order forward calls the modules. */
  @Test
  void weightsComeInTheOrderOfThePrint() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge first = builder.call(new Module("b", PyTorch.parse("nn.Linear(4, 4)").layer()), x);
    Edge second = builder.call(new Module("a", PyTorch.parse("nn.Linear(4, 4)").layer()), first);
    Edge sum = builder.apply("", new SumSpec(), List.of(first, second));
    Tree a = new Tree("Linear", "a", List.of());
    Tree b = new Tree("Linear", "b", List.of());
    Graph graph = builder.build(List.of(sum), new Tree("Net", "", List.of(a, b)));
    String code = code(graph, new Shape(1, 4));
    try (Compiled classes = Compiled.of(Map.of("Network", code), folder)) {
      assertEquals(List.of("01a", "02b"), classes.build("Network").getChildren().keys());
    }
  }

  @Test
  void notesAreInTheJavadoc() {
    String code = code(named("Some<Net>", "fc"), new Shape(1, 4));
    String javadoc = code.substring(code.indexOf("/**"), code.indexOf("public final"));
    assertEquals(
        """
        /**
         * Made by ConvLens from PyTorch's Some&lt;Net&gt;, for an input of shape (1, 4).
         *
         * <p>Assumed: fc: taken for granted: fc
         *
         * <p>Note: worth knowing
         *
         * <p>DJL's first weights are Xavier's; {@code
         * io.github.convlens.engine.PyTorchInit.seeded(42).setInitializers(Network.build())} makes them
         * PyTorch's.
         */
        """,
        javadoc);
  }

  @Test
  void aRowOfThousandsOfLayersIsSplitIntoMethods() throws Exception {
    String code = code("nn.ReLU()\n".repeat(23_456), "1x2");
    assertEquals(23_456, code.split("reluBlock", -1).length - 1);
    try (Compiled classes = Compiled.of(Map.of("Network", code), folder)) {
      int children = classes.build("Network").getChildren().size();
      assertTrue(children <= 100, children + " children");
    }
  }

  /** Sums of all that came before, so that nothing is a row. */
  @Test
  void aForwardOfThousandsOfCallsIsSplitIntoMethods() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge last = x;
    List<Tree> names = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      String name = "fc" + i;
      Edge next = builder.call(new Module(name, PyTorch.parse("nn.Linear(2, 2)").layer()), last);
      last = builder.apply("", new SumSpec(), List.of(next, x));
      names.add(new Tree("Linear", name, List.of()));
    }
    Graph graph = builder.build(List.of(last), new Tree("Long", "", names));
    assertNetwork(graph, new Shape[] {new Shape(3, 2)}, 4_000 * 6);
  }

  @Test
  void aLongBranchIsAMethod() throws Exception {
    String branch =
        IntStream.range(0, 250)
            .mapToObj(i -> "nn.Linear(3, 3)")
            .reduce((a, b) -> a + ", " + b)
            .get();
    Graph graph = PyTorch.parse("Residual(nn.Sequential(" + branch + "))");
    assertNetwork(graph, new Shape[] {new Shape(1, 3)}, 250 * 12);
  }

  @Test
  void nothingAtAllIsTheInput() throws Exception {
    assertNetwork(PyTorch.parse("nn.Sequential()"), new Shape[] {new Shape(2, 3)}, 0);
  }

  @Test
  void aKindWithoutBlockIsNamed() {
    record Doubled() implements CustomSpec {
      @Override
      public String type() {
        return "Doubled";
      }

      @Override
      public Shape output(Shape input) {
        return input;
      }

      @Override
      public String toString() {
        return "Doubled()";
      }
    }

    Graph graph = Graph.sequential(RELU, new Doubled());
    ShapeException e = assertThrows(ShapeException.class, () -> code(graph, new Shape(1, 2)));
    assertEquals(
        """
        layer 1, Doubled(): no Java code can be written for this layer.
        Neither DJL nor ConvLens has a block that computes what PyTorch computes.
        Take it out: the layers in front of it and those behind it can be written alone.""",
        e.getMessage());
  }

  @Test
  void namesOfClassesAndPackagesAreChecked() {
    assertEquals(
        """
        a class's name must be a name in Java: letters, digits and _, no digit first, no word of \
        the language.
        Here it is "2 nets".
        Use a name such as Network.""",
        message(Optional.empty(), "2 nets"));
    assertEquals(
        """
        the class cannot have the name of a class that it uses.
        Here both are called Block.
        Use a name such as MyBlock.""",
        message(Optional.empty(), "Block"));
    assertEquals(
        """
        a package's name must be names in Java, joined by dots.
        Here it is "com..nets".
        Use a name such as com.example.nets.""",
        message(Optional.of("com..nets"), "Network"));
    message(Optional.empty(), "class");
    message(Optional.of("com.new"), "Network");
  }

  private static String message(Optional<String> packageName, String className) {
    return assertThrows(
            IllegalArgumentException.class, () -> new JavaCode.Options(packageName, className))
        .getMessage();
  }
}
