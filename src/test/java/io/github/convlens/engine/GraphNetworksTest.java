package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.engine.internal.Scratch;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Graph.Builder;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks that are more than a chain, and layers over one and three axes: outputs, gradients and
 * running statistics are PyTorch's. src/test/python/graph_networks.py has the networks and says
 * what the arrays are.
 */
@ExtendWith(OneThread.class)
class GraphNetworksTest {
  private static final Recipes RECIPES =
      Recipes.KNOWN.with(
          """
          ShuffleUnit: branch relu shuffle =
              y = chunk(x, 2); shuffle(cat(y[0], relu(branch(y[1]))))
          """);

  /** An array of a network, as PyTorch has it. */
  record Numbers(Shape shape, double[] values) {
    /** Asserts that an array is the same up to a share of PyTorch's largest number. */
    void check(String name, NDArray array, double tolerance) {
      assertEquals(shape, array.getShape(), name);
      double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
      assertArrayEquals(values, Rule.doubles(array), tolerance * (largest + 1e-3), name);
    }
  }

  /** A network with all of its arrays; its name is a notation, a print or what a method builds. */
  record Case(String network, List<Shape> inputs, Map<String, Numbers> arrays) {
    Shaped shaped() {
      return Shapes.infer(graph(network), inputs);
    }

    Block block(NDManager manager, Precision precision) {
      Block block = LayerBlocks.of(shaped());
      PyTorchInit.seeded(1).initialize(block, manager, precision, inputs.toArray(Shape[]::new));
      NamedNumbers.fill(block);
      return block;
    }

    NDList arrays(NDManager manager, Precision precision) {
      NDList arrays = new NDList();
      for (Shape shape : inputs) {
        arrays.add(NamedNumbers.array(manager, precision, "input " + arrays.size(), shape));
      }
      return arrays;
    }

    @Override
    public String toString() {
      return network.lines().findFirst().orElseThrow() + " " + inputs;
    }
  }

  private static Shape shape(String text) {
    return text.isEmpty()
        ? new Shape()
        : new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
  }

  static List<Case> cases() {
    String name = "/io/github/convlens/oracles/graph_networks.tsv";
    Map<String, Case> cases = new LinkedHashMap<>();
    try (InputStream in = GraphNetworksTest.class.getResourceAsStream(name)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .forEach(fields -> add(cases, fields));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(cases.values());
  }

  private static void add(Map<String, Case> cases, String[] fields) {
    double[] values = Stream.of(fields[4].split(" ")).mapToDouble(Double::parseDouble).toArray();
    cases
        .computeIfAbsent(
            fields[0] + fields[1],
            key ->
                new Case(
                    fields[0].replace("\\n", "\n"),
                    Stream.of(fields[1].split(" ")).map(GraphNetworksTest::shape).toList(),
                    new LinkedHashMap<>()))
        .arrays
        .put(fields[2], new Numbers(shape(fields[3]), values));
  }

  private static Case named(String start) {
    return cases().stream().filter(c -> c.network.startsWith(start)).findFirst().orElseThrow();
  }

  private static Graph graph(String network) {
    return switch (network) {
      case "shared convolution" -> sharedConvolution();
      case "two inputs, two outputs" -> twoInputs();
      case "an input that is an output" -> inputAsOutput();
      case "three factors" -> threeFactors();
      case "constants" -> constants();
      case "parts" -> parts();
      case "attention" -> attention();
      case "heads" -> heads();
      case "last channels" -> lastChannels();
      case "means" -> means();
      default -> PyTorch.parse(network, RECIPES);
    };
  }

  private static Module module(String path, String notation) {
    return new Module(path, PyTorch.parse(notation).layer());
  }

  private static Graph built(Builder graph, Edge... outputs) {
    return graph.build(List.of(outputs), new Tree("Network", "", List.of()));
  }

  private static Edge apply(Builder graph, LayerSpec function, Edge... arguments) {
    return graph.apply("", function, List.of(arguments));
  }

  private static Graph sharedConvolution() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Module conv = module("conv", "nn.Conv2d(3, 3, 3, padding=1)");
    Module relu = module("relu", "nn.ReLU()");
    Edge first = graph.call(conv, graph.call(relu, x));
    return built(graph, graph.call(conv, graph.call(relu, first)));
  }

