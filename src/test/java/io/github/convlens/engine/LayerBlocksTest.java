package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import io.github.convlens.ResidentMemory;
import io.github.convlens.engine.internal.ChannelsLast;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.engine.internal.Scratch;
import io.github.convlens.engine.internal.Timing;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(OneThread.class)
class LayerBlocksTest {
  /** One of each: DJL's blocks, ours with weights, ours without, branches. */
  private static final String NET =
      "nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 4, (4, 3), padding='same',"
          + " padding_mode='circular'), nn.GroupNorm(2, 4), nn.PReLU(4),"
          + " nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), nn.Dropout2d(0.5), nn.Mish(),"
          + " nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),"
          + " Residual(nn.Conv2d(6, 6, 3, padding=1), nn.Identity()),"
          + " Concat(nn.Conv2d(6, 2, 1), nn.MaxPool2d(3, 1, 1)),"
          + " nn.LocalResponseNorm(3), nn.LayerNorm(8), nn.Upsample(scale_factor=1.5,"
          + " mode='bilinear'), nn.Flatten(), nn.LazyLinear(5))";

  private static final Shape SHAPE = new Shape(2, 3, 6, 7);

  private static Block initialized(NDManager manager, String notation, Shape input) {
    Block block = Parsed.block(notation, input);
    PyTorchInit.seeded(7).initialize(block, manager, Precision.FLOAT32, input);
    return block;
  }

