package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ProductSpec;
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
        new NetSolver.Smallest(square, Size.square(square)),
        NetSolver.smallest(preset(name), Presets.input(name)));
  }

  @Test
  void smallestPerAxis() {
    Graph wide = parse("Conv2d(2, 3, (3, 5), dilation=(1, 2)), MaxPool2d(2)");
    assertEquals(new NetSolver.Smallest(10, new Size(4, 10)), NetSolver.smallest(wide, like(2)));
    // The Linear takes 3 x 4 x 4 only: 10 rows make 4, and so do 11.
    Graph fixed = parse("Conv2d(2, 3, 3), MaxPool2d(2), Flatten(), Linear(48, 7)");
    assertEquals(new NetSolver.Smallest(10, Size.square(10)), NetSolver.smallest(fixed, like(2)));
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
            "Conv2d(2, 4, 3, padding=2, padding_mode='reflect'), AvgPool2d(4, 3)",
            "Conv2d(2, 4, 3), Concat(Conv2d(4, 2, 5, stride=2, padding=2), MaxPool2d(3, 2, 1)),"
                + " Conv2d(6, 4, 3), AdaptiveAvgPool2d(1), Flatten(), Linear(4, 9)");
    int cases = 0;
    for (String text : networks) {
      Graph network = parse(text);
      Graph map = parse(text.replace(", AdaptiveAvgPool2d(1), Flatten(), Linear(4, 9)", ""));
      for (int wanted = 1; wanted <= 9; wanted++) {
        List<Long> heights = new ArrayList<>();
        List<Long> widths = new ArrayList<>();
        for (long n = 1; n <= 60; n++) {
          if (sizes(map, n, 24).height() == wanted) {
            heights.add(n);
          }
          if (sizes(map, 24, n).width() == wanted) {
            widths.add(n);
          }
        }
        if (heights.isEmpty() || widths.isEmpty()) {
          Size size = Size.square(wanted);
          assertThrows(
              PlanException.class, () -> NetSolver.inputsFor(network, like(2), size, 60), text);
        } else {
          Inputs inputs = NetSolver.inputsFor(network, like(2), Size.square(wanted), 60);
          assertEquals(SizeRange.of(heights), inputs.on(Axis.HEIGHT), text + " to " + wanted);
          assertEquals(SizeRange.of(widths), inputs.on(Axis.WIDTH), text + " to " + wanted);
          assertTrue(inputs.rejection().isEmpty());
          cases += heights.size() + widths.size();
        }
      }
    }
    assertTrue(cases > 200, "cases: " + cases);
  }

  private static Size sizes(Graph network, long height, long width) {
    try {
      Shape output = Shapes.infer(network, new Shape(1, 2, height, width)).output();
      return new Size(output.get(2), output.get(3));
    } catch (ShapeException e) {
      return Size.ZERO;
    }
  }

  @Test
  void sevenBySeven() {
    Inputs resnet = inputsFor("resnet18", Size.square(7));
    assertEquals(List.of(new SizeRange(193, 224)), resnet.on(Axis.HEIGHT));
    assertEquals(List.of(new SizeRange(193, 224)), resnet.on(Axis.WIDTH));
    assertTrue(resnet.rejection().isEmpty());
    assertTrue(resnet.path().startsWith("layer4.1"), resnet.path());

    // A 640x480 camera on the same network: rows and columns apart.
    Inputs camera = inputsFor("resnet18", new Size(15, 20));
    assertEquals(List.of(new SizeRange(449, 480)), camera.on(Axis.HEIGHT));
    assertEquals(List.of(new SizeRange(609, 640)), camera.on(Axis.WIDTH));

    assertEquals(
        List.of(new SizeRange(224, 255)), inputsFor("vgg16", Size.square(7)).on(Axis.WIDTH));
  }

  @Test
  void aFixedHeadIsReported() {
    Inputs five = inputsFor("lenet", Size.square(5));
    assertEquals(List.of(new SizeRange(28, 31)), five.on(Axis.HEIGHT));
    assertTrue(five.rejection().isEmpty());
    Inputs six = inputsFor("lenet", Size.square(6));
    assertEquals(List.of(new SizeRange(32, 35)), six.on(Axis.HEIGHT));
    assertEquals("7", six.rejection().orElseThrow().path().orElseThrow());
    // No square input passes this one, since 3 x 2 x 4 is no square's.
    Graph wide = parse("Conv2d(2, 3, 3), MaxPool2d(2), Flatten(), Linear(24, 7)");
    Inputs rectangle = NetSolver.inputsFor(wide, like(2), new Size(2, 4), 99);
    assertEquals(List.of(new SizeRange(6, 7)), rectangle.on(Axis.HEIGHT));
    assertEquals(List.of(new SizeRange(10, 11)), rectangle.on(Axis.WIDTH));
    assertTrue(rectangle.rejection().isEmpty());
  }

  @Test
  void sequencesAndVolumes() {
    Graph sequence = parse("Conv1d(2, 3, 5, stride=2), AdaptiveAvgPool1d(1)");
    Inputs seven = NetSolver.inputsFor(sequence, new Shape(1, 2, 1), new Size(7), 99);
    assertEquals(List.of(new SizeRange(17, 18)), seven.on(Axis.LENGTH));
    Graph volume = parse("Conv3d(2, 3, (1, 2, 3)), MaxPool3d((1, 2, 3))");
    Shape like = new Shape(1, 2, 1, 1, 1);
    Inputs small = NetSolver.inputsFor(volume, like, new Size(3, 4, 5), 99);
    assertEquals(List.of(new SizeRange(3, 3)), small.on(Axis.DEPTH));
    assertEquals(List.of(new SizeRange(9, 10)), small.on(Axis.HEIGHT));
    assertEquals(List.of(new SizeRange(17, 19)), small.on(Axis.WIDTH));
    assertEquals(new NetSolver.Smallest(5, new Size(1, 3, 5)), NetSolver.smallest(volume, like));
    PlanException e =
        assertThrows(
            PlanException.class, () -> NetSolver.inputsFor(volume, like, Size.square(3), 99));
    assertEquals(
        """
        the wanted map must have a size for each axis.
        It is 3x3, and the network's input has 3 axes: [1, 2, 1, 1, 1].
        Use one size for each of them.""",
        e.getMessage());
  }

  @Test
  void aSizeThatCannotBeHadHasNeighbours() {
    Graph doubled = parse("Conv2d(2, 3, 3, padding=1), Upsample(scale_factor=2)");
    assertEquals(
        """
        height: no input makes 7 at layer 1.
        Next to it, input 3 makes 6 and input 4 makes 8.
        Ask for 6 or 8.""",
        refused(() -> NetSolver.inputsFor(doubled, like(2), new Size(7, 8), 512)));
    assertEquals(
        """
        height: no input up to 512 makes 2000 at layer 1.
        That is as far as was searched; input 512 makes 1024.
        Search farther, with --max-input 2048, or ask for at most 1024.""",
        refused(() -> NetSolver.inputsFor(doubled, like(2), Size.square(2000), 512)));
    assertEquals(
        """
        height: no input makes 1 at layer 0.
        No input up to 5 passes the layers up to there.
        Allow larger inputs.""",
        refused(() -> NetSolver.inputsFor(parse("Conv2d(2, 3, 7)"), like(2), Size.ONE, 5)));
  }

  private static String refused(Runnable request) {
    return assertThrows(PlanException.class, request::run).getMessage();
  }

  /** The in_features that stand in the networks, and what they would have to be elsewhere. */
  @ParameterizedTest
  @CsvSource({
    "lenet, 28, 28, 7: in_features=400, 10",
    "lenet, 32, 28, '7: in_features=480, not 400', 10",
    "alexnet, 224, 224, classifier.1: in_features=9216, 1000",
    "alexnet, 500, 300, classifier.1: in_features=9216, 1000",
    "vgg16, 224, 224, classifier.0: in_features=25088, 1000",
    "resnet18, 224, 224, fc: in_features=512, 1000",
    "resnet50, 97, 33, fc: in_features=2048, 1000"
  })
  void features(String name, long height, long width, String linear, long appended) {
    Shape input = new Shape(1, Presets.input(name).get(1), height, width);
    Features features = NetSolver.features(preset(name), input);
    assertEquals(List.of(linear), features.linears().stream().map(each -> each + "").toList());
    assertEquals(appended, features.appended());
  }

  /** A class whose forward is not known: its flatten is assumed, and a note says so. */
  @Test
  void featuresOfWhatIsNotShown() {
    Graph print =
        PyTorch.parse(
            "Net(\n  (a): Conv2d(3, 8, 5, stride=2)\n  (b): ReLU()\n  (drop): Dropout(0.5)\n"
                + "  (c): Linear(in_features=1440, out_features=4)\n)");
    Features right = NetSolver.features(print, new Shape(1, 3, 23, 39));
    assertEquals("[c: in_features=1440]", right.linears().toString());
    assertTrue(right.linears().get(0).isRight());
    Features wrong = NetSolver.features(print, new Shape(1, 3, 25, 39));
    assertEquals("[c: in_features=1584, not 1440]", wrong.linears().toString());
    assertEquals(4, wrong.appended());
    for (Features each : List.of(right, wrong)) {
      assertTrue(each.notes().toString().contains("is put in"), each.notes().toString());
    }

    Graph averaged =
        PyTorch.parse(
            "Net(\n  (a): Conv2d(3, 8, 5)\n  (c): Linear(in_features=8, out_features=4)\n)");
    Features mean = NetSolver.features(averaged, new Shape(1, 3, 23, 39));
    assertEquals("[c: in_features=8]", mean.linears().toString());

    Features none =
        NetSolver.features(parse("Conv2d(3, 8, 5), MaxPool2d(2)"), new Shape(1, 3, 23, 39));
    assertTrue(none.linears().isEmpty());
    assertEquals(8 * 9 * 17, none.appended());
  }

  /** PyTorch 2.13: mat1 and mat2 shapes cannot be multiplied (77x18 and 1440x4). */
  @Test
  void aSequentialThatForgotItsFlattenIsRefused() {
    Graph sequential = parse("Conv2d(3, 8, 5, stride=2), Linear(1440, 4)");
    ShapeException e =
        assertThrows(
            ShapeException.class, () -> NetSolver.features(sequential, new Shape(1, 3, 23, 39)));
    assertEquals("1", e.path().orElseThrow());
    assertTrue(e.getMessage().contains("Use a Flatten and in_features=1440"), e.getMessage());
    // The last axis as it is: PyTorch takes it.
    Graph columns = parse("Conv2d(3, 8, 5, stride=2), Linear(18, 4)");
    Features features = NetSolver.features(columns, new Shape(1, 3, 23, 39));
    assertEquals("[1: in_features=18]", features.linears().toString());
    assertEquals(8 * 10 * 4, features.appended());
  }

  /** Gates in front of the map are right as they stand; both heads behind it are not. */
  @Test
  void featuresOfEveryHead() {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge map = builder.call(module("conv", "Conv2d(2, 6, 3)"), x);
    Edge pooled = builder.call(module("pool", "AdaptiveAvgPool2d(1)"), map);
    Edge flat = builder.call(module("flat", "Flatten()"), pooled);
    Edge gate = builder.call(module("gate", "Linear(6, 6)"), flat);
    Edge back = builder.call(module("back", "Unflatten(1, (6, 1, 1))"), gate);
    Edge gated = builder.apply("", new ProductSpec(), List.of(map, back));
    Edge after = builder.call(module("after", "Conv2d(6, 6, 3)"), gated);
    Edge flatAgain = builder.call(module("end", "Flatten()"), after);
    Edge one = builder.call(module("one", "Linear(100, 5)"), flatAgain);
    Edge other = builder.call(module("other", "Linear(200, 7)"), flatAgain);
    LinearSpec last = new LinearSpec(5, 3, Bias.WITH);
    Edge end = builder.call(new Module("last", last), one);
    Graph network = builder.build(List.of(end, other), new Tree("Net", "", List.of()));
    assertEquals(
        "[one: in_features=336, not 100, other: in_features=336, not 200]",
        NetSolver.features(network, new Shape(1, 2, 11, 12)).linears().toString());
    Inputs inputs = NetSolver.inputsFor(network, like(2), new Size(7, 8), 99);
    assertEquals("after", inputs.path());
    assertEquals(
        List.of(List.of(new SizeRange(11, 11)), List.of(new SizeRange(12, 12))), inputs.sizes());
    // The one behind a head is a mistake of the network's own: nothing is put right.
    Graph broken = network.map(layer -> layer == last ? new LinearSpec(4, 3, Bias.WITH) : layer);
    ShapeException e =
        assertThrows(
            ShapeException.class, () -> NetSolver.features(broken, new Shape(1, 2, 11, 12)));
    assertEquals("last", e.path().orElseThrow());
  }

  private static Module module(String path, String layer) {
    return new Module(path, PyTorch.parse(layer).layer());
  }

  @Test
  void reasonsForNonsense() {
    Graph network = parse("Conv2d(3, 8, 5), MaxPool2d(2)");
    assertEquals(
        "the largest input must be from 1 to 1048576.\nHere it is 0.\nUse the largest input 1.",
        refused(() -> NetSolver.inputsFor(network, like(3), Size.square(7), 0)));
    PlanException channels =
        assertThrows(PlanException.class, () -> NetSolver.smallest(network, like(4)));
    assertEquals("no input with equal sides and 4 channels passes the network", channels.rule());
    PlanException noMap =
        assertThrows(
            PlanException.class,
            () -> NetSolver.inputsFor(parse("Flatten(), Linear(9, 2)"), like(1), Size.ONE, 9));
    assertEquals("the network makes no map that grows with its input", noMap.rule());
    assertEquals(
        """
        the network's input must have spatial axes.
        It is [1, 9].
        Ask about a network that takes (batch, channels, ...).""",
        refused(() -> NetSolver.smallest(parse("Linear(9, 2)"), new Shape(1, 9))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet50", "densenet121", "googlenet"})
  void deepNetworksAnswerInTime(String name) {
    Graph network = preset(name);
    ProcessorTime.assertUnderASecond(
        () -> NetSolver.inputsFor(network, like(3), Size.square(7), 1 << 20));
  }

  private static Inputs inputsFor(String name, Size wanted) {
    return NetSolver.inputsFor(preset(name), Presets.input(name), wanted, 4096);
  }

  private static Shape like(long channels) {
    return new Shape(1, channels, 1, 1);
  }

  private static Graph parse(String layers) {
    return PyTorch.parse("Sequential(" + layers + ")");
  }

  private static Graph preset(String name) {
    return PyTorch.parse(Presets.text(name));
  }
}