  private static Graph twoInputs() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Edge y = graph.input("y");
    Module fc = module("fc", "nn.Linear(4, 3)");
    Edge product = apply(graph, new ProductSpec(), graph.call(fc, x), y);
    Edge act = graph.call(module("act", "nn.Tanh()"), y);
    return built(graph, product, apply(graph, new SumSpec(), graph.call(fc, x), act));
  }

  private static Graph inputAsOutput() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Module same = module("same", "nn.Identity()");
    Edge dropped = graph.call(module("drop", "nn.Dropout(0.0)"), graph.call(same, x));
    Edge relu = graph.call(same, graph.call(module("relu", "nn.ReLU()"), x));
    Edge sum = apply(graph, new SumSpec(), graph.call(same, x), x);
    return built(graph, dropped, x, relu, sum);
  }

  private static Graph threeFactors() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Edge y = graph.input("y");
    Edge z = graph.input("z");
    Edge conv = graph.call(module("conv", "nn.Conv2d(3, 3, 1)"), x);
    return built(graph, apply(graph, new ProductSpec(), conv, y, z));
  }

  private static Graph constants() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Edge conv = graph.call(module("conv", "nn.Conv2d(3, 3, 1)"), x);
    Edge tanh = graph.call(module("tanh", "nn.Tanh()"), conv);
    Edge half = apply(graph, ScaleSpec.times(0.5), apply(graph, ScaleSpec.plus(1), tanh));
    Edge difference = apply(graph, new SumSpec(), half, apply(graph, ScaleSpec.times(-0.2), x));
    return built(graph, difference, apply(graph, new ScaleSpec(-1, 1), x));
  }

  private static LayerSpec chunks(int dim) {
    return new SplitSpec(dim, new SplitSpec.Parts.Chunks(3));
  }

  private static Graph parts() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Edge a = apply(graph, new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(1L, 2L, 3L))), x);
    Edge conv = graph.call(module("conv", "nn.Conv2d(2, 2, 1)"), Builder.output(a, 1));
    Edge p = apply(graph, chunks(-1), x);
    Edge all = apply(graph, new ConcatenationSpec(1), Builder.output(a, 2), conv, a);
    return built(graph, all, Builder.output(p, 2), Builder.output(p, 1));
  }

  private static Graph attention() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Edge q = apply(graph, chunks(-1), graph.call(module("qkv", "nn.Linear(6, 12)"), x));
    Edge k = apply(graph, new PermuteSpec(List.of(0, 2, 1)), Builder.output(q, 1));
    Edge scores = apply(graph, new MatrixProductSpec(), q, k);
    LayerSpec softmax = ActivationSpec.along(ActivationSpec.Function.SOFTMAX, -1);
    Edge weights = apply(graph, softmax, scores);
    Edge read = apply(graph, new MatrixProductSpec(), weights, Builder.output(q, 2));
    return built(graph, graph.call(module("out", "nn.Linear(4, 6)"), read));
  }

  private static Graph heads() {
    Builder graph = new Builder();
    Edge split = apply(graph, new ReshapeSpec(List.of(6L, 2L, 4L)), graph.input("x"));
    Edge y = apply(graph, new PermuteSpec(List.of(0, 2, 1, 3)), split);
    Edge fc = graph.call(module("fc", "nn.Linear(4, 4, bias=False)"), y);
    Edge turned = apply(graph, new PermuteSpec(List.of(0, 1, 3, 2)), fc);
    Edge product = apply(graph, new MatrixProductSpec(), y, turned);
    Edge back = apply(graph, new PermuteSpec(List.of(0, 2, 1, 3)), product);
    return built(graph, apply(graph, new ReshapeSpec(List.of(6L, -1L)), back));
  }

  private static Graph lastChannels() {
    Builder graph = new Builder();
    Edge x = graph.input("x");
    Edge y = graph.call(module("dw", "nn.Conv2d(4, 4, 3, padding=1, groups=4)"), x);
    y = apply(graph, new PermuteSpec(List.of(0, 2, 3, 1)), y);
    y = graph.call(module("norm", "nn.LayerNorm(4)"), y);
    y = graph.call(module("fc1", "nn.Linear(4, 8)"), y);
    y = graph.call(module("gelu", "nn.GELU()"), y);
    y = graph.call(module("fc2", "nn.Linear(8, 4)"), y);
    y = apply(graph, new PermuteSpec(List.of(0, 3, 1, 2)), y);
    return built(graph, apply(graph, new SumSpec(), y, x));
  }

  private static Graph means() {
    Builder graph = new Builder();
    Edge y = graph.call(module("conv", "nn.Conv2d(3, 4, 1)"), graph.input("x"));
    return built(
        graph,
        apply(graph, new MeanSpec(List.of(2, 3), MeanSpec.Axes.DROPPED), y),
        apply(graph, new MeanSpec(List.of(-1, 1), MeanSpec.Axes.KEPT), y),
        apply(graph, new MeanSpec(List.of(2), MeanSpec.Axes.DROPPED), y),
        apply(graph, new MeanSpec(List.of(0, 1, 2, 3), MeanSpec.Axes.DROPPED), y),
        apply(graph, new MeanSpec(List.of(), MeanSpec.Axes.DROPPED), y));
  }

  @Test
  void thereAreAsManyAsWereMade() {
    assertEquals(69, cases().size());
    assertEquals(66, differentiated().size());
    assertEquals(233, cases().stream().mapToInt(c -> c.arrays.size()).sum());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsAreAsInPyTorch(Case c) {
    for (Precision precision : List.of(Precision.FLOAT64, Precision.FLOAT32)) {
      try (NDManager manager = NDManager.newBaseManager()) {
        Block block = c.block(manager, precision);
        NDList outputs = LayerBlocks.forward(block, c.arrays(manager, precision));
        double tolerance = precision == Precision.FLOAT64 ? 1e-8 : 3e-5;
        for (int i = 0; i < outputs.size(); i++) {
          c.arrays.get("output " + i).check("output " + i, outputs.get(i), tolerance);
        }
        assertEquals(
            c.arrays.keySet().stream().filter(name -> name.startsWith("output")).count(),
            outputs.size());
      }
    }
  }

  static List<Case> differentiated() {
    return cases().stream().filter(c -> c.arrays.containsKey("input 0")).toList();
  }

  /** Of a module that runs twice, the gradient is the sum over both. */
  @ParameterizedTest
  @MethodSource("differentiated")
  void gradientsAndRunningStatisticsAreAsInPyTorch(Case c) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = c.block(manager, Precision.FLOAT64);
      NDList inputs = c.arrays(manager, Precision.FLOAT64);
      inputs.forEach(input -> input.setRequiresGradient(true));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(loss(block, inputs));
      }
      Map<String, Parameter> parameters = NamedNumbers.parameters(block);
      List<String> names = new ArrayList<>(parameters.keySet());
      for (int i = 0; i < inputs.size(); i++) {
        names.add("input " + i);
      }
      c.arrays.keySet().stream().filter(name -> name.startsWith("output")).forEach(names::add);
      assertEquals(Set.copyOf(names), c.arrays.keySet());
      c.arrays.forEach(
          (name, numbers) -> {
            if (name.startsWith("input")) {
              int index = Integer.parseInt(name.substring(6));
              numbers.check(name, inputs.get(index).getGradient(), 1e-7);
            } else if (!name.startsWith("output")) {
              NDArray array = parameters.get(name).getArray();
              NDArray actual = name.contains("running") ? array : array.getGradient();
              numbers.check(name, actual, 1e-6); // DJL has eps and momentum as floats
            }
          });
    }
  }

  private static NDArray loss(Block block, NDList inputs) {
    NDManager manager = inputs.head().getManager();
    NDList outputs = block.forward(new ParameterStore(manager, false), inputs, true);
    NDArray sum = manager.create(0.0);
    for (int i = 0; i < outputs.size(); i++) {
      Shape shape = outputs.get(i).getShape();
      NDArray weights = NamedNumbers.array(manager, Precision.FLOAT64, "loss " + i, shape);
      sum = sum.add(outputs.get(i).mul(weights).sum());
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyCallAgreesWithItsDefinition(Case c) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = c.block(manager, Precision.FLOAT32);
      Verification verification = Verification.of(block, c.arrays(manager, Precision.FLOAT32));
      assertTrue(verification.agrees(), verification::toString);
      for (Check check : verification.checks()) {
        assertTrue(check.isCompared(), check::toString);
      }
    }
  }

  /** Also where a layer hands on its input, in training, and with gradients. */
  @ParameterizedTest
  @MethodSource("cases")
  @SuppressWarnings("try") // the collector records what is done while it is open
  void nothingStaysBehindButTheOutputs(Case c) {
    try (NDManager manager = NDManager.newBaseManager();
        NDManager own = NDManager.newBaseManager()) {
      Block block = c.block(own, Precision.FLOAT32);
      NDList inputs = c.arrays(manager, Precision.FLOAT32);
      int weights = own.getManagedArrays().size();
      LayerBlocks.forward(block, inputs).close();
      assertEquals(inputs.size(), manager.getManagedArrays().size());
      for (boolean training : new boolean[] {false, true}) {
        pass(block, inputs, training);
      }
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        pass(block, inputs, true);
      }
      assertEquals(weights, own.getManagedArrays().size());
    }
  }

  private static void pass(Block block, NDList inputs, boolean training) {
    NDManager manager = inputs.head().getManager();
    NDList outputs = block.forward(new ParameterStore(manager, false), inputs, training);
    Scratch.close(outputs, inputs);
    assertEquals(inputs.size(), manager.getManagedArrays().size(), "training: " + training);
    inputs.forEach(input -> input.toFloatArray()); // still open
  }

  /** Ten layers, of which at no time more than input, what is read and what is made are there. */
  @Test
  void arraysAreClosedAfterTheirLastUse() {
    Shape shape = new Shape(1, 2, 5, 5);
    String chain = "nn.Sequential(" + "nn.Conv2d(2, 2, 3, padding=1), nn.Identity(), ".repeat(5);
    Shaped net = Parsed.of(chain + "nn.Dropout(0.0))", shape);
    try (NDManager manager = NDManager.newBaseManager();
        NDManager own = NDManager.newBaseManager()) {
      GraphBlock block = (GraphBlock) LayerBlocks.of(net);
      PyTorchInit.seeded(1).initialize(block, own, Precision.FLOAT32, shape);
      NDList input = new NDList(manager.ones(shape));
      for (boolean training : new boolean[] {false, true}) {
        List<Integer> alive = new ArrayList<>();
        ParameterStore store = new ParameterStore(manager, false);
        block
            .run(store, input, training, visit -> alive.add(manager.getManagedArrays().size()))
            .close();
        assertEquals(11, alive.size());
        assertTrue(alive.stream().allMatch(number -> number <= 3), alive.toString());
        assertEquals(1, manager.getManagedArrays().size());
      }
    }
  }

  @Test
  void aPassThatFailsLeavesNothingBehindEither() {
    String net = "nn.Sequential(nn.Conv2d(2, 2, 3), nn.Identity(), nn.Flatten(), nn.Linear(18, 3))";
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 2, 5, 5);
      Block block = Parsed.block(net, shape);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT32, shape);
      NDArray other = manager.ones(new Shape(1, 2, 5, 6));
      int arrays = manager.getManagedArrays().size();
      ParameterStore store = new ParameterStore(manager, false);
      NDList inputs = new NDList(other);
      ShapeException e =
          assertThrows(ShapeException.class, () -> block.forward(store, inputs, false));
      assertTrue(e.getMessage().startsWith("layer 3, Linear("), e.getMessage());
      assertEquals(arrays, manager.getManagedArrays().size());
      assertEquals(60, other.toFloatArray().length);
    }
  }

  @Test
  void aModuleThatRunsTwiceIsOneModule() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = named("BasicBlock").block(manager, Precision.FLOAT32);
      assertEquals(
          List.of("01conv1", "02bn1", "03relu", "04conv2", "05bn2"), block.getChildren().keys());
      long learned =
          block.getParameters().values().stream()
              .filter(Parameter::requiresGradient)
              .mapToLong(parameter -> parameter.getArray().size())
              .sum();
      assertEquals(2 * 144 + 2 * 8 + 4, learned);
    }
  }

  @Test
  void thePrintOfABlockIsPyTorchs() {
    Case c = named("BasicBlock");
    assertEquals(graph(c.network).toString(), LayerBlocks.of(c.shaped()).toString());
  }

  @Test
  void asManyArraysAsInputs() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = named("two inputs").block(manager, Precision.FLOAT32);
      NDArray one = manager.ones(new Shape(2, 5, 4));
      assertEquals(
          """
          the network takes 2 inputs.
          Here is 1 array.
          Give it an array for each.\
          """,
          assertThrows(IllegalArgumentException.class, () -> LayerBlocks.forward(block, one))
              .getMessage());
    }
  }

  @Test
  void aFunctionHasNoParametersOfItsOwn() {
    Builder graph = new Builder();
    Edge y = apply(graph, PyTorch.parse("nn.Linear(4, 3)").layer(), graph.input("x"));
    Shaped net = Shapes.infer(built(graph, y), new Shape(1, 4));
    assertEquals(
        """
        a function has no parameters of its own.
        Linear(in_features=4, out_features=3) has some.
        Call it as a module, with a path.\
        """,
        assertThrows(IllegalArgumentException.class, () -> LayerBlocks.of(net)).getMessage());
  }

  /** Weights for one size, pictures of others: each call agrees with its definition there, too. */
  @Test
  void anotherPictureSizeWorks() {
    for (String start :
        List.of("BasicBlock", "SqueezeExcitation", "ShuffleUnit", "last", "means")) {
      try (NDManager manager = NDManager.newBaseManager()) {
        Case c = named(start);
        Block block = c.block(manager, Precision.FLOAT32);
        Shape other = new Shape(3, c.inputs.get(0).get(1), 9, 7);
        NDArray input = RandomInput.of(manager, Precision.FLOAT32, other, 4);
        Verification verification = Verification.of(block, input);
        assertTrue(verification.agrees(), verification::toString);
        assertEquals(
            List.of(block.getOutputShapes(new Shape[] {other})),
            LayerBlocks.forward(block, new NDList(input)).stream().map(NDArray::getShape).toList());
      }
    }
  }

  @Test
  void savedAndLoadedItComputesTheSame(@TempDir Path folder)
      throws IOException, MalformedModelException {
    for (String start : List.of("BasicBlock", "two inputs")) {
      Case c = named(start);
      try (Model saved = Model.newInstance("net");
          Model loaded = Model.newInstance("net")) {
        Block block = c.block(saved.getNDManager(), Precision.FLOAT32);
        saved.setBlock(block);
        saved.save(folder, start);
        loaded.setBlock(LayerBlocks.of(c.shaped()));
        loaded.load(folder, start);
        NDList inputs = c.arrays(saved.getNDManager(), Precision.FLOAT32);
        NDList expected = LayerBlocks.forward(block, inputs);
        NDList actual = LayerBlocks.forward(loaded.getBlock(), inputs);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i).toFloatArray(), actual.get(i).toFloatArray());
        }
      }
    }
  }

  @Test
  void threadsShareABlock() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (NDManager manager = NDManager.newBaseManager()) {
      Case c = named("two inputs");
      Block block = c.block(manager, Precision.FLOAT64);
      NDList inputs = c.arrays(manager, Precision.FLOAT64);
      int arrays = manager.getManagedArrays().size();
      Callable<NDList> pass = () -> LayerBlocks.forward(block, inputs);
      List<Callable<NDList>> work = Collections.nCopies(80, pass);
      for (Future<NDList> result : threads.invokeAll(work)) {
        try (NDList outputs = result.get()) {
          c.arrays.get("output 0").check("output 0", outputs.get(0), 1e-8);
          c.arrays.get("output 1").check("output 1", outputs.get(1), 1e-8);
        }
      }
      assertEquals(arrays, manager.getManagedArrays().size());
    } finally {
      threads.shutdown();
    }
  }

  /** Kinds of which shapes are known, and not all numbers. */
  static List<LayerSpec> refused() {
    return List.of(
        new BlurSpec(Windows.of(Size.square(3))),
        new EmbeddingSpec(7, 2, OptionalLong.empty(), OptionalDouble.of(0.5)),
        new LearnedSpec(LearnedSpec.Operation.ADD, List.of(3L, 1L, 1L)));
  }

  /** What the engine would compute wrongly, or not at all, it refuses by the layer's path. */
  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedByItsPath(LayerSpec layer) {
    Graph graph = Graph.sequential(new IdentitySpec(), layer);
    Shaped net = Shapes.infer(graph, new Shape(2, 3, 4, 5));
    String message =
        "layer 1, "
            + layer
            + ": the engine cannot run this layer yet.\nIt is "
            + layer
            + ".\nLeave it out to run the rest; its shapes and costs are in trace.";
    assertEquals(
        message, assertThrows(ShapeException.class, () -> LayerBlocks.of(net)).getMessage());
  }

  /** A layer that takes any number of axes has none in mind. */
  @Test
  void anUpsampleTakesSequencesPicturesAndVolumes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block alone = LayerBlocks.of("nn.Upsample(scale_factor=2)");
      Block inNet = Parsed.block("nn.Upsample(scale_factor=2)", new Shape(1, 2, 3, 4));
      for (Block block : List.of(alone, inNet)) {
        NDArray volume = LayerBlocks.forward(block, manager.ones(new Shape(1, 2, 3, 4, 5)));
        assertEquals(new Shape(1, 2, 6, 8, 10), volume.getShape());
        NDArray sequence = LayerBlocks.forward(block, manager.ones(new Shape(1, 2, 3)));
        assertEquals(new Shape(1, 2, 6), sequence.getShape());
      }
    }
  }
}
