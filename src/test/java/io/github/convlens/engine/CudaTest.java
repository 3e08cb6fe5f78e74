package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.cuda.CudaUtils;
import io.github.convlens.engine.internal.ChannelsLast;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.engine.internal.Timing;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.program.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers on a GPU; skipped, with the reason, where there is none. */
class CudaTest {
  private static final int ROUNDS = 50;
  private static final long MEBI = 1 << 20;

  private static Device cuda = Device.cpu();

  @BeforeAll
  static void findGpu() {
    Devices.Inventory inventory = Devices.Inventory.of(PyTorchEngine.start(line -> {}));
    assumeTrue(inventory.gpus() > 0, "no CUDA device: " + inventory);
    cuda = Devices.select(Devices.parse("cuda"), inventory);
  }

  /** The tolerance of a verification knows that convolutions in float32 run in TF32 there. */
  @ParameterizedTest
  @CsvSource({
    "lenet, FLOAT32",
    "squeezenet1_0, FLOAT32",
    "resnet18, FLOAT32",
    "lenet, FLOAT16",
    "resnet18, BFLOAT16"
  })
  void everyLayerAgrees(String net, Precision precision) {
    Shape input = Presets.input(net);
    Shaped network = Shapes.infer(PyTorch.parse(Presets.text(net)), input);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      Verification verification = Verification.of(network, manager, precision, 1);
      assertTrue(verification.agrees(), verification::toString);
      assertEquals(0, manager.getManagedArrays().size());
    }
  }

  /** cuDNN runs recurrent layers in TF32, too. */
  @ParameterizedTest
  @EnumSource(value = Precision.class)
  void recurrentLayersAgree(Precision precision) {
    for (String layer :
        List.of("nn.LSTM(16, 12, num_layers=2)", "nn.GRU(16, 12)", "nn.RNN(16, 9)")) {
      Shaped network = Parsed.of(layer, new Shape(20, 2, 16));
      try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
        Verification verification = Verification.of(network, manager, precision, 1);
        assertTrue(verification.agrees(), verification::toString);
      }
    }
  }

  /** From its third call on CUDA runs several steps as one kernel, which must round as they do. */
  @Test
  void bfloat16IsRoundedInEveryCall() {
    Shape shape = new Shape(2, 3, 16);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      Block block = LayerBlocks.of(Parsed.of("nn.SiLU()", shape), Precision.BFLOAT16);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.BFLOAT16, shape);
      NDArray x = RandomInput.of(manager, Precision.BFLOAT16, shape, 2);
      float[] first = numbers(LayerBlocks.forward(block, x));
      for (int call = 2; call <= 5; call++) {
        assertArrayEquals(first, numbers(LayerBlocks.forward(block, x)), "call " + call);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Precision.class)
  void channelsLastGivesTheSame(Precision precision) {
    Shape shape = new Shape(2, 16, 9, 14);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      Shaped network = Parsed.of("nn.Conv2d(16, 24, (3, 5), padding=(1, 2))", shape);
      Block block = LayerBlocks.of(network, precision);
      PyTorchInit.seeded(1).initialize(block, manager, precision, shape);
      NDArray first = RandomInput.of(manager, precision, shape, 2);
      NDArray last = ChannelsLast.of(first);
      float[] wanted = numbers(LayerBlocks.forward(block, first));
      float half = precision == Precision.BFLOAT16 ? 8e-2f : 1e-2f; // TF32 and float16: 11 bits
      float tolerance = precision == Precision.FLOAT64 ? 1e-6f : half;
      assertArrayEquals(wanted, numbers(LayerBlocks.forward(block, last)), tolerance);
    }
  }

  /** Arrays that a program makes, and its constants, are where its input is. */
  @ParameterizedTest
  @ValueSource(strings = {"unet", "vit", "crnn_lstm", "constants", "float16", "bfloat16"})
  void programsRunAndTrain(String name) throws Exception {
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      Program program = Programs.read(name);
      Map<String, NDArray> numbers = Programs.numbers(manager, name);
      ProgramBlock block = ProgramBlock.of(program, manager);
      NDList inputs = Programs.inputs(program, numbers);
      NDArray y = LayerBlocks.forward(block, inputs).head();
      assertTrue(Programs.off(y, numbers.get("y0")) < 2e-2); // TF32 and half: 11 bits
      assertEquals(cuda, y.getDevice());
      assertEquals(cuda, ProgramTrainingTest.forward(block, inputs.head()).head().getDevice());
    }
  }

  /**
   * What PyTorch's operators run, in whatever number type, gives the CPU's float64 within 8 bits.
   */
  @ParameterizedTest
  @MethodSource("kinds")
  void operatorsGiveTheCpusValues(String layer, Shape shape) {
    double[] wanted = numbers(layer, shape, Precision.FLOAT64, Device.cpu());
    for (Precision precision : Precision.values()) {
      double[] found = numbers(layer, shape, precision, cuda);
      assertEquals(wanted.length, found.length);
      double unit = Math.max(precision.roundoff(), Precision.FLOAT16.roundoff()); // TF32
      double tolerance = precision == Precision.FLOAT64 ? 1e-6 : 64 * unit;
      for (int i = 0; i < wanted.length; i++) {
        double off = tolerance * (1 + Math.abs(wanted[i]));
        assertEquals(wanted[i], found[i], off, layer + " in " + precision + ", element " + i);
      }
    }
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        arguments("nn.ConvTranspose2d(4, 6, 4, stride=2, padding=1)", new Shape(2, 4, 5, 6)),
        arguments("nn.ConvTranspose3d(2, 3, 2, stride=2)", new Shape(1, 2, 3, 4, 3)),
        arguments("nn.Conv2d(4, 3, 3, padding=1, padding_mode='reflect')", new Shape(2, 4, 5, 6)),
        arguments("nn.Conv1d(4, 3, 4, padding='same')", new Shape(2, 4, 9)),
        arguments("nn.AdaptiveAvgPool2d((3, 2))", new Shape(2, 4, 5, 7)),
        arguments("nn.AvgPool2d(3, 2, 1, count_include_pad=False)", new Shape(2, 4, 5, 7)),
        arguments("nn.GroupNorm(2, 4)", new Shape(2, 4, 5, 6)),
        arguments("nn.InstanceNorm3d(2, affine=True)", new Shape(2, 2, 3, 4, 3)),
        arguments("nn.LayerNorm(6)", new Shape(2, 4, 6)),
        arguments("nn.LocalResponseNorm(3)", new Shape(2, 4, 5, 6)),
        arguments("nn.Upsample(scale_factor=2, mode='bilinear')", new Shape(2, 4, 5, 6)),
        arguments("nn.Upsample(size=7)", new Shape(2, 4, 5)),
        arguments("nn.ReflectionPad2d(2)", new Shape(2, 4, 5, 6)),
        arguments("nn.PixelShuffle(2)", new Shape(2, 4, 5, 6)),
        arguments("nn.PReLU(4)", new Shape(2, 4, 5, 6)),
        arguments("nn.Mish()", new Shape(2, 4, 5, 6)),
        arguments("nn.LSTM(3, 4, batch_first=True)", new Shape(2, 5, 3)),
        arguments("Residual(nn.Conv2d(4, 4, 3, padding=1), nn.ReLU())", new Shape(2, 4, 5, 6)));
  }

  private static double[] numbers(String layer, Shape shape, Precision precision, Device device) {
    try (NDManager manager = Engine.getInstance().newBaseManager(device)) {
      Block block = LayerBlocks.of(Parsed.of(layer, shape), precision);
      PyTorchInit.seeded(1).initialize(block, manager, precision, shape);
      Rule.fill(block);
      NDArray output = LayerBlocks.forward(block, Rule.input(manager, precision, shape));
      assertEquals(device, output.getDevice());
      return Rule.doubles(output);
    }
  }

  /** Gradients and running statistics of a network of DJL's blocks and PyTorch's operators. */
  @Test
  void networksTrainAsOnTheCpu() {
    Map<String, double[]> wanted = trained(Device.cpu());
    Map<String, double[]> found = trained(cuda);
    assertEquals(wanted.keySet(), found.keySet());
    wanted.forEach((name, numbers) -> assertArrayEquals(numbers, found.get(name), 1e-8, name));
  }

  /** Each parameter's gradient, or its numbers where it has none, after a pass in float64. */
  private static Map<String, double[]> trained(Device device) {
    Shape shape = new Shape(2, 3, 6, 5);
    String net =
        "Sequential(nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect'), nn.BatchNorm2d(4),"
            + " nn.SiLU(), nn.ConvTranspose2d(4, 4, 2, stride=2), nn.GroupNorm(2, 4), nn.Flatten(),"
            + " nn.Linear(480, 2))";
    Map<String, double[]> numbers = new LinkedHashMap<>();
    try (NDManager manager = Engine.getInstance().newBaseManager(device)) {
      Block block = Parsed.block(net, shape);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT64, shape);
      block.freezeParameters(false, parameter -> !parameter.getName().startsWith("running"));
      NDArray x = RandomInput.of(manager, Precision.FLOAT64, shape, 2);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        ParameterStore store = new ParameterStore(manager, false);
        NDArray y = block.forward(store, new NDList(x), true).head();
        collector.backward(y.mul(y).sum());
      }
      block
          .getParameters()
          .forEach(
              each -> {
                NDArray array = each.getValue().getArray();
                boolean learns = each.getValue().requiresGradient();
                numbers.put(each.getKey(), Rule.doubles(learns ? array.getGradient() : array));
              });
    }
    return numbers;
  }

  /** An operator's arrays are freed with their manager, and so are those that it makes within. */
  @Test
  void operatorsLeaveNoMemoryBehind() {
    Operator operator = Operator.of("torch.add(torch.mul(x, 2), 1)", "x");
    long after = 0;
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (NDManager own = manager.newSubManager()) {
          operator.apply(own.zeros(new Shape(64 * MEBI), DataType.FLOAT32));
        }
        after = round == 0 ? CudaUtils.getGpuMemory(cuda).getCommitted() : after;
      }
      long grown = CudaUtils.getGpuMemory(cuda).getCommitted() - after;
      assertTrue(grown < 256 * MEBI, grown + " bytes more after " + ROUNDS + " rounds");
      assertEquals(0, manager.getManagedArrays().size());
    }
  }

  /** PyTorch keeps freed memory for itself, so what is measured is that it does not grow. */
  @Test
  void memoryIsFreedWithItsManager() {
    long after = 0;
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (NDManager own = manager.newSubManager()) {
          own.zeros(new Shape(64 * MEBI), DataType.FLOAT32); // 256 MiB
        }
        after = round == 0 ? CudaUtils.getGpuMemory(cuda).getCommitted() : after;
      }
      long grown = CudaUtils.getGpuMemory(cuda).getCommitted() - after;
      assertTrue(grown < 256 * MEBI, grown + " bytes more after " + ROUNDS + " rounds");
    }
  }

  /** What DJL copies to the CPU where a number is read goes, too. */
  @Test
  void timingLeavesNothingBehind() {
    Shape shape = new Shape(2, 3, 4, 5);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, shape, 1);
      Timing.of(LayerBlocks.of(Parsed.of("nn.ReLU()", shape)), 0, input, 2);
      assertEquals(1, manager.getManagedArrays().size());
    }
  }

  private static float[] numbers(NDArray array) {
    try (array;
        NDArray wide = array.toType(DataType.FLOAT32, true)) {
      return wide.toFloatArray();
    }
  }
}
