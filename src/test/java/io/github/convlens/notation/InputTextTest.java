package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes as people write them. */
class InputTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3x24x32",
        "3X24X32",
        "3\u00d724\u00d732",
        "3*24*32",
        "3 x 24 x 32",
        "3,24,32",
        "(3, 24, 32)",
        "(3, 24, 32,)",
        "[3, 24, 32]",
        "torch.Size([3, 24, 32])",
        " 3x24x32 ",
        "\uff083\uff0c24\uff0c32\uff09",
        "\uff13\uff58\uff12\uff14\uff58\uff13\uff12"
      })
  void oneShapeIsWrittenInManyWays(String text) {
    assertEquals(List.of(3L, 24L, 32L), InputSize.parse(text).sizes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "3x",
        "x3",
        "3,24x32",
        "3 24 32",
        "(3, 24",
        "3, 24)",
        "3,24,",
        "3xx24",
        "-3x24",
        "Nx3x24x32",
        "3.0x24",
        "0x3",
        "1x2x3x4x5x6",
        "99999999999999999999"
      })
  void whatIsNoShapeIsQuoted(String text) {
    NotationException error = assertThrows(NotationException.class, () -> InputSize.parse(text));
    assertEquals(
        "'"
            + text
            + "' is not an input. Use HxW, CxHxW or NxCxHxW with sizes from 1, such as 8x8,"
            + " 3x224x224 or 1x3x224x224; L or DxHxW in place of HxW for layers of one or three"
            + " axes.",
        error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "nn.Conv2d(3, 8, 3)~1,3,24,24~24x24",
        "nn.Sequential(nn.ReLU(), nn.Conv2d(3, 8, 3))~1,3,24,24~24x24",
        "nn.Conv3d(3, 8, 3)~1,3,24,24,24~24x24x24",
      })
  void oneSizeIsThatOfEveryAxis(String layers, String shape, String whole) {
    Graph graph = PyTorch.parse(layers);
    InputSize size = InputSize.parse("24");
    assertEquals(InputText.sizes(shape).orElseThrow(), InputSize.of(size.shapeFor(graph)).sizes());
    assertEquals(
        Optional.of("The input 24 is taken for " + whole + ", the same on every axis."),
        size.noteOn(graph).map(note -> note.text()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "nn.Conv1d(3, 8, 3)~1,3,24",
        "nn.Linear(24, 8)~1,24",
        "nn.Sequential(nn.Linear(24, 48), nn.Unflatten(1, (3, 4, 4)), nn.Conv2d(3, 8, 3))~1,24",
      })
  void oneSizeIsOneAxisElsewhere(String layers, String shape) {
    Graph graph = PyTorch.parse(layers);
    InputSize size = InputSize.parse("24");
    assertEquals(InputText.sizes(shape).orElseThrow(), InputSize.of(size.shapeFor(graph)).sizes());
    assertEquals(Optional.empty(), size.noteOn(graph));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "nn.Conv2d(3, 8, 3)~24x32x3~HxW~24~3x24x32",
        "nn.Conv2d(3, 8, 3)~1x24x32x3~HxW~24~1x3x24x32",
        "nn.Conv1d(3, 8, 3)~24x3~L~24~3x24",
        "nn.Conv3d(3, 8, 3)~16x24x32x3~DxHxW~16~3x16x24x32",
      })
  void channelsBehindAreSeenAndNotMoved(
      String layer, String size, String order, long given, String right) {
    Graph graph = PyTorch.parse(layer);
    NotationException error =
        assertThrows(NotationException.class, () -> InputSize.parse(size).shapeFor(graph));
    assertEquals(
        ("'" + size + "' seems to have its channels last, " + order + "xC: ")
            + (graph.layer().type() + " takes 3 channels, not " + given)
            + (".\nPyTorch's order is Cx" + order + ". Use " + right + "."),
        error.getMessage());
  }

  @Test
  void threeRowsOfAPictureAreNoChannels() {
    Graph graph = PyTorch.parse("nn.Conv2d(3, 8, 3)");
    assertEquals(new Shape(1, 3, 3, 3), InputSize.parse("3x3x3").shapeFor(graph));
    assertEquals(new Shape(1, 5, 24, 32), InputSize.parse("5x24x32").shapeFor(graph));
  }
}
