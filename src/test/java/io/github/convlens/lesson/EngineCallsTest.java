package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes the helpers fast: how often they call the engine, and that pictures do not matter. */
class EngineCallsTest {
  @TempDir Path folder;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Map<String, Integer> calls(Supplier<NDArray> helper) throws IOException {
    helper.get().close();
    return EngineCalls.of(folder, () -> helper.get().close());
  }

  @Test
  void compConv2dIsOneConvolution() throws IOException {
    Block conv2d = Conv2d.builder().setFilters(1).setKernelShape(new Shape(2, 3)).build();
    NDArray X = manager.ones(new Shape(8, 9));
    assertEquals(
        Map.of("aten::reshape", 2, "aten::conv2d", 1), calls(() -> D2l.compConv2d(conv2d, X)));
  }

  /**
   * A product of matrices for each column of the kernel, on a slice of rows that are copied once;
   * no convolution.
   */
  private static Map<String, Integer> correlation(int columns, int reshapes) {
    return Map.of(
        "aten::reshape", reshapes,
        "aten::unfold", 1,
        "aten::transpose", 1,
        "aten::permute", 1,
        "aten::flatten", 3,
        "aten::select", columns,
        "aten::slice", columns,
        "aten::mm", 1,
        "aten::addmm_", columns - 1,
        "aten::as_strided", 1);
  }

  @ParameterizedTest
  @CsvSource({"8, 9, 2, 3", "64, 48, 2, 3", "8, 9, 4, 5"})
  void aProductForEachColumnWhateverThePicture(long h, long w, long kh, int kw) throws IOException {
    NDArray X = manager.ones(new Shape(h, w));
    NDArray K = manager.ones(new Shape(kh, kw));
    assertEquals(correlation(kw, 3), calls(() -> D2l.corr2d(X, K)));
  }

  @Test
  void channelsAddNoCalls() throws IOException {
    NDArray X = manager.ones(new Shape(16, 8, 9));
    NDArray K = manager.ones(new Shape(32, 16, 2, 3));
    assertEquals(correlation(3, 2), calls(() -> D2l.corr2dMultiInOut(X, K)));
    NDArray first = K.get(0);
    assertEquals(correlation(3, 3), calls(() -> D2l.corr2dMultiIn(X, first)));
  }

  @Test
  void mixingChannelsIsOneProduct() throws IOException {
    NDArray X = manager.ones(new Shape(16, 8, 9));
    NDArray K = manager.ones(new Shape(32, 16, 1, 1));
    assertEquals(
        Map.of("aten::reshape", 3, "aten::matmul", 1), calls(() -> D2l.corr2dMultiInOut1x1(X, K)));
  }

  @Test
  void poolingIsOneReduction() throws IOException {
    NDArray X = manager.ones(new Shape(8, 9));
    assertEquals(
        Map.of("aten::reshape", 2, "aten::slice", 18, "aten::stack", 1, "aten::max", 1),
        calls(() -> D2l.pool2d(X, new Shape(2, 3), D2l.PoolMode.MAX)));
  }
}
