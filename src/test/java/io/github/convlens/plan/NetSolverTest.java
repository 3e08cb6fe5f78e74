package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks asked backwards, against PyTorch's answers and against sending every size forwards. */
class NetSolverTest {
  /** nets.tsv of the oracles: found with torchvision 0.29 by trying. */
  @ParameterizedTest
  @CsvSource({
    "alexnet, 63",
    "vgg11, 32",
    "vgg16, 32",
    "squeezenet1_0, 21",
    "resnet18, 1",
    "resnet50, 1",
    "mobilenet_v2, 1"
  })
  void smallestSquares(String name, long square) {
    assertEquals(
        new Smallest(square, Size.square(square)),
        NetSolver.smallest(preset(name), channels(name)));
  }

  @Test
  void smallestPerAxis() {
    LayerSpec wide = parse("Conv2d(2, 3, (3, 5), dilation=(1, 2)), MaxPool2d(2)");
    assertEquals(new Smallest(10, new Size(4, 10)), NetSolver.smallest(wide, 2));
    // The Linear takes 3 x 4 x 4 only: 10 rows make 4, and so do 11.
    LayerSpec fixed = parse("Conv2d(2, 3, 3), MaxPool2d(2), Flatten(), Linear(48, 7)");
    assertEquals(new Smallest(10, Size.square(10)), NetSolver.smallest(fixed, 2));
  }

  @Test
  void everyInputOfSmallNetworksForEveryMap() {
    List<String> networks =
        List.of(
            "Conv2d(2, 3, (3, 5), stride=(2, 3), padding=(1, 0)), MaxPool2d(3, 2, ceil_mode=True)",
            "MaxPool2d(3, 2, ceil_mode=True), MaxPool2d(3, 2, ceil_mode=True)",
            "Residual(Sequential(MaxPool2d(2), Upsample(scale_factor=2)), Identity()), Conv2d(2, 4,"
                + " 3, stride=2)",
            "ConvTranspose2d(2, 5, 3, stride=2), Conv2d(5, 1, 4, padding='same_upper', stride=3)",
            "Conv2d(2, 4, 3, padding=2, padding_mode='reflect'), AvgPool2d(4, 3)");
    int cases = 0;
    for (String text : networks) {
      LayerSpec network = parse(text);
      for (int wanted = 1; wanted <= 9; wanted++) {
        List<Long> heights = new ArrayList<>();
        List<Long> widths = new ArrayList<>();
        for (long n = 1; n <= 60; n++) {
          if (sizes(network, n, 24).height() == wanted) {
            heights.add(n);
          }
          if (sizes(network, 24, n).width() == wanted) {
            widths.add(n);
          }
        }
        Inputs inputs = NetSolver.inputsFor(network, 2, Size.square(wanted), 60);
        assertEquals(SizeRange.of(heights), inputs.height().sizes(), text + " to " + wanted);
        assertEquals(SizeRange.of(widths), inputs.width().sizes(), text + " to " + wanted);
        cases += heights.size() + widths.size();
      }
    }
    assertTrue(cases > 200, "cases: " + cases);
  }

  private static Size sizes(LayerSpec network, long height, long width) {
    try {
      Shape output = network.output(new Shape(1, 2, height, width));
      return new Size(output.get(2), output.get(3));
    } catch (ShapeException e) {
      return Size.ZERO;
    }
  }

  @Test
  void sevenBySeven() {
    Inputs resnet = NetSolver.inputsFor(preset("resnet18"), 3, Size.square(7), 4096);
    assertEquals(List.of(new SizeRange(193, 224)), resnet.height().sizes());
    assertEquals(List.of(new SizeRange(193, 224)), resnet.width().sizes());
    assertTrue(resnet.rejection().isEmpty());
    assertEquals("AdaptiveAvgPool2d", resnet.behind().orElseThrow().layer().type());

    // A 640x480 camera on the same network: rows and columns apart.
    Inputs camera = NetSolver.inputsFor(preset("resnet18"), 3, new Size(15, 20), 4096);
    assertEquals(List.of(new SizeRange(449, 480)), camera.height().sizes());
    assertEquals(List.of(new SizeRange(609, 640)), camera.width().sizes());

    Inputs vgg = NetSolver.inputsFor(preset("vgg16"), 3, Size.square(7), 4096);
    assertEquals(List.of(new SizeRange(224, 255)), vgg.width().sizes());
  }

  @Test
  void aFixedHeadIsReported() {
    LayerSpec lenet = preset("lenet");
    Inputs five = NetSolver.inputsFor(lenet, 1, Size.square(5), 512);
    assertEquals(List.of(new SizeRange(28, 31)), five.height().sizes());
    assertTrue(five.rejection().isEmpty());
    Inputs six = NetSolver.inputsFor(lenet, 1, Size.square(6), 512);
    assertEquals(List.of(new SizeRange(32, 35)), six.height().sizes());
    assertEquals("7", six.rejection().orElseThrow().path().orElseThrow());
    assertThrows(ShapeException.class, six::orThrow);
  }

