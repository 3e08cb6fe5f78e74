package io.github.convlens.notation;

import static io.github.convlens.graph.Nets.named;
import static io.github.convlens.graph.Nets.sequential;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers inside layers, in all the ways in which they are written. */
class CompositionsTest {
  private static final LayerSpec RELU = ActivationSpec.of(Function.RELU);
  private static final LayerSpec CONV =
      ConvSpec.of(3, 4, Windows.of(new Size(5, 7)).withPadding(new Size(2, 3)));

  private static Graph read(String text) {
    return PyTorch.parse(text);
  }

  private static List<String> notes(Graph network) {
    return network.notes().stream().map(Note::toString).toList();
  }

  private static Shape output(Graph network, long... input) {
    return Shapes.infer(network, new Shape(input)).output();
  }

  @Test
  void allWaysToWriteASequentialMeanTheSame() {
    Graph expected = sequential(CONV, RELU);
    String conv = "nn.Conv2d(3, 4, (5, 7), padding=(2, 3))";
    assertEquals(expected, read("nn.Sequential(" + conv + ", nn.ReLU())"));
    assertEquals(expected, read("torch.nn.Sequential(" + conv + ", torch.nn.ReLU(),)"));
    assertEquals(expected, read("nn.Sequential(*[" + conv + ", nn.ReLU()])"));
    assertEquals(expected, read(conv + "\nnn.ReLU()"));
    assertEquals(expected, read(conv + ",  # first\r\n\r\nnn.ReLU(),\r\n"));
    assertEquals(expected, read(conv + "; nn.ReLU()"));
    assertEquals(expected, read("Sequential(\n  (0): " + conv + "\n  (1): ReLU()\n)"));
    assertEquals(
        expected, read("nn.Sequential(OrderedDict([('0', " + conv + "), ('1', nn.ReLU())]))"));
    assertEquals(
        expected,
        read(
            "nn.Sequential(collections.OrderedDict(((\"0\", " + conv + "), ('1', nn.ReLU(),),)))"));
  }

  @Test
  void namesComeFromWhereTheyAreWritten() {
    String conv = "nn.Conv2d(3, 4, (5, 7), padding=(2, 3))";
    assertEquals(
        sequential(named("conv", CONV), named("act", RELU)),
        read("nn.Sequential(OrderedDict([('conv', " + conv + "), ('act', nn.ReLU())]))"));
    Graph lines = read("(conv): " + conv + "\n(act): ReLU()");
    Graph assigned = read("import torch.nn as nn\nself.conv = " + conv + "\nself.act = nn.ReLU()");
    Graph expected = Nets.graph(Nets.module("Module", named("conv", CONV), named("act", RELU)));
    for (Graph network : List.of(lines, assigned)) {
      assertEquals(expected.nodes(), network.nodes());
      assertEquals(expected.tree(), network.tree());
      assertEquals(
          List.of(
              "The layers run in the order of their assignments; what forward does besides"
                  + " (flatten, add, functional activations) is not in this text."),
          notes(network));
    }
    assertEquals(Graph.of(CONV), read("model = " + conv));
    assertEquals(Graph.of(CONV), read(">>> print(model)\n" + conv + "\n>>> "));
  }

  @Test
  void branchesAreWrittenAsCallsOrAsPrinted() {
    Graph residual = Nets.graph(Nets.residual(RELU, new IdentitySpec()));
    assertEquals(Nets.graph(Nets.residual(RELU)), read("Residual(nn.ReLU())"));
    assertEquals(residual, read("Residual(nn.ReLU(), nn.Identity())"));
    assertEquals(residual, read("Residual(main=nn.ReLU(), shortcut=nn.Identity())"));
    assertEquals(
        residual, read("convlens.Residual(\n  (main): ReLU()\n  (shortcut): Identity()\n)"));
    Graph concat = Nets.graph(Nets.concat(RELU, CONV));
    assertEquals(concat, read("Concat(nn.ReLU(), nn.Conv2d(3, 4, (5, 7), padding=(2, 3)))"));
    assertEquals(concat, read(concat.toString()));
  }

