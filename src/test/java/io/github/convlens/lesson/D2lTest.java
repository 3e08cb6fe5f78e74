package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.convlens.ResidentMemory;
import io.github.convlens.layer.ShapeException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the helpers promise beside their numbers: axes, types, errors, ownership. */
class D2lTest {
  private static final int CALLS = 10_000;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    // d2l section 7.3 and the notebook; then sizes where height and width cannot be swapped
    "8, 8, 3, 3, 1, 1, 1, 1, 8, 8",
    "8, 8, 5, 3, 2, 1, 1, 1, 8, 8",
    "8, 8, 3, 3, 1, 1, 2, 2, 4, 4",
    "8, 8, 3, 5, 0, 1, 3, 4, 2, 2",
    "9, 14, 2, 5, 1, 0, 1, 3, 10, 4",
    "11, 6, 4, 1, 0, 2, 5, 1, 2, 10"
  })
  void compConv2dTakesTheLayersShapes(
      long h, long w, long kh, long kw, long ph, long pw, long sh, long sw, long oh, long ow) {
    Block conv2d =
        Conv2d.builder()
            .setFilters(1)
            .setKernelShape(new Shape(kh, kw))
            .optPadding(new Shape(ph, pw))
            .optStride(new Shape(sh, sw))
            .build();
    NDArray Y = D2l.compConv2d(conv2d, manager.ones(new Shape(h, w)));
    assertEquals(new Shape(oh, ow), Y.getShape());
    assertSame(manager, Y.getManager());
  }

  @Test
  void compConv2dInitialisesABlockAsTheMatrixIs() {
    Block conv2d = Conv2d.builder().setFilters(3).setKernelShape(new Shape(2, 3)).build();
    NDArray X = manager.ones(new Shape(4, 6), DataType.FLOAT64);
    NDArray Y = D2l.compConv2d(conv2d, X);
    assertEquals(new Shape(3, 3, 4), Y.getShape());
    assertEquals(DataType.FLOAT64, Y.getDataType());
    NDArray weight = conv2d.getParameters().get("weight").getArray();
    assertEquals(DataType.FLOAT64, weight.getDataType());
    assertEquals(X.getDevice(), weight.getDevice());
    float before = weight.toType(DataType.FLOAT32, true).sum().getFloat();
    D2l.compConv2d(conv2d, X);
    assertEquals(before, weight.toType(DataType.FLOAT32, true).sum().getFloat());
  }

  @Test
  void compConv2dTakesAnyBlock() {
    Block twice = new LambdaBlock(list -> new NDList(list.singletonOrThrow().mul(2)), "twice");
    NDArray X = manager.arange(6f).reshape(2, 3);
    assertEquals("[[0, 2, 4], [6, 8, 10]]", Numbers.text(D2l.compConv2d(twice, X)));
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT16", "FLOAT32", "FLOAT64"})
  void keepsTheDataType(DataType type) {
    NDArray X = manager.arange(9f).reshape(3, 3).toType(type, false);
    NDArray K = manager.arange(4f).reshape(2, 2).toType(type, false);
    NDArray Y = D2l.corr2d(X, K);
    assertEquals(type, Y.getDataType());
    assertEquals("[[19, 25], [37, 43]]", Numbers.text(Y));
    NDArray pooled = D2l.pool2d(X, new Shape(2, 2), D2l.PoolMode.AVG);
    assertEquals(type, pooled.getDataType());
    assertEquals("[[2, 3], [5, 6]]", Numbers.text(pooled));
  }

  @Test
  void oneByOneIsTheSameWithinRounding() {
    Engine.getInstance().setRandomSeed(1);
    for (long channels : new long[] {3, 16, 64}) {
      NDArray X = manager.randomNormal(new Shape(channels, 5, 7));
      NDArray K = manager.randomNormal(new Shape(2, channels, 1, 1));
      NDArray difference = D2l.corr2dMultiInOut1x1(X, K).sub(D2l.corr2dMultiInOut(X, K));
      float sum = difference.abs().sum().getFloat();
      assertEquals(0, sum, 1e-6 * channels, channels + " channels");
      assertEquals(new Shape(2, 5, 7), difference.getShape());
    }
  }

  @Test
  void poolsRectangles() {
    NDArray X = manager.arange(20f).reshape(4, 5);
    assertEquals(
        "[[11, 12, 13, 14], [16, 17, 18, 19]]",
        Numbers.text(D2l.pool2d(X, new Shape(3, 2), D2l.PoolMode.MAX)));
    assertEquals(
        "[[5.5, 6.5, 7.5, 8.5], [10.5, 11.5, 12.5, 13.5]]",
        Numbers.text(D2l.pool2d(X, new Shape(3, 2), D2l.PoolMode.AVG)));
  }

  @TestFactory
  Stream<DynamicTest> rejectsWithAReason() {
    NDArray matrix = manager.ones(new Shape(4, 5));
    NDArray three = manager.ones(new Shape(3, 4, 5));
    Map<String, Supplier<NDArray>> calls =
        Map.of(
            "X has 3 channels but K has 2: each input channel needs its own kernel.",
            () -> D2l.corr2dMultiIn(three, manager.ones(new Shape(2, 2, 2))),
            "X has 3 channels but K has 4: each input channel needs its own kernel.",
            () -> D2l.corr2dMultiInOut1x1(three, manager.ones(new Shape(2, 4, 1, 1))),
            "X must have the axes (height, width), but its shape is (3, 4, 5).",
            () -> D2l.corr2d(three, matrix),
            "K must have the axes (outChannels, inChannels, height, width), but its shape is"
                + " (4, 5).",
            () -> D2l.corr2dMultiInOut(three, matrix),
            "K has 0 output channels and 3 input channels (its shape is (0, 3, 2, 2)).\n"
                + "Use at least 1 of each.",
            () -> D2l.corr2dMultiInOut(three, manager.ones(new Shape(0, 3, 2, 2))),
            "K must be 1x1, but it is (2, 3, 1, 2). Use corr2dMultiInOut for larger kernels.",
            () -> D2l.corr2dMultiInOut1x1(three, manager.ones(new Shape(2, 3, 1, 2))),
            "X is float32 but K is float64. Convert one with toType(..., false).",
            () -> D2l.corr2d(matrix, manager.ones(new Shape(2, 2), DataType.FLOAT64)),
            "poolSize must be (height, width), not (2, 2, 2).",
            () -> D2l.pool2d(matrix, new Shape(2, 2, 2), D2l.PoolMode.MAX),
            "height: the kernel does not fit.\n"
                + "It spans 6 but the padded input is 4 (input 4 + padding 0 + 0).\n"
                + "Use padding >= 1, kernel <= 4, or an input of at least 6 here.",
            () -> D2l.corr2d(matrix, manager.ones(new Shape(6, 5))),
            "width: the kernel does not fit.\n"
                + "It spans 7 but the padded input is 5 (input 5 + padding 0 + 0).\n"
                + "Use padding >= 1, kernel <= 5, or an input of at least 7 here.",
            () -> D2l.pool2d(matrix, new Shape(4, 7), D2l.PoolMode.AVG));
    return rejected(calls);
  }

  /** Calls by the whole text with which they are refused. */
  private static Stream<DynamicTest> rejected(Map<String, Supplier<NDArray>> calls) {
    return calls.entrySet().stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    call.getKey(),
                    () -> {
                      IllegalArgumentException e =
                          assertThrows(IllegalArgumentException.class, () -> call.getValue().get());
                      assertEquals(call.getKey(), e.getMessage());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> rejectsWhatIsNotThere() {
    NDArray matrix = manager.ones(new Shape(4, 5));
    NDArray none = manager.ones(new Shape(0, 4, 5));
    return rejected(
        Map.of(
            "K has 2 output channels and 0 input channels (its shape is (2, 0, 1, 1)).\n"
                + "Use at least 1 of each.",
            () -> D2l.corr2dMultiInOut1x1(none, manager.ones(new Shape(2, 0, 1, 1))),
            "K has 1 output channels and 0 input channels (its shape is (0, 2, 2)).\n"
                + "Use at least 1 of each.",
            () -> D2l.corr2dMultiIn(none, manager.ones(new Shape(0, 2, 2))),
            "kernel must be at least 1.\nHere it is 0.\nUse kernel 1 or more.",
            () -> D2l.corr2d(matrix, manager.ones(new Shape(0, 2))),
            "height: input must be at least 1.\nHere it is 0.\nUse input 1 or more.",
            () -> D2l.pool2d(manager.ones(new Shape(0, 5)), new Shape(2, 2), D2l.PoolMode.MAX),
            "mode must be MAX or AVG, not null.",
            () -> poolInNoMode(matrix)));
  }

  @SuppressWarnings("NullAway") // what a caller without its checks does
  private static NDArray poolInNoMode(NDArray matrix) {
    return D2l.pool2d(matrix, new Shape(2, 2), null);
  }

  @TestFactory
  Stream<DynamicTest> rejectsWholeNumbersAndBooleans() {
    NDArray floats = manager.ones(new Shape(3, 4, 5));
    NDArray bytes = manager.ones(new Shape(3, 4, 5), DataType.UINT8);
    NDArray ints = manager.ones(new Shape(3, 4, 5), DataType.INT32);
    NDArray booleans = manager.ones(new Shape(4, 5), DataType.BOOLEAN);
    Block conv2d = Conv2d.builder().setFilters(1).setKernelShape(new Shape(3, 3)).build();
    return rejected(
        Map.of(
            "X is uint8, but the helpers compute with floats.\n"
                + "Sums of uint8 would wrap at 256."
                + " Convert it: X.toType(DataType.FLOAT32, false).",
            () -> D2l.corr2dMultiIn(bytes, bytes),
            "K is uint8, but the helpers compute with floats.\n"
                + "Sums of uint8 would wrap at 256."
                + " Convert it: K.toType(DataType.FLOAT32, false).",
            () -> D2l.corr2dMultiIn(floats, bytes),
            "X is int32, but the helpers compute with floats.\n"
                + "Convert it: X.toType(DataType.FLOAT32, false).",
            () -> D2l.corr2dMultiInOut(ints, manager.ones(new Shape(2, 3, 2, 2))),
            "K is int64, but the helpers compute with floats.\n"
                + "Convert it: K.toType(DataType.FLOAT32, false).",
            () ->
                D2l.corr2dMultiInOut1x1(
                    floats, manager.ones(new Shape(2, 3, 1, 1), DataType.INT64)),
            "X is boolean, but the helpers compute with floats.\n"
                + "Convert it: X.toType(DataType.FLOAT32, false).",
            () -> D2l.pool2d(booleans, new Shape(2, 2), D2l.PoolMode.MAX),
            "X is int8, but the helpers compute with floats.\n"
                + "Convert it: X.toType(DataType.FLOAT32, false).",
            () -> D2l.compConv2d(conv2d, booleans.toType(DataType.INT8, true))));
  }

  @TestFactory
  Stream<DynamicTest> compConv2dRejectsAConvolutionThatCannotTakeTheMatrix() {
    NDArray matrix = manager.ones(new Shape(4, 5));
    Conv2d.Builder tall =
        Conv2d.builder()
            .setFilters(1)
            .setKernelShape(new Shape(4, 3))
            .optPadding(new Shape(1, 0))
            .optDilation(new Shape(2, 1))
            .optStride(new Shape(2, 2));
    Block flat = Conv1d.builder().setFilters(1).setKernelShape(new Shape(3)).build();
    Conv2d wide = Conv2d.builder().setFilters(1).setKernelShape(new Shape(2, 6)).build();
    D2l.compConv2d(wide, manager.ones(new Shape(4, 6))).close();
    return rejected(
        Map.of(
            "height: the kernel does not fit.\n"
                + "It spans 7 (dilation 2 x (kernel 4 - 1) + 1) but the padded input is 6"
                + " (input 4 + padding 1 + 1).\n"
                + "Use padding >= 2, dilation 1, or an input of at least 5 here.",
            () -> D2l.compConv2d(tall.build(), matrix),
            "width: the kernel does not fit.\n"
                + "It spans 6 but the padded input is 5 (input 5 + padding 0 + 0).\n"
                + "Use padding >= 1, kernel <= 5, or an input of at least 6 here.",
            () -> D2l.compConv2d(wide, matrix),
            "conv2d must be for pictures, but its kernel is (3).\nUse a Conv2d.",
            () -> D2l.compConv2d(flat, matrix)));
  }

  /** A block in whose initialisation a second thread can arrive. */
  private static final class Slow extends AbstractBlock {
    private final AtomicInteger initialisations = new AtomicInteger();
    private final CountDownLatch second = new CountDownLatch(2);
    private final Parameter weight =
        addParameter(
            Parameter.builder()
                .setName("weight")
                .setType(Parameter.Type.WEIGHT)
                .optInitializer(Initializer.ONES)
                .optShape(new Shape(1))
                .build());

    @Override
    protected void prepare(Shape[] inputShapes) {
      initialisations.incrementAndGet();
      second.countDown();
      try {
        assertFalse(second.await(500, TimeUnit.MILLISECONDS), "two threads initialise the block");
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      return new NDList(inputs.head().mul(weight.getArray()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  @Test
  void compConv2dInitialisesABlockOnceForAllThreads() throws Exception {
    NDArray X = manager.ones(new Shape(2, 3));
    Slow block = new Slow();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<String> call = () -> Numbers.text(D2l.compConv2d(block, X));
      for (Future<String> text : threads.invokeAll(Collections.nCopies(4, call))) {
        assertEquals("[[1, 1, 1], [1, 1, 1]]", text.get());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, block.initialisations.get());
  }

  /** A product of matrices for each element of the kernel, in DJL's own calls. */
  private static NDArray bySlices(NDArray X, NDArray K) {
    Shape kernel = K.getShape();
    long h = X.getShape().get(1) - kernel.get(2) + 1;
    long w = X.getShape().get(2) - kernel.get(3) + 1;
    NDArray Y = X.getManager().zeros(new Shape(kernel.get(0), h, w));
    for (long a = 0; a < kernel.get(2); a++) {
      for (long b = 0; b < kernel.get(3); b++) {
        NDArray seen = X.get(":, " + a + ":" + (a + h) + ", " + b + ":" + (b + w));
        NDArray weights = K.get(":, :, " + a + ", " + b);
        Y = Y.add(weights.matMul(seen.reshape(seen.getShape().get(0), h * w)).reshape(-1, h, w));
      }
    }
    return Y;
  }

  @ParameterizedTest
  @CsvSource({"3, 2, 2, 3", "1, 4, 3, 1", "2, 1, 1, 1", "3, 3, 5, 7", "2, 3, 1, 4"})
  void gradientsReachThePictureAndTheKernels(long in, long out, long kh, long kw) {
    NDArray X = manager.arange(35f * in).reshape(in, 5, 7).mul(0.7).sin();
    NDArray K = manager.arange((float) (out * in * kh * kw)).reshape(out, in, kh, kw).cos();
    List<float[]> wanted = gradients(D2lTest::bySlices, X, K);
    List<float[]> seen = gradients(D2l::corr2dMultiInOut, X, K);
    assertArrayEquals(wanted.get(0), seen.get(0), 1e-4f);
    assertArrayEquals(wanted.get(1), seen.get(1), 1e-4f);
  }

  private static List<float[]> gradients(
      BinaryOperator<NDArray> correlation, NDArray picture, NDArray kernels) {
    NDArray X = picture.duplicate();
    NDArray K = kernels.duplicate();
    X.setRequiresGradient(true);
    K.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray Y = correlation.apply(X, K);
      collector.backward(Y.mul(Y).sum());
    }
    return List.of(X.getGradient().toFloatArray(), K.getGradient().toFloatArray());
  }

  @Test
  void theAxisOfAKernelThatDoesNotFitIsKnown() {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> D2l.corr2d(manager.ones(new Shape(4, 5)), manager.ones(new Shape(2, 6))));
    assertEquals(6, e.neededInput().orElseThrow());
  }

  /** One call of each helper; height, width, channels and kernel all differ. */
  private static Map<String, Supplier<NDArray>> helpers(NDManager manager) {
    NDArray picture = manager.arange(60f).reshape(3, 4, 5);
    NDArray matrix = picture.get(0);
    NDArray kernels = manager.arange(36f).reshape(2, 3, 2, 3);
    NDArray mixing = manager.arange(6f).reshape(2, 3, 1, 1);
    NDArray kernel = kernels.get(0);
    NDArray single = kernels.get("0, 0");
    Block conv2d = Conv2d.builder().setFilters(1).setKernelShape(new Shape(2, 3)).build();
    D2l.compConv2d(conv2d, matrix).close();
    return Map.of(
        "compConv2d", () -> D2l.compConv2d(conv2d, matrix),
        "corr2d", () -> D2l.corr2d(matrix, single),
        "corr2dMultiIn", () -> D2l.corr2dMultiIn(picture, kernel),
        "corr2dMultiInOut", () -> D2l.corr2dMultiInOut(picture, kernels),
        "corr2dMultiInOut1x1", () -> D2l.corr2dMultiInOut1x1(picture, mixing),
        "pool2d", () -> D2l.pool2d(matrix, new Shape(2, 3), D2l.PoolMode.MAX));
  }

  private Stream<DynamicTest> ofEachHelper(HelperTest test) {
    return helpers(manager).entrySet().stream()
        .map(helper -> DynamicTest.dynamicTest(helper.getKey(), () -> test.run(helper.getValue())));
  }

  /** What to find out about a helper. */
  private interface HelperTest {
    void run(Supplier<NDArray> helper) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> leavesNothingBehindAndChangesNothing() {
    return ofEachHelper(
        helper -> {
          List<NDArray> inputs = manager.getManagedArrays();
          List<float[]> before = inputs.stream().map(NDArray::toFloatArray).toList();
          for (int i = 0; i < CALLS; i++) {
            try (NDArray Y = helper.get()) {
              assertSame(manager, Y.getManager());
            }
          }
          assertEquals(inputs.size(), manager.getManagedArrays().size());
          for (int i = 0; i < inputs.size(); i++) {
            assertArrayEquals(before.get(i), inputs.get(i).toFloatArray());
          }
        });
  }

  /** Run with -Psoak. */
  @TestFactory
  @EnabledIfSystemProperty(named = "convlens.soak", matches = "true")
  Stream<DynamicTest> memoryStaysFlat() {
    return ofEachHelper(helper -> ResidentMemory.assertStaysFlat(() -> helper.get().close()));
  }
}
