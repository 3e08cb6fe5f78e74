package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.util.cuda.CudaUtils;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.program.Program;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
  @CsvSource({"lenet", "squeezenet1_0", "resnet18"})
  void everyLayerAgrees(String net) {
    Shape input = Presets.input(net);
    Shaped network = Shapes.infer(PyTorch.parse(Presets.text(net)), input);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      Verification verification = Verification.of(network, manager, Precision.FLOAT32, 1);
      assertTrue(verification.agrees(), verification::toString);
      assertEquals(0, manager.getManagedArrays().size());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Precision.class)
  void channelsLastGivesTheSame(Precision precision) {
    Shape shape = new Shape(2, 16, 9, 14);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      Block block = LayerBlocks.of("nn.Conv2d(16, 24, (3, 5), padding=(1, 2))");
      PyTorchInit.seeded(1).initialize(block, manager, precision, shape);
      NDArray first = RandomInput.of(manager, precision, shape, 2);
      NDArray last = ChannelsLast.of(first);
      float[] wanted = numbers(LayerBlocks.forward(block, first));
      float tolerance = precision == Precision.FLOAT64 ? 1e-6f : 1e-2f; // TF32 and half: 11 bits
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

  private static float[] numbers(NDArray array) {
    try (array;
        NDArray wide = array.toType(DataType.FLOAT32, true)) {
      return wide.toFloatArray();
    }
  }
}