  @Test
  void productsAndOurOwnPaddingsAreRead() {
    assertEquals(
        Graph.of(new LinearSpec(400, 6, Bias.WITHOUT)),
        read("nn.Linear(16*5*5, 2 * (5 - 2), False)"));
    assertEquals(Graph.of(new LinearSpec(7, 3, Bias.WITH)), read("nn.Linear(+15 // 2, --3)"));
    Padding sides = new Padding.Explicit(1, 2, 3, 4);
    Windows window = Windows.of(new Size(5, 7)).withStride(new Size(2, 3));
    assertEquals(
        Graph.of(ConvSpec.of(3, 4, window.withPadding(sides))),
        read("nn.Conv2d(3, 4, (5, 7), (2, 3), padding=((1, 2), (3, 4)))"));
    assertEquals(
        Graph.of(ConvSpec.of(3, 4, window.withPadding(Padding.Automatic.SAME_LOWER))),
        read("nn.Conv2d(3, 4, (5, 7), (2, 3), padding='same_lower')"));
  }

  @Test
  void anUnknownClassRunsItsChildrenInOrderAndSaysSoOnce() {
    String block = "MyBlock(\n    (conv): Conv2d(3, 3, kernel_size=(1, 1), stride=(1, 1))\n  )";
    Graph parsed = PyTorch.parse("MyNet(\n  (a): " + block + "\n  (b): " + block + "\n)");
    String after =
        " is not a class that is known: its children are taken to run in the order in which they"
            + " are printed. If its forward does anything else, say so in a line, with --recipes"
            + " FILE: ";
    assertEquals(
        List.of(
            "MyNet" + after + "MyNet: a b = b(a(x))",
            "a, b: MyBlock" + after + "MyBlock: conv = conv(x)"),
        notes(parsed));
    assertEquals(24, parsed.parameters());
    assertEquals(parsed, read(parsed.toString()));
  }

  @Test
  void repeatedChildrenAreSpelledOut() {
    LayerSpec linear = new LinearSpec(4, 4, Bias.WITH);
    Nets.Part three =
        Nets.module("ModuleList", named("2", linear), named("3", linear), named("4", linear));
    Graph parsed =
        PyTorch.parse(
            "ModuleList(\n  (2-4): 3 x Linear(in_features=4, out_features=4, bias=True)\n)");
    assertEquals(Nets.graph(three).tree(), parsed.tree());
    assertEquals(3, parsed.modules().size());
    assertEquals(new Shape(5, 4), output(parsed, 5, 4));
    assertEquals(
        List.of(
            "ModuleList has no forward of its own: its children are taken to run in the order in"
                + " which they are printed. If its forward does anything else, say so in a line, with"
                + " --recipes FILE: ModuleList: * = in_order(children, x)"),
        notes(parsed));
  }

  @Test
  void aKnownClassWithOtherChildrenIsReadAsAnUnknownOne() {
    Graph parsed = PyTorch.parse("BasicBlock(\n  (conv1): ReLU()\n)");
    assertEquals(
        List.of(
            "BasicBlock does not have the children of any BasicBlock that is known: its children"
                + " are taken to run in the order in which they are printed. If its forward does"
                + " anything else, say so in a line, with --recipes FILE: BasicBlock: conv1 = conv1(x)"),
        notes(parsed));
  }

