package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.convlens.graph.Note;
import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Trace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** timm's layers, each printed alone, against PyTorch's answers. */
class TimmLayersTest {
  static Stream<String[]> layers() {
    return Oracle.table("timm_layers.tsv").stream();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aPrintHasPyTorchsAnswer(
      String input, String output, String parameters, String macs, String print) {
    Trace trace =
        Trace.of(
            PyTorch.parse(print.replace('|', '\n')), Oracle.shape(input), Convention.TORCHVISION);
    assertEquals(Oracle.shape(output), trace.output());
    assertEquals(Long.parseLong(parameters), trace.totals().parameters());
    assertEquals(Long.parseLong(macs), trace.totals().cost());
  }

  @Test
  void whatAPrintOfABlurHidesIsAssumed() {
    assertEquals(
        List.of("BlurPool2d: its filter is 3x3, its stride 2 and its padding reflected."),
        PyTorch.parse("BlurPool2d()").notes().stream().map(Note::toString).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CondConv2d()|its channels, kernel and stride are not shown
          EvoNorm2dS0()|whether it has an activation, which learns, is not shown
          SelectAdaptivePool2d(pool_type=fast, flatten=Identity())|whether a fast pool flattens is not shown
          """)
  void whatAPrintHidesAndAnAnswerNeedsIsRefused(String print, String reason) {
    String type = print.substring(0, print.indexOf('('));
    assertEquals(
        "line 1, column 1: "
            + type
            + " cannot be read from a print: "
            + reason
            + ".\n"
            + "  "
            + print
            + "\n  ^\n"
            + NotKnown.EXPORT,
        assertThrows(NotationException.class, () -> PyTorch.parse(print)).getMessage());
  }
}
