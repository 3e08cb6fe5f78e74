package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine says to the claims about work. */
class MeasurementsTest {
  @Test
  void theEngineMultipliesAsOftenAsCounted() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Measurement measurement = measure(Claims.of(9, 3, 2, 5, 1), manager);
      assertTrue(measurement.agrees());
      assertTrue(
          measurement
              .lines()
              .get(0)
              .matches(" 2 layers of 3x3: median of 7 runs [0-9.]+ ms, fastest [0-9.]+ ms"),
          measurement.lines().get(0));
      assertTrue(
          measurement
              .lines()
              .get(2)
              .matches("time [0-9.]+ to 1, multiply-adds 0\\.72 to 1(\\.|: here and now .*)"),
          measurement.lines().get(2));
      assertEquals(List.of(), manager.getManagedArrays());
    }
  }

  @Test
  void countsTheEnginesMultiplyAdds() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      TimedStack stack = new TimedStack(manager, new Shape(1, 4, 6, 9), 3, 2);
      assertEquals(2 * (4 * 6 * 9) * (4 * 3 * 3), stack.multiplyAdds());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, kernel, stride, influence of the convolution's, of the pool's pixels
    "7, 10, 2, 3, 24, 6",
    "8, 11, 2, 2, 80, 20",
    "9, 13, 3, 5, 54, 6"
  })
  void theGradientFindsThePixelsThatCount(
      int height, int width, int kernel, int stride, long read, long winners) {
    Shape shape = new Shape(1, 1, height, width);
    Windows window = Windows.of(Size.square(kernel)).withStride(Size.square(stride));
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Influence convolution = Influence.of(manager, ConvSpec.of(1, 1, window), shape);
      assertEquals((long) height * width - read, convolution.without());
      Influence pool = Influence.of(manager, new MaxPoolSpec(window, Rounding.FLOOR), shape);
      assertEquals((long) height * width - winners, pool.without());
    }
  }

  @Test
  void whatIsLostAgreesWithTheEngine() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Measurement measurement = measure(Claims.of(12), manager);
      assertTrue(measurement.agrees());
      assertEquals(
          List.of(
              "Conv2d(1, 1, kernel_size=(2, 2), stride=(3, 3)): 46 of 70 pixels have no influence",
              "Conv2d(1, 1, kernel_size=(3, 3), padding=(1, 1)): 0 of 70 pixels have no influence",
              "  with a 1 in the middle of its kernel and 0 around it, it returns the picture: yes",
              "MaxPool2d(kernel_size=2): 55 of 70 pixels have no influence"),
          measurement.lines());
      assertEquals(List.of(), manager.getManagedArrays());
    }
  }

  private static Measurement measure(Claim claim, NDManager manager) {
    return claim.onEngine().orElseThrow().measure(manager);
  }
}