  /** A print does not show that forward flattens; a Sequential has no forward to do so. */
  @Test
  void aFlattenIsAssumedInFrontOfALinearOfAClass() {
    String put = " is put in: a print does not show what forward calls as a function.";
    String linear = "Linear(in_features=%d, out_features=3)";
    assertAssumed("Net((a): ReLU() (fc): " + linear + ")", 210, "(flatten): Flatten()" + put);
    assertAssumed("Net((fc): " + linear + ")", 210, "(flatten): Flatten()" + put);
    assertAssumed(
        "Net((a): ReLU() (head): Sequential((0): Dropout(p=0.5) (1): Identity() (2): ReLU() (3): "
            + linear
            + "))",
        210,
        "(flatten): Flatten()" + put);
    assertAssumed(
        "Net((a): ReLU() (head): Head((c): " + linear + "))", 210, "(flatten): Flatten()" + put);
    assertAssumed("Net((a): ReLU() (fc): " + linear + ")", 6, "(flatten): mean([2, 3])" + put);
    // nothing is assumed where the last axis fits
    assertAssumed("Net((a): ReLU() (fc): " + linear + ")", 5);
    // a pool stands in front of the Linear of the Sequential, which is exact
    String pooled = "Net((a): Sequential((0): MaxPool2d(1) (1): " + linear.formatted(210) + "))";
    assertThrows(ShapeException.class, () -> output(read(pooled), 2, 6, 7, 5));
    String neither = "Net((a): ReLU() (fc): " + linear.formatted(8) + ")";
    assertEquals(
        "layer fc, Linear(in_features=8, out_features=3): the input's last axis must be"
            + " in_features.\nin_features is 8 but the last axis is 5, and flattened the input"
            + " [2, 6, 7, 5] has 210 features.\nThe likely cause is what was assumed: Net does not"
            + " have the children of any Net that is known: its children are taken to run in the"
            + " order in which they are printed (or an input of 8x8 to the network).\nIf its"
            + " forward does anything else, say so in a line, with --recipes FILE: Net: a fc ="
            + " fc(a(x))",
        assertThrows(ShapeException.class, () -> output(read(neither), 2, 6, 7, 5)).getMessage());
  }

  private static void assertAssumed(String text, long features, String... expected) {
    Graph network = read(text.formatted(features));
    Shaped shaped = Shapes.infer(network, new Shape(2, 6, 7, 5));
    List<String> assumed =
        shaped.notes().stream()
            .map(Note::toString)
            .filter(note -> note.contains("put in"))
            .filter(note -> !note.contains("class that is known"))
            .toList();
    assertEquals(List.of(expected), assumed, text);
    assertEquals(
        expected.length,
        shaped.graph().nodes().stream()
            .filter(node -> node.origin() == Node.Origin.ASSUMED)
            .count());
    assertEquals(read(shaped.graph().toString()), network); // what is assumed is not printed
  }

  @Test
  void normalisationsStayWhatTheyAre() {
    String batch = "SyncBatchNorm(6, eps=0.001, momentum=0.2)";
    assertEquals(batch, read(batch).toString());
    String instance = "InstanceNorm2d(6, affine=True, track_running_stats=True)";
    assertEquals(instance, read(instance).toString());
  }

  @Test
  void d2lsInceptionPutsReluBehindEveryConvolutionOfItsBranches() {
    String text =
        """
        Inception(
          (b1_1): Conv2d(3, 4, kernel_size=(1, 1), stride=(1, 1))
          (b2_1): Conv2d(3, 5, kernel_size=(1, 1), stride=(1, 1))
          (b2_2): Conv2d(5, 6, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
          (b3_1): Conv2d(3, 2, kernel_size=(1, 1), stride=(1, 1))
          (b3_2): Conv2d(2, 7, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
          (b4_1): MaxPool2d(kernel_size=3, stride=1, padding=1, dilation=1, ceil_mode=False)
          (b4_2): Conv2d(3, 8, kernel_size=(1, 1), stride=(1, 1))
        )\
        """;
    Graph parsed = PyTorch.parse(text);
    assertEquals(
        List.of(
            "Inception has the children of d2l's, and is taken to be that: cat(relu(b1_1(x)), relu(b2_2(relu(b2_1(x)))), relu(b3_2(relu(b3_1(x)))), relu(b4_2(b4_1(x))))."
                + " If yours differs, say what its forward does: --recipes FILE."),
        notes(parsed));
    // 4 + 6 + 7 + 8 channels
    assertEquals(new Shape(2, 25, 9, 11), output(parsed, 2, 3, 9, 11));
    assertEquals(
        new Shape(2, 25, 9, 11), output(read(text.replaceAll("b(?=\\d_)", "p")), 2, 3, 9, 11));
    // each convolution's kernel, channels in times channels out, and bias
    assertEquals(16 + 20 + 276 + 8 + 357 + 32, parsed.parameters());
    assertEquals(parsed, read(parsed.toString()));
  }

