package io.github.convlens.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.PyTorch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of {@code --assume}, and where they may stand. */
class AssumptionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pool2 | pool2 | MaxPool2d(kernel_size=2) | [2, 3, 5, 5]",
        "pool3s2 | pool3s2 | MaxPool2d(kernel_size=3, stride=2) | [2, 3, 4, 4]",
        "pool3s2p0 | pool3s2 | MaxPool2d(kernel_size=3, stride=2) | [2, 3, 4, 4]",
        "pool3s2p1 | pool3s2p1 | MaxPool2d(kernel_size=3, stride=2, padding=1) | [2, 3, 5, 5]",
        "avg9s1p4 | avg9s1p4 | AvgPool2d(kernel_size=9, stride=1, padding=4, ceil_mode=False) | [2, 3, 10, 10]",
        "adaptive10 | adaptive10 | AdaptiveAvgPool2d(output_size=10) | [2, 3, 10, 10]",
        "mean | mean | mean([2, 3]) | [2, 3]",
        "flatten | flatten | Flatten() | [2, 300]"
      })
  void words(String word, String text, String layer, String output) {
    AssumedCall call = AssumedCall.of(word).orElseThrow();
    assertEquals(text, call.toString());
    assertEquals(word.replaceAll("\\d.*", ""), call.type());
    Shape input = new Shape(2, 3, 10, 10);
    assertEquals(layer, call.resolve(input).toString());
    assertEquals(output, ShapeText.listed(call.output(input)));
  }

  @Test
  void asManyAxesAsTheInputHas() {
    AssumedCall call = AssumedCall.of("pool2").orElseThrow();
    assertEquals("MaxPool1d(kernel_size=2)", call.resolve(new Shape(2, 3, 8)).toString());
    assertEquals("MaxPool3d(kernel_size=2)", call.resolve(new Shape(2, 3, 8, 8, 8)).toString());
    assertEquals("MaxPool1d(kernel_size=2)", call.resolve(new Shape(2, 3)).toString());
    assertEquals("MaxPool3d(kernel_size=2)", call.resolve(new Shape(1, 1, 1, 1, 1, 1)).toString());
  }

  @Test
  void numbersOfNineDigits() {
    assertEquals("pool999999999", AssumedCall.of("pool999999999").orElseThrow().toString());
    assertEquals(Optional.empty(), AssumedCall.of("pool1000000000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pool",
        "pool2s",
        "pool2p1",
        "pools2",
        "pool2s1p",
        "pool2x",
        "pool/",
        "pool:",
        "pool-2",
        "mean2",
        "flatten1",
        "adaptive",
        "adaptive2s1",
        "max2"
      })
  void noWords(String word) {
    assertEquals(Optional.empty(), AssumedCall.of(word));
  }

  @Test
  void callsAtPaths() {
    assertEquals(new Assumption("p", "c"), Assumption.parse("p@c"));
    assertEquals(new Assumption("pool2", "a@b"), Assumption.parse("pool2@a@b"));
    for (String wrong : List.of("@conv", "pool2@", "pool2", "@")) {
      assertEquals(
          "'" + wrong + "' is not of the form CALL@PATH, such as pool2@conv2.",
          assertThrows(IllegalArgumentException.class, () -> Assumption.parse(wrong)).getMessage());
    }
  }

  /** Twelve places are named, of more the first twelve. */
  @Test
  void placesThatThereAre() {
    String twelve = IntStream.range(0, 12).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    String rule =
        "'c99' is not a place where forward may call more than the print shows. The places are ";
    assertEquals(rule + twelve + ".", noPlace(12));
    assertEquals(rule + twelve + ", ....", noPlace(13));
  }

  private static String noPlace(int convolutions) {
    Graph graph =
        PyTorch.parse(
            IntStream.range(0, convolutions)
                .mapToObj(i -> "c" + i + "=Conv2d(4,4,3)")
                .collect(Collectors.joining("\n")));
    List<Assumption> elsewhere = List.of(new Assumption("pool2", "c99"));
    return assertThrows(IllegalArgumentException.class, () -> Assumption.put(graph, elsewhere))
        .getMessage();
  }

  /** What was put in in front of a Linear that does not fit, in the order in which it runs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pool@conv1 pool@conv2 | pool@conv1 pool@conv2
          pool@conv2 pool@conv1 relu@conv1 | pool@conv1 relu@conv1 pool@conv2
          pool@conv2 relu@conv2 relu@conv1 pool@fc | relu@conv1 pool@conv2 relu@conv2
          avg1@conv2 relu@conv2 relu@conv1 | relu@conv1 avg1@conv2 relu@conv2
          pool03s2p0@block pool@block | pool3s2@block pool@block
          relu@block avg1@block.conv | relu@block avg1@block.conv
          avg1@block.conv relu@block | avg1@block.conv relu@block
          relu@fc |
          avg1@conv(1x1) relu@conv(1x1) | avg1@conv(1x1) relu@conv(1x1)
          """)
  void callsInFrontOfALayer(String calls, String inFront) {
    Graph graph =
        PyTorch.parse(
            "Net((conv1): Conv2d(3, 4, 3) (block): Block((conv): Conv2d(4, 4, 3)) (conv2): Conv2d(4,"
                + " 8, 3) ('conv(1x1)'): Conv2d(8, 8, 1) (relu): ReLU() (pool): MaxPool2d(2) (fc):"
                + " Linear(8, 2))");
    Graph put =
        Assumption.put(graph, Arrays.stream(calls.split(" ")).map(Assumption::parse).toList());
    assertEquals(
        inFront == null ? "" : inFront,
        Assumption.inFrontOf(put, "fc").stream()
            .map(Assumption::toString)
            .collect(Collectors.joining(" ")));
  }
}
