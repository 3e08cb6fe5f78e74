package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The channels of an input without them, where layers in front change their number. */
class FirstChannelsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3    | nn.Sequential(nn.PixelUnshuffle(8), nn.Conv2d(192, 8, 3))
          12   | nn.Sequential(nn.PixelShuffle(2), nn.Conv2d(3, 8, 3))
          192  | nn.Sequential(nn.PixelShuffle(8), nn.BatchNorm2d(3))
          6    | nn.Sequential(nn.GLU(1), nn.Conv2d(3, 8, 3))
          24   | nn.Sequential(nn.GLU(1), nn.PixelShuffle(2), nn.ReLU(), nn.ConvTranspose2d(3, 8, 3))
          12   | nn.Sequential(nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.Conv2d(12, 8, 3))
          4    | nn.Sequential(Concat(nn.ReLU(), nn.Tanh()), nn.Conv2d(8, 8, 3))
          3    | nn.Sequential(nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 8, 3))
          3    | nn.Conv2d(3, 8, 3)
          1    | nn.ReLU()
          """)
  void areFollowedBack(long channels, String layers) {
    Graph graph = PyTorch.parse(layers);
    assertEquals(new Shape(1, channels, 24, 24), InputSize.parse("24x24").shapeFor(graph), layers);
    assertEquals(channels, InputSize.anyFor(graph).get(1), layers);
  }

  @Test
  void areDemandedWhereNoNumberOfThemFits() {
    Graph graph = PyTorch.parse("nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(3, 8, 3))");
    InputSize size = InputSize.parse("24x24");
    assertEquals(
        "'24x24' leaves the channels out, and they cannot be told: Conv2d takes 3, and what runs in"
            + " front of it changes their number.\nGive them, CxHxW.",
        assertThrows(NotationException.class, () -> size.shapeFor(graph)).getMessage());
  }
}