  @Test
  void d2lsDenseBlockPutsEveryOutputBehindItsInput() {
    String norm = ", eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n";
    String conv = ", kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n";
    String text =
        "DenseBlock(\n  (net): Sequential(\n    (0): Sequential(\n      (0): BatchNorm2d(3"
            + norm
            + "      (1): ReLU()\n      (2): Conv2d(3, 4"
            + conv
            + "    )\n    (1): Sequential(\n      (0): BatchNorm2d(7"
            + norm
            + "      (1): ReLU()\n      (2): Conv2d(7, 4"
            + conv
            + "    )\n  )\n)";
    Graph parsed = PyTorch.parse(text);
    assertEquals(
        List.of(
            "DenseBlock has the children of d2l's, and is taken to be that: for layer in net: x ="
                + " cat(x, layer(x)). If yours differs, say what its forward does: --recipes FILE."),
        notes(parsed));
    assertEquals(new Shape(2, 11, 5, 6), output(parsed, 2, 3, 5, 6));
    // 2*3, 3*4*9 + 4, 2*7, 7*4*9 + 4
    assertEquals(6 + 112 + 14 + 256, parsed.parameters());
    assertEquals(parsed, read(parsed.toString()));
  }

  @Test
  void mnasnetsBlockAddsItsInputWhereItCan() {
    String text =
        "_InvertedResidual(\n  (layers): Sequential(\n"
            + "    (0): Conv2d(3, 6, kernel_size=(1, 1), stride=(1, 1), bias=False)\n"
            + "    (1): Conv2d(6, 3, kernel_size=(1, 1), stride=(1, 1), bias=False)\n  )\n)";
    assertEquals(
        List.of(
            "Conv2d(3, 6, kernel_size=(1, 1), bias=False)",
            "Conv2d(6, 3, kernel_size=(1, 1), bias=False)",
            "add()"),
        Nets.layers(read(text)));
    Graph strided = read(text.replaceFirst("stride=\\(1, 1\\)", "stride=(2, 1)"));
    assertEquals(
        List.of(
            "Conv2d(3, 6, kernel_size=(1, 1), stride=(2, 1), bias=False)",
            "Conv2d(6, 3, kernel_size=(1, 1), bias=False)"),
        Nets.layers(strided));
  }

  @Test
  void d2lsResidualAddsItsInput() {
    String text =
        """
        Residual(
          (conv1): Conv2d(3, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
          (conv2): Conv2d(6, 6, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
          (conv3): Conv2d(3, 6, kernel_size=(1, 1), stride=(2, 2))
          (bn1): BatchNorm2d(6, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
          (bn2): BatchNorm2d(6, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
        )\
        """;
    Graph parsed = PyTorch.parse(text);
    assertEquals(
        List.of(
            "Residual has the children of d2l's, and is taken to be that: relu(bn2(conv2(relu(bn1(conv1(x))))) + conv3?(x))."
                + " If yours differs, say what its forward does: --recipes FILE."),
        notes(parsed));
    assertEquals(new Shape(4, 6, 3, 4), output(parsed, 4, 3, 6, 7));
    // 3*6*9 + 6, 6*6*9 + 6, 3*6 + 6, twice 12
    assertEquals(168 + 330 + 24 + 24, parsed.parameters());
    assertEquals(parsed, read(parsed.toString()));
  }

  @Test
  void googLeNetsInceptionConcatenatesAndItsConvolutionsHaveAReLU() {
    String conv =
        "BasicConv2d(\n"
            + "(conv): Conv2d(%d, %d, kernel_size=(%d, %d), padding=(%d, %d), bias=False)\n"
            + "(bn): BatchNorm2d(%d)\n"
            + ")";
    String text =
        "Inception(\n(branch1): "
            + conv.formatted(5, 2, 1, 1, 0, 0, 2)
            + "\n(branch2): Sequential(\n(0): "
            + conv.formatted(5, 3, 1, 1, 0, 0, 3)
            + "\n(1): "
            + conv.formatted(3, 4, 3, 3, 1, 1, 4)
            + "\n)\n(branch3): Sequential(\n(0): "
            + conv.formatted(5, 6, 3, 3, 1, 1, 6)
            + "\n"
            + ")\n"
            + "(branch4): Sequential(\n"
            + "(0): MaxPool2d(kernel_size=3, stride=1, padding=1, dilation=1, ceil_mode=True)\n"
            + "(1): "
            + conv.formatted(5, 7, 1, 1, 0, 0, 7)
            + "\n)\n)";
    Graph parsed = PyTorch.parse(text);
    assertEquals(
        List.of(
            "Inception has the children of torchvision.models.googlenet's, and is taken to be that:"
                + " cat(branch1(x), branch2(x), branch3(x), branch4(x)). If yours differs, say what"
                + " its forward does: --recipes FILE."),
        notes(parsed));
    assertEquals(new Shape(1, 2 + 4 + 6 + 7, 8, 9), output(parsed, 1, 5, 8, 9));
    List<Node> nodes = parsed.nodes();
    assertEquals("branch1.(relu)", nodes.get(2).path());
    assertEquals(RELU, nodes.get(2).layer());
    assertEquals(Node.Origin.FUNCTION, nodes.get(2).origin());
    assertEquals(parsed, read(parsed.toString()));
  }