  /** What PyTorch makes of 0, 1, 2, 3, 4: it extends first, then cuts off. */
  @ParameterizedTest
  @CsvSource({
    "'CircularPad2d((-1, -1, 0, 0))', 1 2 3",
    "'ReflectionPad2d((-1, 2, 0, 0))', 1 2 3 4 3 2",
    "'ReflectionPad2d((3, -3, 0, 0))', 3 2 1 0 1",
    "'ReplicationPad2d((2, -1, 0, 0))', 0 0 0 1 2 3",
    "'ReplicationPad2d((-3, 3, 0, 0))', 3 4 4 4 4",
  })
  void negativePaddingCutsOff(String layer, String expected) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray y =
          LayerBlocks.forward(
              LayerBlocks.of(layer), manager.arange(5f).reshape(new Shape(1, 1, 1, 5)));
      String numbers =
          IntStream.range(0, (int) y.size())
              .mapToObj(i -> "" + (int) y.toFloatArray()[i])
              .collect(Collectors.joining(" "));
      assertEquals(expected, numbers);
    }
  }

  @Test
  void whereDjlHasTheBlockItIsDjls() {
    assertSame(Conv2d.class, only("nn.Conv2d(2, 3, 3, 2, 1)").getClass());
    assertSame(Linear.class, only("nn.Linear(7, 3)").getClass());
    assertSame(BatchNorm.class, only("nn.BatchNorm2d(3)").getClass());
    Block net = Parsed.block(NET, SHAPE);
    assertSame(BatchNorm.class, net.getChildren().valueAt(0).getClass());
    assertEquals("098.main", net.getChildren().keyAt(8));
    assertSame(Conv2d.class, net.getChildren().valueAt(8).getClass());
  }

  private static Block only(String layer) {
    return LayerBlocks.of(layer).getChildren().valueAt(0);
  }

  /** The reasons for blocks of ours. When one of these fails, DJL has changed: drop the block. */
  @Test
  void whatDjlLacksItStillLacks() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray ones = manager.ones(new Shape(1, 1, 2, 2));
      Shape two = new Shape(2, 2);
      Shape one = new Shape(1, 1);
      NDArray mean = Pool.avgPool2d(ones, two, one, one, false, false);
      assertEquals(0.25f, mean.getFloat(0, 0, 0, 0), "DJL counts the padding: PyTorch says 1");
      NDList input = new NDList(ones);
      ParameterStore store = new ParameterStore(manager, false);
      Block slopes = new Prelu();
      Block transposed = Conv2dTranspose.builder().setKernelShape(two).setFilters(1).build();
      for (Block block : List.of(slopes, transposed)) {
        block.setInitializer(Initializer.ONES, parameter -> true);
        block.initialize(manager, DataType.FLOAT32, ones.getShape());
        assertThrows(UnsupportedOperationException.class, () -> block.forward(store, input, false));
      }
    }
  }

  @Test
  void aLazyLayerMustBeResolved() {
    LayerSpec lazy = PyTorch.parse("nn.LazyConv2d(4, 3)").layer();
    assertEquals(
        """
        a lazy layer takes its channels from its input.
        LazyConv2d has not seen an input yet, so its parameters are not known.
        Call resolve(input) first.\
        """,
        assertThrows(ShapeException.class, () -> LayerBlocks.of(lazy)).getMessage());
  }

  @Test
  void aWrongInputIsRejectedBeforeTheEngineSeesIt() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = initialized(manager, NET, SHAPE);
      NDArray input = manager.ones(new Shape(2, 4, 6, 7));
      assertEquals(
          """
          layer 0, BatchNorm2d(3): the input has the wrong number of channels.
          num_features is 3 but the input has 4: [2, 4, 6, 7].
          Use num_features=4, or an input of 3 channels.\
          """,
          assertThrows(ShapeException.class, () -> LayerBlocks.forward(block, input)).getMessage());
    }
  }

  /** Neither inference nor training leaves an array behind that is not the output. */
  @TestFactory
  Stream<DynamicTest> leavesNothingBehind() throws IOException {
    return PyTorchValuesTest.cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> checkLeaks(c.layer(), c.input())));
  }

  private static void checkLeaks(String notation, Shape shape) {
    try (NDManager manager = NDManager.newBaseManager();
        NDManager own = manager.newSubManager()) {
      Block block = initialized(own, notation, shape);
      NDArray input = manager.ones(shape);
      int weights = own.getManagedArrays().size();
      LayerBlocks.forward(block, input).close();
      assertEquals(1, count(manager, own));
      for (boolean training : new boolean[] {false, true}) {
        ParameterStore store = new ParameterStore(manager, false);
        NDList output = block.forward(store, new NDList(input), training);
        assertTrue(count(manager, own) <= 2);
        if (output.head() != input) {
          output.close();
        }
        assertEquals(1, count(manager, own), "training: " + training);
      }
      assertEquals(weights, own.getManagedArrays().size());
      assertEquals(shape, input.getShape());
    }
  }

  private static int count(NDManager manager, NDManager without) {
    return manager.getManagedArrays().size() - without.getManagedArrays().size();
  }

  @Test
  void otherOperationsLeaveNothingBehindEither() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = RandomInput.of(manager, Precision.FLOAT16, SHAPE, 1);
      assertEquals(1, manager.getManagedArrays().size());
      ChannelsLast.of(input).close();
      Verification.of(Parsed.of(NET, SHAPE), manager, Precision.FLOAT64, 1);
      assertEquals(1, manager.getManagedArrays().size());
      Block block = LayerBlocks.of("nn.ReLU()");
      Timing.of(block, 0, input, 2);
      BlockTrace.of(block, SHAPE);
      assertEquals(1, manager.getManagedArrays().size());
    }
  }

  /** Run with -Psoak: a hundred thousand calls, resident memory flat. */
  @Test
  @EnabledIfSystemProperty(named = "convlens.soak", matches = "true")
  void memoryStaysFlat() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = initialized(manager, NET, SHAPE);
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, SHAPE, 1);
      int arrays = manager.getManagedArrays().size();
      ResidentMemory.assertStaysFlat(() -> LayerBlocks.forward(block, input).close());
      assertEquals(arrays, manager.getManagedArrays().size());
    }
  }

  @Test
  void sixteenThreadsShareABlockAndAnInput() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = initialized(manager, NET, SHAPE);
      List<NDArray> inputs =
          IntStream.range(0, 4)
              .mapToObj(seed -> RandomInput.of(manager, Precision.FLOAT32, SHAPE, seed))
              .toList();
      List<double[]> expected = inputs.stream().map(input -> run(block, input)).toList();
      int arrays = manager.getManagedArrays().size();
      List<Callable<double[]>> work = new ArrayList<>();
      for (int i = 0; i < 320; i++) {
        NDArray input = inputs.get(i % 4);
        work.add(() -> run(block, input));
      }
      List<Future<double[]>> results = threads.invokeAll(work);
      for (int i = 0; i < results.size(); i++) {
        assertArrayEquals(expected.get(i % 4), results.get(i).get(), 1e-6);
      }
      assertEquals(arrays, manager.getManagedArrays().size());
    } finally {
      threads.shutdown();
    }
  }

  /**
   * DJL leaves recording on in every thread but one; recorded outputs keep the whole pass alive.
   */
  @Test
  void inferenceRecordsNothingInAnyThread() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = initialized(manager, NET, SHAPE);
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, SHAPE, 1);
      ParameterStore store = new ParameterStore(manager, false);
      Callable<NDArray> djls = () -> block.forward(store, new NDList(input), false).head();
      assertTrue(thread.submit(() -> isRecorded(djls.call())).get());
      assertFalse(thread.submit(() -> isRecorded(LayerBlocks.forward(block, input))).get());
    } finally {
      thread.shutdown();
    }
  }

  private static boolean isRecorded(NDArray output) {
    NDArray ones = output.getManager().ones(output.getShape());
    try {
      JniUtils.backward((PtNDArray) output, (PtNDArray) ones, false, false);
      return true;
    } catch (EngineException e) {
      assertTrue(e.getMessage().contains("does not require grad"), e.getMessage());
      return false;
    }
  }

  private static double[] run(Block block, NDArray input) {
    try (NDArray output = LayerBlocks.forward(block, input)) {
      return Rule.doubles(output);
    }
  }

  @Test
  void savedAndLoadedItComputesTheSame(@TempDir Path folder)
      throws IOException, MalformedModelException {
    try (NDManager manager = NDManager.newBaseManager();
        Model saved = Model.newInstance("net");
        Model loaded = Model.newInstance("net")) {
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, SHAPE, 3);
      Block block = initialized(saved.getNDManager(), NET, SHAPE);
      saved.setBlock(block);
      // A training pass moves the running statistics, so that they are not their first values.
      block.forward(new ParameterStore(saved.getNDManager(), false), new NDList(input), true);
      saved.save(folder, "net");
      loaded.setBlock(Parsed.block(NET, SHAPE));
      loaded.load(folder, "net");
      assertArrayEquals(run(block, input), run(loaded.getBlock(), input));
      assertEquals(block.getParameters().keys(), loaded.getBlock().getParameters().keys());
    }
  }

  /** mean 2.5, unbiased variance 5/3: 0.9 x 0 + 0.1 x 2.5 and 0.9 x 1 + 0.1 x 5/3. */
  @Test
  void momentumIsTheShareOfTheNewBatch() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 1, 2, 2);
      Block block = initialized(manager, "nn.BatchNorm2d(1)", shape);
      NDArray input = manager.create(new float[] {1, 2, 3, 4}, shape);
      block.forward(new ParameterStore(manager, false), new NDList(input), true);
      assertEquals(0.25, block.getParameters().get("running_mean").getArray().getFloat(), 1e-6);
      assertEquals(
          0.9 + 0.5 / 3, block.getParameters().get("running_var").getArray().getFloat(), 1e-6);
    }
  }

  @Test
  void channelDropoutDropsWholeChannelsWhileTraining() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(4, 50, 2, 3);
      Block block = initialized(manager, "nn.Dropout2d(0.25)", shape);
      ParameterStore store = new ParameterStore(manager, false);
      NDArray ones = manager.ones(shape);
      double[] output = Rule.doubles(block.forward(store, new NDList(ones), true).head());
      int dropped = 0;
      for (int channel = 0; channel < 200; channel++) {
        double first = output[channel * 6];
        assertTrue(first == 0 || Math.abs(first - 4.0 / 3) < 1e-6);
        for (int i = 1; i < 6; i++) {
          assertEquals(first, output[channel * 6 + i]);
        }
        dropped += first == 0 ? 1 : 0;
      }
      assertTrue(dropped > 20 && dropped < 90, "dropped " + dropped + " of 200, expected 50");
    }
  }

  @Test
  void channelsLastComputesTheSame() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = initialized(manager, NET, SHAPE);
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, SHAPE, 4);
      NDArray last = ChannelsLast.of(input);
      assertEquals(input.getShape(), last.getShape());
      assertArrayEquals(input.toFloatArray(), last.toFloatArray());
      assertArrayEquals(run(block, input), run(block, last), 1e-5);
      assertTrue(isChannelsLast(last));
      assertTrue(isChannelsLast(Scratch.view(last, manager)));
      assertFalse(isChannelsLast(input));
      NDArray flat = manager.ones(new Shape(2, 3));
      assertEquals(
          """
          channels-last memory is for pictures (batch, channels, height, width).
          This array has 2 axes: (2, 3).
          Use an array of four axes.\
          """,
          assertThrows(IllegalArgumentException.class, () -> ChannelsLast.of(flat)).getMessage());
    }
  }

  /** Flattening (batch, height, width, channels) makes a copy unless memory lies so already. */
  private static boolean isChannelsLast(NDArray pictures) {
    NDArray flat = pictures.transpose(0, 2, 3, 1).reshape(-1);
    float before = flat.getFloat(0);
    pictures.muli(2);
    return flat.getFloat(0) == 2 * before;
  }

  @Test
  void channelsLastIsACopyEvenOfOneChannel() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = manager.ones(new Shape(1, 1, 2, 3));
      NDArray last = ChannelsLast.of(input);
      input.muli(5);
      assertEquals(6, last.sum().getFloat());
    }
  }

  @Test
  void timingMeasuresAMedianAndAShare() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 16, 40, 30);
      LayerSpec convolution = Parsed.layer("nn.Conv2d(16, 32, 3)", shape);
      Block block = LayerBlocks.of(convolution);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT32, shape);
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, shape, 1);
      Timing timing = Timing.of(block, convolution.macs(shape), input, 5);
      assertEquals(5, timing.runs());
      assertEquals(38 * 28 * 32 * 144, timing.macs());
      assertTrue(timing.seconds() > 0 && timing.peak() > 1e8, timing.toString());
      assertNotEquals(0, timing.share());
      assertEquals(
          "a median needs at least one run.\nHere runs is 0.\nUse runs >= 1.",
          assertThrows(IllegalArgumentException.class, () -> Timing.of(block, 1, input, 0))
              .getMessage());
    }
    assertEquals(
        "median of 20 runs 2.00 ms, 0.900 G multiply-adds/s, 45 % of the measured peak of 2.00 G",
        new Timing(20, 0.002, 1_800_000, 2e9).toString());
  }
}
