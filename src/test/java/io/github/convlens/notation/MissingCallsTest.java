package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Assumption;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is offered where a Linear does not fit behind a guessed forward. The nets were written as
 * classes with the forward that the last column tells, and run in PyTorch 2.13: it takes the input,
 * and flattens a map of the shape in the third column.
 */
class MissingCallsTest {
  private static final String MOST_LIKELY =
      "A call that the print does not show may be missing: with ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv1=Conv2d(3,6,5); pool=MaxPool2d(2); conv2=Conv2d(6,16,5); fc1=Linear(400,120) | 3x32x32 | 16x5x5 | pool@conv2
          conv1=Conv2d(1,6,3); conv2=Conv2d(6,16,3); fc1=Linear(576,120) | 1x32x32 | 16x6x6 | pool2@conv1 pool2@conv2
          conv1=Conv2d(1,10,5); conv2=Conv2d(10,20,5); conv2_drop=Dropout2d(); fc1=Linear(320,50) | 1x28x28 | 20x4x4 | pool2@conv1 pool2@conv2
          conv1=Conv2d(1,32,3); conv2=Conv2d(32,64,3); dropout1=Dropout(0.25); fc1=Linear(9216,128) | 1x28x28 | 64x12x12 | pool2@conv2
          pool=MaxPool2d(2); conv1=Conv2d(3,6,5); conv2=Conv2d(6,16,5); fc1=Linear(400,120) | 3x32x32 | 16x5x5 | pool@conv1 pool@conv2
          conv1=Conv2d(3,32,3,padding=1); bn1=BatchNorm2d(32); conv2=Conv2d(32,64,3,padding=1); bn2=BatchNorm2d(64); pool=MaxPool2d(2); fc1=Linear(4096,9) | 3x32x32 | 64x8x8 | pool@bn1
          conv1=Conv2d(3,32,3); conv2=Conv2d(32,32,3); conv3=Conv2d(32,64,3); conv4=Conv2d(64,64,3); fc1=Linear(1600,9) | 3x32x32 | 64x5x5 | pool2@conv2 pool2@conv4
          conv1=Conv2d(3,8,3,padding=1); conv2=Conv2d(8,8,3,padding=1); flatten=Flatten(); drop=Dropout(); fc1=Linear(32,9) | 3x8x8 | 8x2x2 | pool2@conv1 pool2@conv2
          conv1=Conv1d(2,8,5); conv2=Conv1d(8,16,5); fc1=Linear(464,9) | 2x128 | 16x29 | pool2@conv1 pool2@conv2
          conv1=Conv3d(1,4,3,padding=1); conv2=Conv3d(4,8,3,padding=1); pool=MaxPool3d(2); fc1=Linear(512,9) | 1x16x16x16 | 8x4x4x4 | pool@conv1
          conv1=Conv2d(3,6,5); conv2=Conv2d(6,16,5); pool=AvgPool2d(2); flatten=Flatten(); fc1=Linear(400,9) | 3x32x32 | 16x5x5 | pool@conv1
          conv1=Conv2d(3,10,3); pool1=MaxPool2d(2); conv2=Conv2d(10,20,3); pool2=MaxPool2d(3,2); conv3=Conv2d(20,30,3); fc=Linear(270,4) | 3x48x48 | 30x3x3 | pool2@conv3
          conv1=Conv2d(3,4,3,padding=1); pool2=MaxPool2d(5); conv2=Conv2d(4,8,3,padding=1); fc=Linear(72,4) | 3x30x30 | 8x3x3 | pool2s2@conv2
          layer1=Sequential(Conv2d(3,16,3), ReLU()); layer2=Sequential(Conv2d(16,32,3), ReLU()); pool=MaxPool2d(2); fc=Sequential(Linear(41472,9)) | 3x150x150 | 32x36x36 | pool@layer1
          """)
  void thePoolsThatForwardCalls(String net, String size, String map, String calls) {
    Graph graph = PyTorch.parse(net.replace("; ", "\n"));
    Shape input = InputSize.parse("1x" + size).shapeFor(graph);
    String message =
        assertThrows(ShapeException.class, () -> Shapes.infer(graph, input)).getMessage();
    String options = "--assume " + calls.replace(" ", " --assume ");
    assertTrue(message.contains(MOST_LIKELY), message);
    assertTrue(message.contains("\nUse " + options + " (or an input of "), message);
    assertTrue(message.contains(" is given " + map.replace("x", " x ") + " = "), message);

    List<Assumption> assumptions = Arrays.stream(calls.split(" ")).map(Assumption::parse).toList();
    Shaped shaped = Shapes.infer(Assumption.put(graph, assumptions), input);
    assertEquals(map, before(shaped));
    assertEquals(graph.parameters(), shaped.graph().parameters());
  }

  /** Its forward is {@code self.fc(self.pool(self.pool(self.conv(x))).flatten(1))}. */
  @Test
  void aPoolThatRunsTwiceInARow() {
    Graph graph =
        PyTorch.parse("conv=Conv2d(3,8,3,padding=1)\npool=MaxPool2d(2)\nfc=Linear(768,9)");
    assertEquals(
        """
        layer fc, Linear(in_features=768, out_features=9): the input's last axis must be in_features.
        in_features is 768 but the last axis is 24, and flattened the input [1, 8, 16, 24] has 3072 \
        features.
        A call that the print does not show may be missing: with pool once more behind conv the Linear \
        is given 8 x 8 x 12 = 768 features.
        Use --assume pool@conv.\
        """,
        assertThrows(ShapeException.class, () -> Shapes.infer(graph, new Shape(1, 3, 32, 48)))
            .getMessage());
  }

  /** The last map in front of the first Linear. */
  private static String before(Shaped shaped) {
    Shape last = shaped.input();
    for (Node node : shaped.graph().nodes()) {
      if (node.layer() instanceof LinearSpec) {
        break;
      }
      Shape output = shaped.shapes().get(shaped.graph().nodes().indexOf(node)).get(0);
      last = output.dimension() > 2 ? output : last;
    }
    return ShapeText.crossed(last.slice(1));
  }

  @Test
  void theMessageNamesAllThatFits() {
    Graph net =
        PyTorch.parse(
            "Net((a): Conv2d(3, 8, 3, padding=1) (b): Conv2d(8, 8, 3, padding=1) (fc): Linear(128,"
                + " 10))");
    assertEquals(
        """
        layer fc, Linear(in_features=128, out_features=10): the input's last axis must be in_features.
        in_features is 128 but the last axis is 8, and flattened the input [1, 8, 8, 8] has 512 features.
        A call that the print does not show may be missing: with MaxPool2d(kernel_size=2) behind b, or a, the Linear is given 8 x 4 x 4 = 128 features.
        Use --assume pool2@b (or an input of 4x4 to the network).\
        """,
        message(net, new Shape(1, 3, 8, 8)));
  }

  /** Behind any one of four convolutions: the last three are named. */
  @Test
  void threePlacesAreNamed() {
    Graph net =
        PyTorch.parse(
            "Net((a): Conv2d(3, 8, 3, padding=1) (b): Conv2d(8, 8, 3, padding=1) (c): Conv2d(8, 8,"
                + " 3, padding=1) (d): Conv2d(8, 8, 3, padding=1) (fc): Linear(128, 10))");
    assertEquals(
        """
        layer fc, Linear(in_features=128, out_features=10): the input's last axis must be in_features.
        in_features is 128 but the last axis is 8, and flattened the input [1, 8, 8, 8] has 512 features.
        A call that the print does not show may be missing: with MaxPool2d(kernel_size=2) behind d, or c, or b, the Linear is given 8 x 4 x 4 = 128 features.
        Use --assume pool2@d (or an input of 4x4 to the network).\
        """,
        message(net, new Shape(1, 3, 8, 8)));
  }

  /**
   * With a pool the map would be 8 wide, and PyTorch's Linear would take it row by row: no forward
   * that flattens gives it 8 features.
   */
  @Test
  void aMapThatIsAsWideByChanceIsNoFit() {
    Graph net = PyTorch.parse("Net((conv): Conv2d(3, 4, 3, padding=1) (fc): Linear(8, 7))");
    assertEquals(
        """
        layer fc, Linear(in_features=8, out_features=7): the input's last axis must be in_features.
        in_features is 8 but the last axis is 16, and flattened the input [1, 4, 16, 16] has 1024 features.
        The likely cause is what was assumed: Net does not have the children of any Net that is known: its children are taken to run in the order in which they are printed (or an input of 8x8 to the network).
        If its forward does anything else, say so in a line, with --recipes FILE: Net: conv fc = fc(conv(x))\
        """,
        message(net, new Shape(1, 3, 16, 16)));
  }

  /** A pool behind the convolution goes over two axes, and not over three. */
  @Test
  void noCallIsSoughtWhereAxesAreSplit() {
    Graph net =
        PyTorch.parse(
            "Net((conv): Conv2d(3, 4, 3, padding=1) (split): Unflatten(1, (2, 2)) (flatten):"
                + " Flatten() (fc): Linear(64, 7))");
    assertEquals(
        """
        layer fc, Linear(in_features=64, out_features=7): the input's last axis must be in_features.
        in_features is 64 but the last axis is 256: [1, 256].
        The likely cause is what was assumed: Net does not have the children of any Net that is known: its children are taken to run in the order in which they are printed (or an input of 4x4 to the network).
        If its forward does anything else, say so in a line, with --recipes FILE: Net: conv split flatten fc = fc(flatten(split(conv(x))))\
        """,
        message(net, new Shape(1, 3, 8, 8)));
  }

  /** An adaptive pool would make 6x6 of the 2x2 that there are, and nobody enlarges with one. */
  @Test
  void noPoolIsSoughtWhereTheMapIsTooSmall() {
    Graph net = PyTorch.parse("Net((conv): Conv2d(3, 4, 3) (fc): Linear(144, 7))");
    assertEquals(
        """
        layer fc, Linear(in_features=144, out_features=7): the input's last axis must be in_features.
        in_features is 144 but the last axis is 2, and flattened the input [1, 4, 2, 2] has 16 features.
        The likely cause is what was assumed: Net does not have the children of any Net that is known: its children are taken to run in the order in which they are printed (or an input of 8x8 to the network).
        If its forward does anything else, say so in a line, with --recipes FILE: Net: conv fc = fc(conv(x))\
        """,
        message(net, new Shape(1, 3, 4, 4)));
  }

  /** PyTorch: mat1 and mat2 shapes cannot be multiplied (2x256 and 64x7). */
  @Test
  void noMeanIsAssumedBehindAPool() {
    Graph net =
        PyTorch.parse(
            "Net((conv): Conv2d(3, 64, 3, 4, 1) (avg_pool): AvgPool2d(8) (fc): Linear(64, 7))");
    assertEquals(
        """
        layer fc, Linear(in_features=64, out_features=7): the input's last axis must be in_features.
        in_features is 64 but the last axis is 2, and flattened the input [2, 64, 2, 2] has 256 features.
        A call that the print does not show may be missing: with mean([2, 3]) behind avg_pool the Linear is given 64 features.
        Use --assume mean@avg_pool (or an input of 29x29 to the network).\
        """,
        message(net, new Shape(2, 3, 64, 64)));
  }

  /** A picture as wide as it has channels: PyTorch's forward with a mean gives (1, 10). */
  @Test
  void aMeanIsAssumedWhereTheWidthFitsByChance() {
    Graph net = PyTorch.parse("Net((conv): Conv2d(3, 32, 3, 1, 1) (fc): Linear(32, 10))");
    Shaped shaped = Shapes.infer(net, new Shape(1, 3, 32, 32));
    assertEquals(new Shape(1, 10), shaped.output());
    assertEquals(
        "(flatten): mean([2, 3]) is put in: a print does not show what forward calls as a function.",
        shaped.notes().get(1).toString());
  }

  @Test
  void exactTextsAreNotGuessedAt() {
    Graph net =
        PyTorch.parse(
            "Sequential(Conv2d(3, 8, 3, padding=1), Flatten(), Linear(in_features=128,"
                + " out_features=10))");
    assertEquals(List.of(), net.guessed());
    assertEquals(
        """
        layer 2, Linear(in_features=128, out_features=10): the input's last axis must be in_features.
        in_features is 128 but the last axis is 512: [1, 512].
        Use in_features=512, or an input of 128 features (or an input of 4x4 to the network).\
        """,
        message(net, new Shape(1, 3, 8, 8)));
    assertEquals(
        "nothing is guessed in these layers: they run as they are written. Write the missing one"
            + " where it runs, or leave the option out.",
        refusal(net, "pool2@0"));
  }

  @Test
  void callsRunInTheOrderInWhichTheyAreGiven() {
    Graph net = PyTorch.parse("Net((conv): Conv2d(3, 4, 3) (act): ReLU())");
    Graph put =
        Assumption.put(
            net,
            List.of(
                Assumption.parse("pool3s2p1@conv"),
                Assumption.parse("avg2@conv"),
                Assumption.parse("act@conv"),
                Assumption.parse("adaptive2@act"),
                Assumption.parse("flatten@act")));
    Shaped shaped = Shapes.infer(put, new Shape(1, 3, 18, 18));
    assertEquals(
        List.of(
            "conv",
            "(pool3s2p1@conv)",
            "(avg2@conv)",
            "act",
            "act",
            "(adaptive2@act)",
            "(flatten@act)"),
        shaped.graph().nodes().stream().map(Node::path).toList());
    assertEquals(new Shape(1, 16), shaped.output());
    assertEquals(
        List.of(
            "conv: act is put in once more behind it: a print does not show when and how often"
                + " forward calls a layer.",
            "(pool3s2p1@conv): MaxPool2d(kernel_size=3, stride=2, padding=1) is put in: a print does"
                + " not show what forward calls as a function.",
            "(avg2@conv): AvgPool2d(kernel_size=2) is put in: a print does not show what forward"
                + " calls as a function.",
            "(adaptive2@act): AdaptiveAvgPool2d(output_size=2) is put in: a print does not show what"
                + " forward calls as a function.",
            "(flatten@act): Flatten() is put in: a print does not show what forward calls as a"
                + " function."),
        shaped.notes().stream().skip(1).map(Note::toString).toList());
  }

  @Test
  void placesAndCallsThatAreNotThereAreRefused() {
    Graph net = PyTorch.parse("Net((features): Sequential(Conv2d(3, 4, 3), ReLU()) (act): ReLU())");
    assertEquals(
        "'features.0' is not a place where forward may call more than the print shows. The places"
            + " are features, act.",
        refusal(net, "pool2@features.0"));
    for (String call : List.of("pool", "pool2p1", "poolx", "mean2", "adaptive", "max2")) {
      assertEquals(
          "'"
              + call
              + "' is neither a layer of this print, which runs again, nor a call that is known. Use"
              + " pool2 (max_pool2d(x, 2); pool3s2p1 has kernel 3, stride 2, padding 1), avg2,"
              + " adaptive6, mean, flatten.",
          refusal(net, call + "@act"));
    }
    for (String text : List.of("pool2", "@act", "pool2@")) {
      assertEquals(
          "'" + text + "' is not of the form CALL@PATH, such as pool2@conv2.",
          assertThrows(IllegalArgumentException.class, () -> Assumption.parse(text)).getMessage());
    }
  }

  /** The class around a block that is nothing but a Sequential. */
  @Test
  void theClassWhoseForwardIsKnownIsNamed() {
    Graph net =
        PyTorch.parse(
            """
            Sequential(
              (0): BasicBlock(
                (conv1): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1), bias=False)
                (bn1): BatchNorm2d(4)
                (relu): ReLU(inplace=True)
                (conv2): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1), bias=False)
                (bn2): BatchNorm2d(4)
              )
            )\
            """);
    assertEquals(
        "nothing is guessed in these layers: a known recipe says what forward of BasicBlock does. If"
            + " yours does something else, say so with --recipes FILE; else leave the option out.",
        refusal(net, "pool2@0"));
  }

  /** A pool is declared in front of what learns, to run later, only where it is printed there. */
  @Test
  void aPoolThatIsPrintedLaterRunsThereToo() {
    Graph net =
        PyTorch.parse(
            "Net((act): ReLU() (conv1): Conv2d(3, 4, 3) (conv2): Conv2d(4, 8, 3) (pool):"
                + " MaxPool2d(2) (fc): Linear(8, 2))");
    Graph put = Assumption.put(net, List.of(Assumption.parse("pool@conv1")));
    assertEquals(
        List.of("act", "conv1", "pool", "conv2", "pool", "(flatten)", "fc"),
        put.nodes().stream().map(Node::path).toList());
  }

  private static String refusal(Graph net, String assumption) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> Assumption.put(net, List.of(Assumption.parse(assumption))))
        .getMessage();
  }

  private static String message(Graph net, Shape input) {
    return assertThrows(ShapeException.class, () -> Shapes.infer(net, input)).getMessage();
  }
}