  @Test
  void aSizeThatCannotBeHadHasNeighbours() {
    LayerSpec doubled = parse("Conv2d(2, 3, 3, padding=1), Upsample(scale_factor=2)");
    Inputs inputs = NetSolver.inputsFor(doubled, 2, new Size(7, 8), 512);
    assertEquals(List.of(new SizeRange(4, 4)), inputs.width().sizes());
    assertEquals(
        """
        height: no input makes 7 at layer 1.
        Next to it, input 3 makes 6 and input 4 makes 8.
        Ask for 6 or 8.""",
        assertThrows(PlanException.class, inputs::orThrow).getMessage());
    Inputs far = NetSolver.inputsFor(doubled, 2, Size.square(2000), 512);
    assertEquals(
        """
        height: no input makes 2000 at layer 1.
        Next to it, input 512 makes 1024.
        Ask for 1024.""",
        assertThrows(PlanException.class, far::orThrow).getMessage());
  }

  /** The in_features that stand in the networks, and what they would have to be elsewhere. */
  @ParameterizedTest
  @CsvSource({
    "lenet, 28, 28, 400, 10",
    "lenet, 32, 28, 480, 10",
    "alexnet, 224, 224, 9216, 1000",
    "alexnet, 500, 300, 9216, 1000",
    "vgg16, 224, 224, 25088, 1000",
    "resnet18, 224, 224, 512, 1000",
    "resnet50, 97, 33, 2048, 1000"
  })
  void features(String name, long height, long width, long inFeatures, long appended) {
    Features features = NetSolver.features(preset(name), channels(name), new Size(height, width));
    assertEquals(inFeatures, features.first().orElseThrow().inFeatures());
    assertEquals(appended, features.appended());
    assertEquals(features.first().orElseThrow().isRight(), features.rejection().isEmpty(), name);
  }

  @Test
  void featuresOfWhatIsNotShown() {
    LayerSpec print =
        parse("Conv2d(3, 8, 5, stride=2), ReLU(), Linear(in_features=1440, out_features=4)");
    Features right = NetSolver.features(print, 3, new Size(23, 39));
    assertEquals(Features.Reading.FLATTENED, right.first().orElseThrow().reading());
    assertEquals("2: in_features=1440", right.first().orElseThrow().toString());
    assertTrue(right.rejection().isEmpty());
    Features wrong = NetSolver.features(print, 3, new Size(25, 39));
    assertEquals("2: in_features=1584, not 1440", wrong.first().orElseThrow().toString());
    assertEquals(new Shape(1, 4), wrong.output());
    assertFalse(wrong.rejection().isEmpty());

    LayerSpec averaged = parse("Conv2d(3, 8, 5), Linear(in_features=8, out_features=4)");
    Features mean = NetSolver.features(averaged, 3, new Size(23, 39));
    assertEquals(Features.Reading.AVERAGED, mean.first().orElseThrow().reading());
    assertTrue(mean.first().orElseThrow().isRight());

    Features none = NetSolver.features(parse("Conv2d(3, 8, 5), MaxPool2d(2)"), 3, new Size(23, 39));
    assertTrue(none.first().isEmpty());
    assertEquals(8 * 9 * 17, none.appended());
  }

  @Test
  void reasonsForNonsense() {
    LayerSpec network = parse("Conv2d(3, 8, 5), MaxPool2d(2)");
    assertEquals(
        "the largest input must be from 1 to 1048576.\nHere it is 0.\nUse the largest input 1.",
        assertThrows(PlanException.class, () -> NetSolver.inputsFor(network, 3, Size.square(7), 0))
            .getMessage());
    PlanException channels =
        assertThrows(PlanException.class, () -> NetSolver.smallest(network, 4));
    assertEquals("no square picture of 4 channels passes the network", channels.rule());
    assertEquals(
        """
        the network makes no map that grows with its input.
        It begins with Flatten.
        Ask for its features instead.""",
        assertThrows(
                PlanException.class,
                () -> NetSolver.inputsFor(parse("Flatten(), Linear(9, 2)"), 1, Size.ONE, 9))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet50", "densenet121", "googlenet"})
  void deepNetworksAnswerInTime(String name) {
    LayerSpec network = preset(name);
    ProcessorTime.assertUnderASecond(
        () -> NetSolver.inputsFor(network, 3, Size.square(7), 1 << 20));
  }

  private static LayerSpec parse(String layers) {
    return PyTorch.parse("Sequential(" + layers + ")").layer();
  }

  private static LayerSpec preset(String name) {
    return PyTorch.parse(Presets.text(name)).layer();
  }

  private static long channels(String name) {
    return Presets.input(name).get(1);
  }
}
