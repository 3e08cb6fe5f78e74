package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.AvgPoolSpec.Divisor;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class VerificationTest {
  private static String resource(String name) throws IOException {
    try (InputStream in =
        VerificationTest.class.getResourceAsStream("/io/github/convlens/oracles/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Shape shape(String text) {
    return new Shape(Stream.of(text.split("x")).mapToLong(Long::parseLong).toArray());
  }

  private static Verification verify(String notation, Precision precision, Shape input) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Verification verification =
          Verification.of(Parsed.of(notation, input), manager, precision, 5);
      assertEquals(List.of(), manager.getManagedArrays());
      return verification;
    }
  }

  /** PyTorch's own answers, not the arithmetic's, are the shapes to match. */
  @Test
  void everyRandomLayerAgreesWithItsDefinition() throws IOException {
    int rows = 0;
    for (String line : resource("random_layers.tsv").lines().toList()) {
      String[] fields = line.split("\t");
      if (fields[2].equals("error")) {
        continue;
      }
      Verification verification = verify(fields[1], Precision.FLOAT32, shape(fields[0]));
      assertTrue(verification.agrees(), line + "\n" + verification);
      Check check = verification.checks().get(0);
      assertEquals(fields[2], java.util.Arrays.toString(check.actual().getShape()), line);
      assertEquals(check.actual().size(), check.compared(), line);
      rows++;
    }
    assertEquals(441, rows);
  }

  @Test
  void resnet18AgreesLayerByLayer() throws IOException {
    Verification verification =
        verify(
            resource("pytorch_prints/resnet18.txt"), Precision.FLOAT32, new Shape(1, 3, 224, 224));
    assertTrue(verification.agrees(), verification.toString());
    Trace trace =
        Trace.of(
            Parsed.of(resource("pytorch_prints/resnet18.txt"), new Shape(1, 3, 224, 224)),
            Convention.TORCHVISION);
    assertEquals(
        trace.rows().stream().map(row -> row.path() + " " + row.output()).toList(),
        verification.checks().stream().map(check -> check.path() + " " + check.actual()).toList());
    assertEquals("layer4.1.conv2", verification.checks().get(62).path());
    assertTrue(verification.checks().get(62).isSampled());
    for (Check check : verification.checks()) {
      assertTrue(check.isCompared(), check.path());
      assertTrue(check.tolerance() < 2e-5, check.path());
    }
    long sampled = verification.checks().stream().filter(Check::isSampled).count();
    assertEquals(
        "69 of 69 layers agree, " + sampled + " of them at a sample of positions",
        verification.toString().lines().reduce("", (all, line) -> line));
  }

  /** What PyTorch cannot write: another padding at each side, ONNX's automatic ones. */
  @Test
  void paddingsThatPyTorchLacksAgreeWithTheDefinition() {
    List<Padding> paddings =
        List.of(
            new Padding.Explicit(1, 0, 0, 1),
            new Padding.Explicit(0, 1, 1, 1),
            Padding.Automatic.SAME_UPPER,
            Padding.Automatic.SAME_LOWER);
    Shape input = new Shape(2, 3, 7, 10);
    int cases = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Padding padding : paddings) {
        Windows window = new Windows(new Size(2, 3), new Size(2, 3), padding, Size.ONE);
        for (Rounding rounding : List.of(Rounding.FLOOR, Rounding.CEIL)) {
          List<LayerSpec> layers =
              List.of(
                  new ConvSpec(3, 4, window, 1, Bias.WITH, PaddingMode.ZEROS),
                  new ConvSpec(3, 3, window, 3, Bias.WITHOUT, PaddingMode.REPLICATE),
                  new MaxPoolSpec(window, rounding),
                  new MaxPoolSpec(window.withDilation(new Size(2, 3)), rounding),
                  new AvgPoolSpec(window, rounding, Divisor.PADDED, OptionalLong.empty()),
                  new AvgPoolSpec(window, rounding, Divisor.UNPADDED, OptionalLong.empty()),
                  new AvgPoolSpec(window, rounding, Divisor.PADDED, OptionalLong.of(7)));
          for (LayerSpec layer : layers) {
            Verification verification =
                Verification.of(
                    Shapes.infer(Graph.of(layer), input), manager, Precision.FLOAT32, 3);
            assertTrue(verification.agrees(), layer + "\n" + verification);
            assertTrue(verification.checks().get(0).isCompared());
            cases++;
          }
        }
      }
    }
    assertEquals(56, cases);
  }

  /** 400 products for each of 331,200 outputs are too many for the loops. */
  @Test
  void aLargeLayerIsComparedAtASampleOfPositions() {
    Verification verification =
        verify(
            "nn.Sequential(nn.Conv2d(16, 24, 3), nn.ReLU(), nn.Conv2d(24, 100, 4))",
            Precision.FLOAT64,
            new Shape(2, 16, 50, 40));
    assertTrue(verification.agrees(), verification.toString());
    assertEquals(
        List.of(false, false, true), verification.checks().stream().map(Check::isSampled).toList());
    assertEquals(10_000, verification.checks().get(2).compared());
    assertTrue(verification.checks().get(2).difference() < 1e-12);
    assertEquals(
        List.of(
            "definition, 10000 of 315000 positions",
            "3 of 3 layers agree, 1 of them at a sample of positions"),
        verification
            .toString()
            .lines()
            .skip(3)
            .map(line -> line.replaceAll(".*(definition.*positions) .*", "$1"))
            .toList());
  }

  /** Every kind of layer, on numbers for which its arguments matter, in each number type. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void everyKindAgreesWithItsDefinition(Precision precision) throws IOException {
    Set<Class<?>> kinds = new HashSet<>();
    List<String> disagreeing = new ArrayList<>();
    for (PyTorchValuesTest.Case c : PyTorchValuesTest.cases()) {
      try (NDManager manager = NDManager.newBaseManager()) {
        Block block = Parsed.block(c.layer(), c.input());
        PyTorchInit.seeded(1).initialize(block, manager, precision, c.input());
        Rule.fill(block);
        Verification verification =
            Verification.of(block, Rule.input(manager, precision, c.input()));
        for (Check check : verification.checks()) {
          kinds.add(check.layer().getClass());
          if (!check.agrees() || !check.isCompared()) {
            disagreeing.add(c.layer() + " " + check);
          }
        }
      }
    }
    assertEquals(List.of(), disagreeing);
    assertTrue(kinds.size() >= 19, kinds.toString());
  }

  /** Numbers so large that float16 has none for them, on both sides. */
  @Test
  void whatIsTooLargeForTheNumberTypeIsInfiniteOnBothSides() {
    Shape shape = new Shape(1, 2, 3, 4);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Parsed.block("Residual(nn.Identity())", shape);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT16, shape);
      NDArray input = manager.full(shape, 40_000, Precision.FLOAT16.dataType());
      assertTrue(Verification.of(block, input).agrees());
    }
  }

  @Test
  void float16RunsOnTheCpu() {
    Verification verification =
        verify(
            "nn.Sequential(nn.Conv2d(3, 4, (3, 2), padding='same', padding_mode='reflect'),"
                + " nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),"
                + " nn.ConvTranspose2d(4, 2, 3, stride=2), nn.AvgPool2d(3, 2, 1),"
                + " nn.Flatten(), nn.LazyLinear(5))",
            Precision.FLOAT16,
            new Shape(2, 3, 9, 12));
    assertTrue(verification.agrees(), verification.toString());
  }

  /** A block that is not the layer's must be found out, by its values or by its shape. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nn.Conv2d(2, 3, 3, padding=1, padding_mode='reflect') | nn.Conv2d(2, 3, 3, padding=1)",
        "nn.Conv2d(2, 3, 3, padding=1, padding_mode='circular')"
            + " | nn.Conv2d(2, 3, 3, padding=1, padding_mode='replicate')",
        "nn.Conv2d(2, 3, (2, 3), padding='same') | nn.Conv2d(2, 3, (2, 3), padding='same_lower')",
        "nn.ConvTranspose2d(2, 3, 2, stride=2, dilation=2) "
            + "| nn.ConvTranspose2d(2, 3, 3, stride=2)",
        "nn.MaxPool2d(3, 1) | nn.AvgPool2d(3, 1)",
        "nn.AvgPool2d(3, 2, 1, count_include_pad=False) | nn.AvgPool2d(3, 2, 1)",
        "nn.AvgPool2d(2, divisor_override=3) | nn.AvgPool2d(2)",
        "nn.AdaptiveAvgPool2d(3) | nn.AdaptiveMaxPool2d(3)",
        "nn.BatchNorm2d(2) | nn.BatchNorm2d(2, eps=0.01)",
        "nn.ReLU() | nn.LeakyReLU()",
        "nn.Conv2d(2, 3, 3, stride=2) | nn.Conv2d(2, 3, 3)",
      })
  void anotherBlockDisagrees(String layer, String other) {
    Shape shape = new Shape(1, 2, 7, 8);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = LayerBlocks.bare(Parsed.layer(other, shape), Precision.FLOAT32);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT32, shape);
      NDArray input = RandomInput.of(manager, Precision.FLOAT32, shape, 2);
      assertTrue(check(other, block, input).agrees());
      assertFalse(check(layer, block, input).agrees());
    }
  }

  /** What a verification finds of a block that is said to be this layer. */
  private static Check check(String layer, Block block, NDArray input) {
    NDArray output = LayerBlocks.forward(block, input);
    Visit visit =
        new Visit(
            "", Parsed.layer(layer, input.getShape()), block, List.of(input), List.of(output));
    return Verifier.checks(visit, Precision.FLOAT32).get(0);
  }

  @Test
  void theTableSaysWhatWasFound() {
    LayerSpec pool = PyTorch.parse("nn.MaxPool2d(2)").layer();
    Check right = new Check("a", pool, new Shape(1, 4), new Shape(1, 4), 4, 1.25e-7, 3e-6);
    Check far = new Check("b", pool, new Shape(1, 4), new Shape(1, 4), 3, 1, 0);
    Check shape = new Check("c", pool, new Shape(1, 4), new Shape(1, 5), 0, 0, 0);
    Check nan = new Check("d", pool, new Shape(2), new Shape(2), 2, Double.NaN, 1);
    Check none = new Check("e", pool, new Shape(1, 4), new Shape(1, 4), 0, 0, 0);
    Check part = new Check("f", pool, new Shape(1, 4), new Shape(1, 4), 3, 0, 0);
    assertFalse(nan.agrees());
    assertEquals(
        """
        path  layer      output  compared with                 difference  tolerance
        a     MaxPool2d     1x4  definition                       1.3e-07    3.0e-06  agrees
        b     MaxPool2d     1x4  definition, 3 of 4 positions     1.0e+00          0  DISAGREES
        c     MaxPool2d     1x5  shape only                                           DISAGREES: expected 1x4
        2 of 3 layers disagree\
        """,
        new Verification(List.of(right, far, shape)).toString());
    assertEquals("2 of 2 layers agree", summary(right, right));
    assertEquals("2 of 2 layers agree, 1 of them at a sample of positions", summary(right, part));
    assertEquals("1 agrees, 2 were not compared: MaxPool2d", summary(right, none, none));
    assertEquals("1 of 2 layers disagrees, 1 was not compared: MaxPool2d", summary(far, none));
    assertTrue(new Verification(List.of(right, none)).agrees());
  }

  private static String summary(Check... checks) {
    return new Verification(List.of(checks)).toString().lines().reduce("", (all, line) -> line);
  }

  /** What is no number on both sides agrees, and so do infinities. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn.Hardshrink()",
        "nn.Softshrink()",
        "nn.GroupNorm(1, 3)",
        "nn.Conv2d(3, 2, 3)",
        "nn.ReLU()",
        "nn.Softmax(1)"
      })
  void notANumberAgreesWithItself(String layer) {
    Shape shape = new Shape(1, 3, 5, 6);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Parsed.block(layer, shape);
      PyTorchInit.seeded(1).initialize(block, manager, Precision.FLOAT32, shape);
      for (float odd : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        NDArray input = RandomInput.of(manager, Precision.FLOAT32, shape, 2);
        input.set(new NDIndex("0, 1, 2, 3"), odd);
        Verification verification = Verification.of(block, input);
        assertTrue(verification.agrees(), verification::toString);
      }
    }
  }

  /** Each of its numbers is that of the whole network. */
  @Test
  void aLargeRecurrentLayerIsNotCompared() {
    Shaped network = Parsed.of("nn.LSTM(256, 256, num_layers=2)", new Shape(130, 1, 256));
    try (NDManager manager = NDManager.newBaseManager()) {
      Verification verification = Verification.of(network, manager, Precision.FLOAT32, 1);
      assertTrue(verification.checks().stream().noneMatch(Check::isCompared));
    }
  }
}