  @Test
  void denseBlocksGrow() {
    String layer =
        "(denselayer%d): _DenseLayer(\n"
            + "(norm1): BatchNorm2d(%d)\n"
            + "(relu1): ReLU(inplace=True)\n"
            + "(conv1): Conv2d(%d, 8, kernel_size=(1, 1), stride=(1, 1), bias=False)\n"
            + "(norm2): BatchNorm2d(8)\n"
            + "(relu2): ReLU(inplace=True)\n"
            + "(conv2): Conv2d(8, 3, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1),"
            + " bias=False)\n"
            + ")\n";
    String block = "_DenseBlock(\n" + layer.formatted(1, 5, 5) + layer.formatted(2, 8, 8) + ")";
    String transition =
        "_Transition(\n(norm): BatchNorm2d(11)\n(relu): ReLU(inplace=True)\n(conv): Conv2d(11, 5,"
            + " kernel_size=(1, 1), stride=(1, 1), bias=False)\n(pool): AvgPool2d(kernel_size=2,"
            + " stride=2, padding=0)\n)";
    Graph parsed = PyTorch.parse("Sequential(\n(0): " + block + "\n(1): " + transition + "\n)");
    assertEquals(2, parsed.notes().size());
    assertTrue(
        parsed.notes().get(0).text().startsWith("_DenseBlock has the children of torchvision"));
    assertEquals(new Shape(1, 11, 6, 9), output(read(block), 1, 5, 6, 9));
    assertEquals(new Shape(1, 5, 3, 4), output(parsed, 1, 5, 6, 9));
    assertEquals(parsed, read(parsed.toString()));
  }

  @Test
  void trainingsBranchesOfGoogLeNetAreLeftOut() {
    StringBuilder text = new StringBuilder("GoogLeNet(\n");
    String names =
        "conv1 maxpool1 conv2 conv3 maxpool2 inception3a inception3b maxpool3 inception4a"
            + " inception4b inception4c inception4d inception4e maxpool4 inception5a inception5b";
    for (String name : names.split(" ")) {
      text.append("(").append(name).append("): ReLU()\n");
    }
    text.append(
            "(aux1): InceptionAux(\n(conv): ReLU()\n(fc1): Linear(in_features=5, out_features=2)\n")
        .append("(fc2): Linear(in_features=2, out_features=2)\n(dropout): Dropout(p=0.7)\n)\n")
        .append("(aux2): None\n(avgpool): AdaptiveAvgPool2d(output_size=(1, 1))\n")
        .append(
            "(dropout): Dropout(p=0.2)\n(fc): Linear(in_features=3, out_features=2, bias=True)\n)");
    Graph parsed = PyTorch.parse(text.toString());
    assertEquals(
        List.of(
            "aux1: InceptionAux is not called in evaluation: it is left out, and so are its parameters,"
                + " which PyTorch counts."),
        notes(parsed));
    Shape input = new Shape(1, 3, 5, 7);
    assertEquals(8, parsed.parameters());
    assertEquals(new Shape(1, 2), Shapes.infer(parsed, input).output());
    assertEquals(
        List.of("aux1.conv", "aux1.fc1", "aux1.fc2", "aux1.dropout"),
        parsed.notCalled().stream().map(module -> module.path()).toList());
  }
}
