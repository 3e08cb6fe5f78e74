package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Dim;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ScalarType;
import io.github.convlens.program.StateDict;
import io.github.convlens.program.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** State dicts of PyTorch's in networks that were read from its prints: printed_states.py. */
class StateDictsTest {
  private static final Path STATES = Path.of("src/test/resources/io/github/convlens/engine/states");

  /** Two versions of PyTorch and any processor. */
  private static final double ROUNDING = 2e-6;

  @TempDir Path folder;

  private NDManager manager = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME);

  @BeforeAll
  static void start() {
    PyTorchEngine.start(progress -> {});
  }

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Block block(String print, Precision precision) throws IOException {
    Graph graph = PyTorch.parse(Files.readString(STATES.resolve(print + ".txt")));
    Shape input = array(print, "x").getShape();
    Block block = LayerBlocks.of(Shapes.infer(graph, List.of(input)), precision);
    PyTorchInit.seeded(3).initialize(block, manager, precision, input);
    return block;
  }

  private NDArray array(String name, String array) throws IOException {
    ArrayFile.Numbers numbers = ArrayFile.read(STATES.resolve(name + ".npz")).get(array);
    return ProgramArrays.of(manager, array, numbers.type(), numbers.bytes());
  }

  private static StateDict weights(String name) throws IOException {
    return StateDict.read(STATES.resolve(name + ".safetensors"));
  }

  private static void assertClose(NDArray expected, NDArray actual) {
    assertEquals(expected.getShape(), actual.getShape());
    double most = expected.abs().max().getFloat();
    double apart = expected.sub(actual).abs().max().getFloat();
    assertTrue(apart <= ROUNDING * most, apart + " of " + most);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pictures", "sequences", "volumes", "resnet"})
  void giveThePrintsPyTorchsOutputs(String name) throws IOException {
    Block block = block(name, Precision.FLOAT32);
    LayerBlocks.load(block, weights(name));
    assertClose(array(name, "y"), LayerBlocks.forward(block, array(name, "x")));
  }

  /** PyTorch's outputs are those of the network in float32 that loads the file. */
  @ParameterizedTest
  @ValueSource(strings = {"float16", "bfloat16", "float64"})
  void numbersOfAnotherTypeBecomeTheBlocks(String name) throws IOException {
    Block block = block("volumes", Precision.FLOAT32);
    LayerBlocks.load(block, weights(name));
    assertClose(array(name, "y"), LayerBlocks.forward(block, array(name, "x")));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theBlockMayHaveAnyType(Precision precision) throws IOException {
    Block block = block("volumes", precision);
    LayerBlocks.load(block, weights("volumes"));
    LayerBlocks.stateDict(block)
        .names()
        .forEach(
            name ->
                assertEquals(
                    precision.toString(),
                    LayerBlocks.stateDict(block).type(name).orElseThrow().elements().toString()));
  }

  /** But for the counters of batches. */
  @ParameterizedTest
  @CsvSource({"pictures, 3", "sequences, 1", "volumes, 1", "resnet, 12"})
  void whatIsTakenOutIsWhatWasPutIn(String name, int counters) throws IOException {
    Block block = block(name, Precision.FLOAT32);
    StateDict given = weights(name);
    LayerBlocks.load(block, given);
    Path file = folder.resolve("out.safetensors");
    LayerBlocks.stateDict(block).save(file);
    StateDict taken = StateDict.read(file);
    List<String> names = new ArrayList<>(given.names());
    names.removeIf(each -> each.endsWith("num_batches_tracked"));
    assertEquals(names.stream().sorted().toList(), taken.names().stream().sorted().toList());
    assertEquals(given.names().size() - names.size(), counters);
    try (StateDict.Reader before = given.open();
        StateDict.Reader after = taken.open()) {
      for (String each : names) {
        assertEquals(given.type(each), taken.type(each));
        assertEquals(before.bytes(each), after.bytes(each), each);
      }
    }
  }

  @Test
  void numbersThatAreNotFiniteAndTheSignOfZeroArriveAndCanBeReplaced() throws IOException {
    Block block =
        LayerBlocks.of(
            Shapes.infer(PyTorch.parse("nn.Linear(3, 1, bias=False)"), List.of(new Shape(1, 3))));
    PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT32, new Shape(1, 3));
    NDArray weight = block.getParameters().valueAt(0).getArray();
    for (float[] numbers :
        List.of(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0f}, new float[] {1, 2, 3})) {
      LayerBlocks.load(block, StateDict.of(Map.of("weight", floats(List.of(1L, 3L), numbers))));
      assertArrayEquals(numbers, weight.toFloatArray());
    }
  }

  /** In plain Java, as PyTorch wrote them. */
  @ParameterizedTest
  @ValueSource(strings = {"float16", "bfloat16", "float64"})
  void typesAreConvertedAsPyTorchConvertsThem(String name) throws IOException {
    StateDict theirs = weights(name);
    StateDict ours = weights("volumes").inTypesOf(theirs);
    StateDict back = theirs.inTypesOf(weights("volumes"));
    Block block = block("volumes", Precision.FLOAT32);
    LayerBlocks.load(block, theirs);
    try (StateDict.Reader expected = theirs.open();
        StateDict.Reader made = ours.open();
        StateDict.Reader wide = back.open();
        StateDict.Reader loaded = LayerBlocks.stateDict(block).open()) {
      for (String each : theirs.names()) {
        assertEquals(theirs.type(each), ours.type(each));
        assertEquals(expected.bytes(each), made.bytes(each), each);
        if (!each.endsWith("num_batches_tracked")) {
          assertEquals(loaded.bytes(each), wide.bytes(each), each);
        }
      }
    }
  }

  /** Every half, and floats between and around them, as libtorch rounds them. */
  @Test
  void halvesAreThoseOfTheEngine() throws IOException {
    ByteBuffer all = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      boolean isNumber = (bits & 0x7c00) != 0x7c00 || (bits & 0x3ff) == 0;
      all.putShort(isNumber ? (short) bits : 0);
    }
    all.flip();
    Random random = new Random(5);
    float[] floats = new float[1 << 16];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Math.scalb((float) random.nextGaussian(), random.nextInt(44) - 27);
    }
    StateDict halves = one(new TensorType(ScalarType.FLOAT16, List.of(Dim.of(1 << 16))), all);
    StateDict wide = StateDict.of(Map.of("a", floats(List.of(1L << 16), floats)));
    try (NDArray asHalves =
        ProgramArrays.of(manager, "a", halves.type("a").orElseThrow(), all.duplicate())) {
      assertArrayEquals(
          asHalves.toType(DataType.FLOAT32, true).toFloatArray(), numbers(halves.inTypesOf(wide)));
      NDArray given = manager.create(floats).toType(DataType.FLOAT16, true);
      assertArrayEquals(
          given.toType(DataType.FLOAT32, true).toFloatArray(),
          numbers(wide.inTypesOf(halves).inTypesOf(wide)));
    }
  }

  private static StateDict one(TensorType type, ByteBuffer bytes) {
    return StateDict.of(Map.of("a", new ArrayFile.Numbers(type, bytes)));
  }

  private static float[] numbers(StateDict weights) throws IOException {
    try (StateDict.Reader reader = weights.open()) {
      float[] numbers = new float[(int) weights.elements("a")];
      reader.bytes("a").order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
      return numbers;
    }
  }

  @Test
  void wholeNumbersAreNotConverted() {
    StateDict whole =
        one(new TensorType(ScalarType.INT64, List.of(Dim.of(1))), ByteBuffer.allocate(8));
    StateDict wide = StateDict.of(Map.of("a", floats(List.of(1L), 1)));
    assertEquals(
        "the weights called a are int64[1], and float32 is needed.\n"
            + "Convert them: model.float().state_dict().",
        assertThrows(ProgramException.class, () -> whole.inTypesOf(wide)).getMessage());
  }

  private static ArrayFile.Numbers floats(List<Long> sizes, float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return new ArrayFile.Numbers(
        new TensorType(ScalarType.FLOAT32, sizes.stream().map(Dim::of).toList()), bytes);
  }

  /** The trainer watches the parameters for gradients; what it moved is what is taken out. */
  @Test
  void aNetworkTrainsFromLoadedWeightsAndIsTakenOut() throws IOException {
    Block block = block("resnet", Precision.FLOAT32);
    try (Model model = Model.newInstance("resnet", Device.cpu(), PyTorchEngine.NAME)) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()))) {
        LayerBlocks.load(block, weights("resnet"));
        NDArray x = array("resnet", "x");
        NDArray y = array("resnet", "y");
        assertClose(y, trainer.evaluate(new NDList(x)).singletonOrThrow());
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDArray loss = trainer.forward(new NDList(x)).singletonOrThrow().sub(y).square().sum();
          collector.backward(loss);
        }
        trainer.step();
        StateDict after = LayerBlocks.stateDict(block);
        for (String name :
            List.of("conv1.weight", "layer2.0.downsample.1.running_mean", "fc.bias")) {
          try (StateDict.Reader old = weights("resnet").open();
              StateDict.Reader moved = after.open()) {
            assertTrue(!old.bytes(name).equals(moved.bytes(name)), name);
          }
        }
        Block other = block("resnet", Precision.FLOAT32);
        LayerBlocks.load(other, after);
        assertClose(
            trainer.evaluate(new NDList(x)).singletonOrThrow(), LayerBlocks.forward(other, x));
      }
    }
  }

  @Test
  void everyNameThatDoesNotFitIsListedAndNothingChanges() throws IOException {
    Block block = block("volumes", Precision.FLOAT32);
    StateDict before = LayerBlocks.stateDict(block);
    Map<String, ArrayFile.Numbers> wrong = new LinkedHashMap<>(arrays("volumes"));
    wrong.remove("conv.weight");
    wrong.remove("norm.num_batches_tracked");
    wrong.put("head.weight", floats(List.of(3L, 2L), 1, 2, 3, 4, 5, 6));
    wrong.put("act.weight", floats(List.of(1L), 1));
    wrong.put("gamma", floats(List.of(1L), 1));
    assertEquals(
        """
        the weights do not fit the network.
        Missing (1): conv.weight.
        Unexpected (1): gamma.
        Of another shape (2): act.weight is [1], not [4], head.weight is [3, 2], not [3, 4].
        Nothing was loaded. Give the weights of the model that was printed, or print the model that\
         they are of.""",
        refusal(block, StateDict.of(wrong)));
    StateDict after = LayerBlocks.stateDict(block);
    for (String name : before.names()) {
      try (StateDict.Reader old = before.open();
          StateDict.Reader now = after.open()) {
        assertEquals(old.bytes(name), now.bytes(name), name);
      }
    }
  }

  private static Map<String, ArrayFile.Numbers> arrays(String name) throws IOException {
    return ArrayFile.read(STATES.resolve(name + ".safetensors"));
  }

  private static String refusal(Block block, StateDict weights) {
    return assertThrows(ProgramException.class, () -> LayerBlocks.load(block, weights))
        .getMessage();
  }

  @Test
  void ofManyNamesTenAreListed() throws IOException {
    Block block = block("resnet", Precision.FLOAT32);
    assertEquals(
        """
        the weights do not fit the network.
        Missing (62): conv1.weight, bn1.weight, bn1.bias, bn1.running_mean, bn1.running_var,\
         layer1.0.conv1.weight, layer1.0.bn1.weight, layer1.0.bn1.bias, layer1.0.bn1.running_mean,\
         layer1.0.bn1.running_var and 52 more.
        Nothing was loaded. Give the weights of the model that was printed, or print the model that\
         they are of.""",
        refusal(block, StateDict.of(Map.of())));
  }

  @Test
  void aPrefixOfAllNamesIsNamedAndCanBeTakenOff() throws IOException {
    Block block = block("volumes", Precision.FLOAT32);
    Map<String, ArrayFile.Numbers> parallel = new LinkedHashMap<>();
    arrays("volumes").forEach((name, array) -> parallel.put("module." + name, array));
    StateDict weights = StateDict.of(parallel);
    String message = refusal(block, weights);
    assertEquals(
        """
        Nothing was loaded. All names begin with 'module.', and fit without it.
        Take it off: convlens weights convert --remove-prefix module. FROM TO, or\
         StateDict.withoutPrefix.""",
        message.substring(message.indexOf("Nothing")));
    LayerBlocks.load(block, weights.withoutPrefix("module."));
    assertClose(array("volumes", "y"), LayerBlocks.forward(block, array("volumes", "x")));
    assertEquals(
        "the weights called act.weight do not begin with 'norm.'.\n"
            + "Take off what all names begin with.",
        assertThrows(ProgramException.class, () -> weights("volumes").withoutPrefix("norm."))
            .getMessage());
  }

  @Test
  void aNetworkThatWasPrintedWithAWrapperIsTold() {
    Block block =
        linear("DataParallel(\n  (module): Linear(in_features=2, out_features=1, bias=True)\n)");
    assertEquals(
        """
        the weights do not fit the network.
        Missing (2): module.weight, module.bias.
        Unexpected (2): weight, bias.
        Nothing was loaded. The network's names begin with 'module.', and fit without it.
        Print the model inside: model.module.""",
        refusal(block, ofLinear("weight", "bias")));
  }

  private Block linear(String text) {
    Block block = LayerBlocks.of(Shapes.infer(PyTorch.parse(text), List.of(new Shape(1, 2))));
    PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT32, new Shape(1, 2));
    return block;
  }

  private static StateDict ofLinear(String weight, String bias) {
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    arrays.put(weight, floats(List.of(1L, 2L), 3, 4));
    arrays.put(bias, floats(List.of(1L), 5));
    return StateDict.of(arrays);
  }

  @Test
  void weightsThatAreComputedFromOthersAreTold() {
    Block block = linear("nn.Sequential(nn.Linear(2, 1))");
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    arrays.put("0.bias", floats(List.of(1L), 5));
    arrays.put("0.weight_g", floats(List.of(1L, 1L), 5));
    arrays.put("0.weight_v", floats(List.of(1L, 2L), 5, 6));
    assertEquals(
        """
        the weights do not fit the network.
        Missing (1): 0.weight.
        Unexpected (2): 0.weight_g, 0.weight_v.
        Nothing was loaded. They are of a model whose weights are computed from others, as\
         weight_norm and spectral_norm do.
        Remove that before saving: torch.nn.utils.parametrize.remove_parametrizations(module,\
         "weight"), or torch.nn.utils.remove_weight_norm(module).""",
        refusal(block, StateDict.of(arrays)));
  }

  @Test
  void parametersOfAClassAreNotInAPrint() {
    Block block = linear("nn.Linear(2, 1)");
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    arrays.put("weight", floats(List.of(1L, 2L), 3, 4));
    arrays.put("bias", floats(List.of(1L), 5));
    arrays.put("scale", floats(List.of(1L), 5));
    assertEquals(
        """
        the weights do not fit the network.
        Unexpected (1): scale.
        Nothing was loaded. A print does not show parameters of a class's own. Export the program,\
         which has them: torch.export.save(torch.export.export(model.eval(), (x,)), "model.pt2").""",
        refusal(block, StateDict.of(arrays)));
  }

  @Test
  void typesThatNoArrayHasAreRefused() {
    Block block = linear("nn.Linear(2, 1)");
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    arrays.put("weight", floats(List.of(1L, 2L), 3, 4));
    arrays.put(
        "bias",
        new ArrayFile.Numbers(
            new TensorType(ScalarType.COMPLEX64, List.of(Dim.of(1))), ByteBuffer.allocate(8)));
    assertEquals(
        "the weights called bias are of type complex64, which cannot be loaded.\n"
            + "Convert them: model.float().state_dict().",
        refusal(block, StateDict.of(arrays)));
    assertTrue(block.getParameters().valueAt(0).getArray().toFloatArray()[0] != 3);
  }

  /** PyTorch demands the names of what forward does not call, too; they come out again. */
  @Test
  void whatIsNotCalledIsCheckedAndKept() throws IOException {
    Graph.Builder builder = new Graph.Builder();
    Edge y = builder.call(new Module("fc", new LinearSpec(2, 1, Bias.WITHOUT)), builder.input("x"));
    builder.notCalled(new Module("aux", PyTorch.parse("nn.LSTM(1, 1, bias=False)").layer()));
    Graph graph =
        builder.build(
            List.of(y),
            new Tree(
                "Net",
                "",
                List.of(new Tree("LSTM", "aux", List.of()), new Tree("Linear", "fc", List.of()))));
    Block block = LayerBlocks.of(Shapes.infer(graph, List.of(new Shape(1, 2))));
    PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT32, new Shape(1, 2));
    assertEquals(List.of("fc.weight"), List.copyOf(LayerBlocks.stateDict(block).names()));
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    arrays.put("fc.weight", floats(List.of(1L, 2L), 3, 4));
    arrays.put("aux.weight_ih_l0", floats(List.of(4L, 1L), 1, 2, 3, 4));
    assertTrue(refusal(block, StateDict.of(arrays)).contains("Missing (1): aux.weight_hh_l0.\n"));
    arrays.put("aux.weight_hh_l0", floats(List.of(4L, 1L), 5, 6, 7, 8));
    LayerBlocks.load(block, StateDict.of(arrays));
    StateDict all = LayerBlocks.stateDict(block);
    assertEquals(
        List.of("aux.weight_ih_l0", "aux.weight_hh_l0", "fc.weight"), List.copyOf(all.names()));
    try (StateDict.Reader reader = all.open()) {
      assertEquals(8, reader.bytes("aux.weight_hh_l0").getFloat(12));
    }
  }

  @Test
  void aBlockWithoutWeightsIsToInitialiseFirst() throws IOException {
    Block block = Parsed.block("nn.Sequential(nn.Linear(2, 1))", new Shape(1, 2));
    for (Executable use :
        List.<Executable>of(
            () -> LayerBlocks.stateDict(block),
            () -> LayerBlocks.load(block, ofLinear("0.weight", "0.bias")))) {
      assertEquals(
          "the block holds no weights yet.\nInitialise it first: PyTorchInit.seeded(0)"
              + ".initialize(block, manager, Precision.FLOAT32, shape).",
          assertThrows(IllegalStateException.class, use).getMessage());
    }
  }

  @Test
  void anotherBlockIsRefused() {
    Block block = LayerBlocks.of("nn.PReLU()");
    assertEquals(
        "the block is not one of a network.\nMake it by LayerBlocks.of(Shapes.infer(...)).",
        assertThrows(IllegalArgumentException.class, () -> LayerBlocks.stateDict(block))
            .getMessage());
  }

  @Test
  void nothingIsLeftInTheManager() throws IOException {
    Block block = block("pictures", Precision.FLOAT32);
    int before = manager.getManagedArrays().size();
    LayerBlocks.load(block, weights("pictures"));
    LayerBlocks.stateDict(block);
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void aProgramTakesOtherWeights() throws IOException {
    ProgramBlock block = ProgramBlock.of(Programs.read("float16"), manager);
    Map<String, ArrayFile.Numbers> zeros = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> each : block.stateDict().entrySet()) {
      Shape shape = each.getValue().getArray().getShape();
      zeros.put(
          each.getKey(),
          floats(Arrays.stream(shape.getShape()).boxed().toList(), new float[(int) shape.size()]));
    }
    block.loadWeights(StateDict.of(zeros));
    for (Parameter parameter : block.stateDict().values()) {
      assertEquals(0, parameter.getArray().toType(DataType.FLOAT32, true).abs().sum().getFloat());
    }
    zeros.remove(zeros.keySet().iterator().next());
    String message =
        assertThrows(ProgramException.class, () -> block.loadWeights(StateDict.of(zeros)))
            .getMessage();
    assertTrue(message.startsWith("the weights do not fit the program.\nMissing (1): "), message);
  }
}
